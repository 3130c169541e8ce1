import { matches } from '../src/domain/common/globs.js';
import { lakefsRepositoryPage } from '../src/domain/common/links-to.js';
import { count } from '../src/domain/common/text.js';
import { waitForMissing } from '../src/domain/sync/reconcile.js';
import { readWatchedHeads } from '../src/facts/commits/watched.js';
import type { InstallationAccess } from '../src/facts/links/access.js';
import { LakefsError } from '../src/lakefs/errors.js';
import type { LakefsRepository } from '../src/lakefs/types.js';
import type { JobContext, JobOutcome, JobPayloads } from '../src/queue/types.js';
import {
  beginPass,
  findCatalog,
  type ReconcileDependencies,
  unknownInstallation,
} from './reconcile/begin.js';
import {
  type Decided,
  decideHeads,
  diffMarks,
  type Entries,
  type HeadMark,
  markedComplete,
  markHeads,
  readEntries,
  type WalkedHead,
  type Walks,
  walkHeads,
} from './reconcile/heads.js';
import { horizonOf } from './reconcile/horizon.js';
import { describeMissing, named, summaryOf } from './reconcile/log.js';
import { followSilentMoves, queueMissing } from './reconcile/missing.js';
import { distinctHeads, type Pass, placesOf, repositoryKey } from './reconcile/pass.js';
import { recheck } from './reconcile/recheck.js';

type Payload = JobPayloads['reconcile-repository'];

/**
 * Finds commits of one repository that the catalog lacks, whatever events were lost, and queues them. Writes only
 * what nobody else writes: the horizon, and `lakefs.history = complete` on the entries of branch heads.
 *
 * Costs two requests to lakeFS for up to 1,000 branches and one per further 1,000, however long the history is; a head
 * that has moved since the last check costs a few more to each server.
 */
export async function reconcileRepository(
  payload: Payload,
  context: JobContext,
  dependencies: ReconcileDependencies,
): Promise<JobOutcome> {
  const log: string[] = [];
  const logLine = async (line: string): Promise<void> => {
    log.push(line);
    await context.log(line);
  };
  return { ...(await reconcile(payload, { ...context, log: logLine }, dependencies)), log };
}

async function reconcile(
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
    const pass = await beginPass(
      { there, heads: watched, experimentId, known },
      payload,
      context,
      dependencies,
    );
    return { ...(await (payload.recheck === true ? recheck(pass) : reconcileHeads(pass))), links };
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

/** Compares the history of every head that is not known to be settled with the catalog, and queues what that lacks. */
async function reconcileHeads(pass: Pass): Promise<JobOutcome> {
  const history = await read(pass);
  const decided = decideHeads(history.walks.walked, history.entries);
  const difference = diff(decided, history);
  return apply(difference, history, pass);
}

interface ReadHistory {
  readonly walks: Walks;
  readonly entries: Entries;
  /** True for a head that needed nothing before this check. */
  readonly wasSettled: (head: string) => boolean;
  readonly isSettled: (head: string) => boolean;
  /** Heads whose commits were queued before, and are not due yet. */
  readonly waiting: number;
}

/** Walks back from each head that is due, and reads what the catalog holds of that. */
async function read(pass: Pass): Promise<ReadHistory> {
  const { memory, heads, context, payload, access } = pass;
  const edge = await horizonOf(pass);
  const ends = {
    isSettled: (commit: string): boolean => memory.complete.has(commit) || memory.settled.has(commit),
    isEdge: (commit: string): boolean => edge.has(commit),
  };
  const settledBefore = new Set([...heads.values()].filter(ends.isSettled));
  const open = distinctHeads(pass, edge).filter(({ head }) => !ends.isSettled(head));
  const due = open.filter(({ head }) => (memory.waits.get(head) ?? 0) <= pass.now());
  const isEnd = (commit: string): boolean => ends.isSettled(commit) || ends.isEdge(commit);
  const walk = (): Promise<Walks> => walkHeads(due, pass.history, ends, placesOf(pass, edge, isEnd));
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
  const { isSettled } = ends;
  const wasSettled = (head: string): boolean => settledBefore.has(head);
  return { walks, entries, isSettled, wasSettled, waiting: open.length - due.length };
}

interface Difference extends Decided {
  readonly marks: readonly HeadMark[];
}

/** What the catalog lacks, and which heads it does not show as complete yet. */
function diff(decided: Decided, { entries }: ReadHistory): Difference {
  return { ...decided, marks: diffMarks(decided.complete, entries) };
}

async function apply(
  { missing, incomplete, marks }: Difference,
  { walks, isSettled, wasSettled, waiting }: ReadHistory,
  pass: Pass,
): Promise<JobOutcome> {
  const { memory, heads, context } = pass;
  for (const { head, lacks } of incomplete) memory.waits.set(head, pass.now() + waitForMissing(lacks));
  await markHeads(marks, pass);
  const { queued, failed } = await queueMissing(missing, pass);
  if (missing.length > 0) await context.log(describeMissing(missing));
  for (const [branch, head] of heads) if (isSettled(head)) memory.places.set(branch, head);
  for (const branch of memory.places.keys()) if (!heads.has(branch)) memory.places.delete(branch);
  const lost = await lostBranches(pass, walks.walked);
  if (lost.length > 0) await context.log(`commits may have been lost with these branches: ${named(lost)}`);
  const followed = await followSilentMoves(pass, lost, wasSettled);
  if (followed.length > 0) await context.log(`${count(followed.length, 'consumed commit')} to be rechecked`);
  // Last, so that a check that is tried again sees the same moves.
  pass.reconcileMemory.heads.set(pass.key, { created: pass.there.creation_date, byBranch: heads });
  const commits = new Set(walks.walked.flatMap(({ found }) => found.map(({ id }) => id))).size;
  const counts = {
    ...{ branches: heads.size, looked: walks.walked.length, commits, queued, failed },
    ...{ completed: marks.length, waiting, unreadable: walks.unreadable, lost: lost.length },
  };
  return { summary: summaryOf(counts), counts };
}

/**
 * Branches that were deleted, or moved to where their former head is not in the history: no event reports either. A
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
