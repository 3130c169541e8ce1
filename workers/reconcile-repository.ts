import { CatalogError } from '../src/domain/catalog/error.js';
import { catalogExperiment } from '../src/domain/catalog/experiment.js';
import { matches } from '../src/domain/common/globs.js';
import { lakefsRepositoryPage } from '../src/domain/common/links-to.js';
import { count } from '../src/domain/common/text.js';
import { compareHeads } from '../src/domain/sync/reconcile.js';
import { readCatalogHistory } from '../src/facts/catalog/history.js';
import { createHistoryWalk } from '../src/facts/commits/history-walk.js';
import { readWatchedHeads } from '../src/facts/commits/watched.js';
import type { InstallationAccess } from '../src/facts/links/access.js';
import type { ServerFacts } from '../src/facts/links/server.js';
import { LakefsError } from '../src/lakefs/errors.js';
import type { LakefsRepository } from '../src/lakefs/types.js';
import type { Cause, JobContext, JobOutcome, JobPayloads, Queues } from '../src/queue/types.js';
import type { Log } from '../src/telemetry/log.js';
import {
  judgeHeads,
  markedComplete,
  readEntries,
  type WalkedHead,
  type Walks,
  walkHeads,
} from './reconcile/heads.js';
import { horizonOf } from './reconcile/horizon.js';
import { describeMissing, describeMoves, named, summaryOf } from './reconcile/log.js';
import { followSilentMoves, queueCommits, queueMissing } from './reconcile/missing.js';
import {
  distinctHeads,
  type MissingCommit,
  type Pass,
  placesOf,
  type Queued,
  type ReconcileMemory,
  repositoryKey,
} from './reconcile/pass.js';
import { recheck } from './reconcile/recheck.js';
import { catalogExperimentId } from './register/catalog.js';

export interface ReconcileDependencies {
  /** Undefined where no such installation is configured. */
  readonly installation: (
    name: string,
  ) => { readonly access: InstallationAccess; readonly facts: ServerFacts } | undefined;
  readonly queues: Pick<Queues, 'addMany' | 'hasFailed' | 'counts'>;
  readonly memory: ReconcileMemory;
  /** Where people reach us, without a closing slash. */
  readonly publicUrl: string;
  /** Unix ms. */
  readonly now: () => number;
  readonly log: Log;
}

type Payload = JobPayloads['reconcile-repository'];

/**
 * Looks for commits of one repository that the catalog lacks, whatever events were lost, and queues them. Writes only
 * what nobody else writes: the horizon, and `lakefs.history = complete` on the entries of branch heads.
 *
 * Costs two requests to lakeFS for up to 1,000 branches and one per further 1,000, however long the history is; a head
 * that has moved since the last look costs a few more to each server.
 */
export async function reconcileRepository(
  payload: Payload,
  context: JobContext,
  dependencies: ReconcileDependencies,
): Promise<JobOutcome> {
  const log: string[] = [];
  const tell = async (line: string): Promise<void> => {
    log.push(line);
    await context.log(line);
  };
  return { ...(await lookAt(payload, { ...context, log: tell }, dependencies)), log };
}

async function lookAt(
  payload: Payload,
  context: JobContext,
  dependencies: ReconcileDependencies,
): Promise<JobOutcome> {
  const known = dependencies.installation(payload.installation);
  if (known === undefined) throw unknownInstallation(payload);
  const { access } = known;
  const { repository } = payload;
  if (!matches(access.settings.repositories, repository)) {
    return { summary: `ignored: repository "${repository}" is not watched (setting REPOSITORIES)` };
  }
  const links = { lakefs: lakefsRepositoryPage(access.settings.lakefs.publicUrl, repository) };
  try {
    const there = await readRepository(access, repository);
    const experimentId = await findCatalog(there, known, payload, dependencies);
    if (experimentId === undefined) {
      return { summary: `paused: ${dependencies.memory.paused.get(repositoryKey(payload))}`, links };
    }
    const { watched, whole } = await readWatchedHeads(access, repository, there.default_branch);
    if (!whole) return { summary: goneText(repository), links };
    // What is remembered came from the marks.
    if (payload.recheck === true) dependencies.memory.forget(repositoryKey(payload));
    const pass = await begin({ there, heads: watched, experimentId, known }, payload, context, dependencies);
    return { ...(await (payload.recheck === true ? recheck(pass) : look(pass))), links };
  } catch (error) {
    if (!isGone(error) || !(await isRepositoryGone(access, repository))) throw error;
    return { summary: goneText(repository), links };
  }
}

