import { randomBytes } from 'node:crypto';
import type { Installation } from '../../../src/config/types.js';
import { readLinksTag } from '../../../src/contract/links-tag.js';
import type { NewJob } from '../../../src/queue/types.js';
import { createRuntime, type Done, type Runtime } from '../../support/jobs/runtime.js';
import { checkRun, claimIn, claimOf, statusOf } from './check.js';
import { type Part, partsOf } from './parts.js';
import { begin, createWorld, playParts } from './play.js';
import { readTags, type TagsByRun } from './read-tags.js';
import type { Scored } from './score.js';
import { sendTo } from './send.js';
import { isTrue } from './truth.js';
import { type Case, type Labels, nothing } from './vocabulary.js';
import type { Stages, World } from './world.js';

/** What became of all cases. */
export interface Outcome {
  /** By name of the case: what is not as labelled. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
  readonly scored: readonly Scored[];
  /** Links called certain that name other bytes than those that were read. */
  readonly wrongCertain: readonly string[];
  readonly failedJobs: readonly string[];
  /** What further sweeps still found to do. */
  readonly restless: readonly string[];
}

interface Played {
  readonly world: World;
  readonly parts: readonly Part[];
}

/** Plays all cases side by side and lets the service's own jobs, on one queue, come to rest after each part. */
export async function playCorpus(
  cases: readonly Case[],
  stages: Stages,
  mlflowUrl: string,
): Promise<Outcome> {
  const prefix = `corpus-${randomBytes(3).toString('hex')}`;
  const played: readonly Played[] = cases.map((entry, index) => ({
    world: createWorld(entry, `${prefix}-${String(index).padStart(3, '0')}`, stages, prefix),
    parts: partsOf(entry),
  }));
  const runtime = runtimeFor(stages, mlflowUrl, prefix, played);
  const send = sendTo(mlflowUrl);
  const problems = new Map<string, string[]>(cases.map(({ name }) => [name, []]));
  const scored: Scored[] = [];
  const wrongCertain: string[] = [];
  const failedJobs: string[] = [];
  for (const { world } of played) await begin(world);
  const rounds = Math.max(...played.map(({ parts }) => parts.length));
  for (let round = 0; round < rounds; round += 1) {
    const now = played.filter(({ parts }) => round < parts.length);
    const known = new Map(now.map(({ world }) => [world, new Set(world.commits.keys())]));
    await playParts(
      now.map(({ world, parts }) => [world, parts[round]?.steps ?? []] as const),
      send,
    );
    // The commits of the first round are found by the runs that read them.
    if (round > 0) for (const { world } of now) tellEvents(runtime, world, known.get(world) ?? new Set());
    failedJobs.push(...failures(await settle(runtime)));
    const tags = await readTags(runtime.mlflow, played);
    for (const { world, parts } of now) {
      const last = round === parts.length - 1;
      const labels = parts[round]?.expect ?? {};
      const found = await check(world, labels, tags, last ? [...world.runs.keys()] : Object.keys(labels));
      const when = last ? '' : `at look ${round + 1}: `;
      problems.get(world.entry.name)?.push(...found.problems.map((text) => when + text));
      if (!last) continue;
      scored.push(...found.scored);
      wrongCertain.push(...found.wrongCertain);
    }
  }
  const restless = (await settle(runtime))
    .filter(({ job }) => job.name !== 'sweep-runs')
    .map(({ job }) => tell(job));
  return { problems, scored, wrongCertain, failedJobs, restless };
}

function runtimeFor(stages: Stages, mlflowUrl: string, prefix: string, played: readonly Played[]): Runtime {
  const shared = { repositories: [`${prefix}-*`], catalog: `catalog-${prefix}` };
  // A case that is looked at once is judged by its runs alone: its commits need no entries in the catalog.
  const followed = played.filter(({ parts }) => parts.length > 1);
  const inCatalog = new Set(followed.flatMap(({ world }) => [...world.repositories.values()]));
  return createRuntime(stages.default.address, mlflowUrl, {
    installation: { ...shared, experiments: [`${prefix}/*`], lakefs: withHosts(stages) },
    also: {
      lakefs: stages.second.address,
      installation: { ...shared, name: 'second', experiments: [`second-${prefix}/*`] },
    },
    wanted: ({ payload }) => !('repository' in payload) || inCatalog.has(payload.repository),
  });
}

/** Further names of the server, as a company gives them. */
function withHosts(stages: Stages): Installation['lakefs'] {
  const { address } = stages.default;
  const { endpoint, accessKeyId, secretAccessKey } = address;
  return {
    ...{ endpoint, accessKeyId, secretAccessKey, publicUrl: endpoint },
    hosts: ['lakefs.company.example'],
    s3Domains: ['s3.company.example'],
  };
}

/** The events of new commits, as lakeFS's hooks send them. */
function tellEvents(runtime: Runtime, world: World, known: ReadonlySet<string>): void {
  for (const [name, { repo, id, branch }] of world.commits) {
    if (known.has(name)) continue;
    const repository = world.repositories.get(repo) ?? '';
    const installation = repo === 'second' ? 'second' : 'default';
    runtime.add({
      name: 'register-commit',
      payload: { v: 1, installation, repository, commit: id, branch },
      cause: 'hook',
    });
  }
}

/** A process that has just started looks at all runs, those of yesterday too. */
async function settle(runtime: Runtime): Promise<readonly Done[]> {
  runtime.restart();
  return [...(await runtime.sweep()), ...(await runtime.sweep())];
}

function failures(done: readonly Done[]): readonly string[] {
  return done.flatMap(({ job, error }) => (error === undefined ? [] : [`${tell(job)}: ${String(error)}`]));
}

function tell({ name, payload }: NewJob): string {
  return `${name} ${JSON.stringify(payload)}`;
}

async function check(world: World, labels: Labels, tagsOf: TagsByRun, names: readonly string[]) {
  const problems: string[] = [];
  const scored: Scored[] = [];
  const wrongCertain: string[] = [];
  for (const name of names) {
    const run = world.runs.get(name);
    const label = labels[name] ?? nothing;
    const tags = tagsOf.get(run?.id ?? '');
    if (run === undefined || tags === undefined) throw new Error(`"${world.entry.name}" has no run ${name}`);
    problems.push(...checkRun(tags, run, label, world).map((text) => `run ${name}: ${text}`));
    if (run.deleted || label.cut === true) continue;
    const { links } = readLinksTag(tags);
    const status = tags.get('lakefs.status') ?? 'none';
    scored.push({
      run: run.id,
      wanted: label.links.map((link) => claimOf(link, world)),
      found: links.map(claimIn),
      wantedStatus: label.anyStatus === true ? status : (statusOf(label) ?? 'none'),
      foundStatus: status,
    });
    for (const link of links) {
      if (!link.certain || (await isTrue(link, label, world))) continue;
      wrongCertain.push(`"${world.entry.name}", run ${name}: ${link.kind} ${link.commit} ${link.path}`);
    }
  }
  return { problems, scored, wrongCertain };
}
