import { isNotFound } from '../../../src/lakefs/errors.js';
import { waitFor } from '../../support/servers/process.js';
import type { Step } from './vocabulary.js';
import { commitNamed, fillIn, repositoryNamed, stageOf, type World } from './world.js';

/** Carries out a step that concerns lakeFS; answers false for any other. */
export async function playLakefsStep(step: Step, world: World): Promise<boolean> {
  if (step.do === 'look') return false;
  const alias = step.repo ?? 'repo';
  const { client } = stageOf(world, alias);
  const repo = world.repositories.get(alias) ?? '';
  const ref = (text: string): string => refOf(text, world);
  switch (step.do) {
    case 'repository':
      await createRepository(world, alias);
      return true;
    case 'deleteRepository':
      await client.deleteRepository(repo);
      // A real lakeFS remembers a repository for some seconds.
      await waitFor('the repository to be gone', () =>
        client.getRepository(repo).then(() => false, isNotFound),
      );
      return true;
    case 'stage':
      await upload(world, alias, step.on ?? 'main', step.files);
      return true;
    case 'commit':
      await upload(world, alias, step.on ?? 'main', step.files);
      named(world, step.name, alias, step.on, await commitStaged(world, alias, step));
      return true;
    case 'branch':
      await client.createBranch(repo, { name: step.name, source: ref(step.from) });
      return true;
    case 'deleteBranch':
      await client.deleteBranch(repo, step.name);
      return true;
    case 'tag':
      await client.createTag(repo, { id: step.name, ref: ref(step.to) });
      return true;
    case 'moveTag':
      await deleteTag(world, alias, step.name);
      await client.createTag(repo, { id: step.name, ref: ref(step.to) });
      return true;
    case 'merge': {
      const into = step.into ?? 'main';
      const request = step.squash === true ? { squash_merge: true } : {};
      named(world, step.name, alias, into, await client.merge(repo, ref(step.from), into, request));
      return true;
    }
    case 'revert': {
      const on = step.on ?? 'main';
      await client.revert(repo, on, { ref: ref(step.ref), parent_number: step.parent ?? 1 });
      named(world, step.name, alias, on, (await client.getBranch(repo, on)).commit_id);
      return true;
    }
    case 'cherryPick': {
      const on = step.on ?? 'main';
      named(world, step.name, alias, on, (await client.cherryPick(repo, on, { ref: ref(step.ref) })).id);
      return true;
    }
    case 'hardReset':
      await client.hardReset(repo, step.on ?? 'main', ref(step.to));
      return true;
    default:
      return false;
  }
}

/** A repository made again needs a place of its own in the storage. */
export async function createRepository(world: World, alias: string): Promise<void> {
  const name = repositoryNamed(world, alias);
  await stageOf(world, alias).client.createRepository({
    name,
    storage_namespace: `local://${name}-${world.clock}`,
  });
}

async function upload(
  world: World,
  alias: string,
  branch: string,
  files: Readonly<Record<string, string | null>>,
): Promise<void> {
  const { client } = stageOf(world, alias);
  const repo = repositoryNamed(world, alias);
  for (const [path, content] of Object.entries(files)) {
    if (content === null) await client.deleteObject(repo, branch, path);
    else await client.uploadObject(repo, branch, path, content);
  }
}

async function commitStaged(
  world: World,
  alias: string,
  step: Extract<Step, { do: 'commit' }>,
): Promise<string> {
  const metadata = Object.entries(step.metadata ?? {}).map(([key, value]) => [key, fillIn(value, world)]);
  const made = await stageOf(world, alias).client.commit(repositoryNamed(world, alias), step.on ?? 'main', {
    message: `Commit ${step.name}`,
    date: Math.floor(world.clock / 1_000),
    ...(step.metadata === undefined ? {} : { metadata: Object.fromEntries(metadata) }),
    ...(step.empty === true ? { allow_empty: true } : {}),
  });
  return made.id;
}

function named(world: World, name: string, repo: string, branch = 'main', id: string): void {
  world.commits.set(name, { repo, branch, id });
}

/** A commit's name stands for its id; else the text is a ref as lakeFS knows it. */
function refOf(text: string, world: World): string {
  return world.commits.has(text) ? commitNamed(world, text).id : fillIn(text, world);
}

/** The service never deletes a tag, so that its client cannot. */
async function deleteTag(world: World, alias: string, tag: string): Promise<void> {
  const { endpoint, accessKeyId, secretAccessKey } = stageOf(world, alias).address;
  const answer = await fetch(`${endpoint}/api/v1/repositories/${repositoryNamed(world, alias)}/tags/${tag}`, {
    method: 'DELETE',
    headers: { authorization: `Basic ${btoa(`${accessKeyId}:${secretAccessKey}`)}` },
  });
  if (!answer.ok) throw new Error(`lakeFS answered ${answer.status} when tag ${tag} was deleted`);
}
