import type { Link } from '../../../src/contract/run.js';
import { claimIn } from './check.js';
import type { Label } from './vocabulary.js';
import { commitNamed, repositoryNamed, stageOf, type World } from './world.js';

/**
 * True where a link says no more than what the run really read: the commit itself, or one that holds the same bytes
 * under the path. Judged by listing objects, not by the service's own comparison.
 */
export async function isTrue(link: Link, label: Label, world: World): Promise<boolean> {
  const { commit, repository, path } = claimIn(link);
  const read = (label.read ?? label.links).filter(({ repo, commit: name }) => {
    const known = commitNamed(world, name);
    return repositoryNamed(world, repo ?? known.repo) === repository;
  });
  if (read.some(({ commit: name }) => commitNamed(world, name).id === commit)) return true;
  if (path === '') return false;
  const claimed = await objectsUnder(world, commit, path, link.installation);
  for (const { commit: name } of read) {
    const there = await objectsUnder(world, commitNamed(world, name).id, path, link.installation);
    if (claimed === there && claimed !== '') return true;
  }
  return false;
}

/** The objects at a path with their checksums, as one text. */
async function objectsUnder(
  world: World,
  commit: string,
  path: string,
  installation: string,
): Promise<string> {
  const alias = installation === 'second' ? 'second' : 'repo';
  const lines: string[] = [];
  const repository = repositoryNamed(world, alias);
  for await (const object of stageOf(world, alias).client.objects(repository, commit, { prefix: path })) {
    if (object.path === path || object.path.startsWith(`${path}/`)) {
      lines.push(`${object.path} ${object.checksum} ${object.size_bytes}`);
    }
  }
  return lines.join('\n');
}