function goneText(repository: string): string {
  return `lakeFS no longer has a repository "${repository}": there is nothing to do`;
}

function readRepository({ lakefs }: InstallationAccess, repository: string): Promise<LakefsRepository> {
  return lakefs.getRepository(repository);
}

/** The catalog experiment; undefined where a person has put it away: then this repository pauses, and no other. */
async function findCatalog(
  there: LakefsRepository,
  { access, facts }: { readonly access: InstallationAccess; readonly facts: ServerFacts },
  payload: Payload,
  { memory, publicUrl, log }: ReconcileDependencies,
): Promise<string | undefined> {
  const { name: installation, catalog, lakefs } = access.settings;
  const { repository } = payload;
  const key = repositoryKey(payload);
  const place = { installation, catalog, repository, lakefsUrl: lakefs.publicUrl, publicUrl };
  try {
    const id = await catalogExperimentId(facts, catalogExperiment(place, there.creation_date));
    if (memory.paused.delete(key)) log.info({ installation, repository }, 'the repository is followed again');
    return id;
  } catch (error) {
    if (!(error instanceof CatalogError) || error.failure.kind !== 'permanent') throw error;
    if (!memory.paused.has(key)) {
      log.warn({ installation, repository, why: error.message }, 'the repository is paused');
    }
    memory.paused.set(key, error.message);
    // What a person changes in the catalog until it is back is not known.
    memory.forget(key);
    return undefined;
  }
}

async function begin(
  found: {
    readonly there: LakefsRepository;
    readonly heads: ReadonlyMap<string, string>;
    readonly experimentId: string;
    readonly known: { readonly access: InstallationAccess; readonly facts: ServerFacts };
  },
  payload: Payload,
  context: JobContext,
  { memory: reconcileMemory, queues, now }: ReconcileDependencies,
): Promise<Pass> {
  const { there, heads, experimentId, known } = found;
  const { mlflow } = known.facts.access;
  const graph = known.facts.sources.lakefs(payload.installation)?.graph;
  if (graph === undefined) throw unknownInstallation(payload);
  const key = repositoryKey(payload);
  const last = reconcileMemory.heads.get(key);
  const before = last?.created === there.creation_date ? last.byBranch : heads;
  const moves = compareHeads(before, heads);
  for (const line of describeMoves(moves)) await context.log(line);
  await context.progress(10);
  const queue = (commits: readonly MissingCommit[], cause: Cause): Promise<Queued> =>
    queueCommits(commits, { payload, queues, context, cause });
  let memory = reconcileMemory.get(key, there.creation_date);
  if (memory === undefined) {
    const { complete, unfinished } = await readCatalogHistory(mlflow, experimentId);
    memory = reconcileMemory.remember(key, there.creation_date, complete);
    if (unfinished.length > 0) {
      const { queued } = await queue(
        unfinished.map((commit) => ({ commit })),
        'reconcile',
      );
      await context.log(`unfinished: ${unfinished.length} entries, ${queued} of them queued`);
    }
  }
  return {
    ...{
      key,
      payload,
      there,
      access: known.access,
      facts: known.facts,
      history: createHistoryWalk(graph, payload.repository, context.signal),
      queues,
      reconcileMemory,
      heads,
      before,
      moves,
      queue,
    },
    ...{ memory, mlflow, experimentId, context, now },
  };
}

