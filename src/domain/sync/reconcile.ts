import type { RunView } from '../../contract/run.js';
import { chooseCatalogRun } from '../catalog/plan.js';

/** The parts of a commit that a walk through history needs. */
export interface HistoryCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** Unix seconds; callers may set it to anything, so no decision uses it. Undefined where it was not read. */
  readonly creation_date?: number;
}

/** Where a walk ends. */
export interface WalkEnds {
  /**
   * True for a commit whose whole history is in the catalog or below the horizon, or which is in the history of such
   * a commit.
   */
  readonly isSettled: (commit: string) => boolean;
  /** True for a commit that belongs to the walk, while all before it is below the horizon. */
  readonly isEdge: (commit: string) => boolean;
}

export interface Walk {
  /** Commits above everything that is settled, as far as they are known; parents before children. */
  readonly found: readonly HistoryCommit[];
  /** Settled commits at which the walk stopped. */
  readonly stops: readonly string[];
  /** Commits that have to be read before the walk can go on; empty where it is done. */
  readonly unread: readonly string[];
}

/** Walks from a head through first parents and the other sides of merges. A settled head finds nothing. */
export function walkHistory(
  head: string,
  known: ReadonlyMap<string, HistoryCommit>,
  { isSettled, isEdge }: WalkEnds,
): Walk {
  const found: HistoryCommit[] = [];
  const stops: string[] = [];
  const unread: string[] = [];
  const seen = new Set<string>();
  // Two visits per commit, on a stack of our own: a history of 10,000 commits is too deep for recursion.
  const stack: { readonly id: string; readonly done?: HistoryCommit }[] = [{ id: head }];
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    if (visit.done !== undefined) {
      found.push(visit.done);
      continue;
    }
    if (seen.has(visit.id)) continue;
    seen.add(visit.id);
    const commit = known.get(visit.id);
    if (isSettled(visit.id)) stops.push(visit.id);
    else if (isEdge(visit.id)) found.push({ ...commit, id: visit.id, parents: [] });
    else if (commit === undefined) unread.push(visit.id);
    else {
      stack.push({ id: commit.id, done: commit });
      for (const id of [...commit.parents].reverse()) stack.push({ id });
    }
  }
  return { found, stops, unread };
}

/**
 * For the commits on the first-parent line of a head, the branch of that head: the first of several. It labels what was
 * committed on the branch, not what was merged in.
 */
export function firstParentLabels(
  heads: readonly { readonly branch: string; readonly head: string }[],
  commits: ReadonlyMap<string, HistoryCommit>,
): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const { branch, head } of heads) {
    for (let commit = commits.get(head); commit !== undefined && !labels.has(commit.id); ) {
      labels.set(commit.id, branch);
      commit = commits.get(commit.parents[0] ?? '');
    }
  }
  return labels;
}

/**
 * What the catalog holds of a commit. `hidden`: a person deleted its run. `unfinished`: there is one, but it is not
 * complete, has doubles, or stands for a repository that is gone.
 */
export type EntryState = 'finished' | 'hidden' | 'unfinished' | 'absent';

/** `found`: the runs of the catalog experiment under the commit's id, deleted ones included. */
export function entryState(found: readonly RunView[]): EntryState {
  const { run, hidden, doubles } = chooseCatalogRun(found);
  if (hidden) return 'hidden';
  if (run === undefined) return 'absent';
  const whole = run.terminal && doubles.length === 0 && !run.tags.isGone;
  return whole ? 'finished' : 'unfinished';
}

export interface HeadPlan {
  /** Commits that need a job, oldest first. */
  readonly missing: readonly string[];
  /** True where the head may be marked `lakefs.history = complete`. */
  readonly complete: boolean;
}

/** A head is complete once every commit of its walk has a finished entry, or one that a person deleted. */
export function planHead(found: readonly HistoryCommit[], stateOf: (commit: string) => EntryState): HeadPlan {
  const missing = found.map(({ id }) => id).filter((id) => !isThere(stateOf(id)));
  return { missing, complete: missing.length === 0 };
}

function isThere(state: EntryState): boolean {
  return state === 'finished' || state === 'hidden';
}

/** How branches have moved since the last check. */
export interface Moves {
  readonly made: readonly string[];
  readonly moved: readonly string[];
  readonly deleted: readonly string[];
}

/** Both by name of the branch: the commit that it pointed to. */
export function compareHeads(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): Moves {
  const names = [...now.keys()];
  return {
    made: names.filter((name) => !before.has(name)),
    moved: names.filter((name) => before.has(name) && before.get(name) !== now.get(name)),
    deleted: [...before.keys()].filter((name) => !now.has(name)),
  };
}

/** A job for a commit takes about this long, in ms, while many wait. */
const perCommitMs = 100;
const longestWaitMs = 5 * 60_000;

/** How long, in ms, the catalog is not asked again about a head for which so many commits were queued. */
export function waitForMissing(missing: number): number {
  return Math.min(missing * perCommitMs, longestWaitMs);
}