/** Walks from every head that is not known to be settled, and queues what the catalog lacks. */
async function look(pass: Pass): Promise<JobOutcome> {
  const { memory, heads, context, payload, access } = pass;
  const edge = await horizonOf(pass);
  const ends = {
    isSettled: (commit: string): boolean => memory.complete.has(commit) || memory.settled.has(commit),
    isEdge: (commit: string): boolean => edge.has(commit),
  };
  const settledBefore = new Set([...heads.values()].filter(ends.isSettled));
  const open = distinctHeads(pass, edge).filter(({ head }) => !ends.isSettled(head));
  const due = open.filter(({ head }) => (memory.waits.get(head) ?? 0) <= pass.now());
  const walk = (): Promise<Walks> =>
    walkHeads(
      due,
      pass.history,
      ends,
      placesOf(pass, edge, (commit) => ends.isSettled(commit) || ends.isEdge(commit)),
    );
  let walks = await walk();
  // Where the repository is gone all heads are: this throws.
  if (walks.unreadable > 0) await readRepository(access, payload.repository);
  await context.progress(30);
  const entries = await readEntries(walks.walked, pass);
  const learned = markedComplete(entries).filter((commit) => !memory.complete.has(commit));
  for (const commit of learned) memory.complete.add(commit);
  if (learned.length > 0) walks = await walk();
  if (due[0]?.branch === pass.there.default_branch) memory.anchor = walks.stop ?? memory.anchor;
  await context.progress(40);
  const { missing, completed } = await judgeHeads(walks.walked, entries, pass);
  const { queued, failed } = await queueMissing(missing, pass);
  if (missing.length > 0) await context.log(describeMissing(missing));
  for (const [branch, head] of heads) if (ends.isSettled(head)) memory.places.set(branch, head);
  for (const branch of memory.places.keys()) if (!heads.has(branch)) memory.places.delete(branch);
  const lost = await lostBranches(pass, walks.walked);
  if (lost.length > 0) await context.log(`commits may have been lost with these branches: ${named(lost)}`);
  const followed = await followSilentMoves(pass, lost, (head) => settledBefore.has(head));
  if (followed.length > 0) await context.log(`${count(followed.length, 'consumed commit')} to be rechecked`);
  // Last, so that a look that is tried again sees the same moves.
  pass.reconcileMemory.heads.set(pass.key, { created: pass.there.creation_date, byBranch: heads });
  const commits = new Set(walks.walked.flatMap(({ found }) => found.map(({ id }) => id))).size;
  const counts = {
    ...{ branches: heads.size, looked: walks.walked.length, commits, queued, failed, completed },
    ...{ waiting: open.length - due.length, unreadable: walks.unreadable, lost: lost.length },
  };
  return { summary: summaryOf(counts), counts };
}

/**
 * Branches that were deleted, or moved to where their former head is not in the history: no event tells of either. A
 * branch that went on from where it was costs nothing, another one a request.
 */
async function lostBranches(
  { before, heads, moves, history }: Pass,
  walked: readonly WalkedHead[],
): Promise<readonly string[]> {
  const lost = [...moves.deleted];
  for (const branch of moves.moved) {
    const from = before.get(branch) ?? '';
    const to = heads.get(branch) ?? '';
    const found = walked.find(({ head }) => head === to)?.found ?? [];
    const wentOn = found.some(({ parents }) => parents.includes(from)) || (await history.holds(to, from));
    if (!wentOn) lost.push(branch);
  }
  return lost;
}

/** 410: lakeFS is deleting the repository. */
function isGone(error: unknown): boolean {
  return error instanceof LakefsError && (error.status === 404 || error.status === 410);
}

async function isRepositoryGone(access: InstallationAccess, repository: string): Promise<boolean> {
  try {
    await readRepository(access, repository);
    return false;
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

function unknownInstallation({ installation }: Payload): CatalogError {
  return new CatalogError(
    'permanent',
    `no installation "${installation}" is configured: add it to the settings`,
  );
}
