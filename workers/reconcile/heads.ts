import type { RunView } from '../../src/contract/run.js';
import { ourTag } from '../../src/contract/tags.js';
import { completeHistory } from '../../src/contract/words.js';
import { chooseCatalogRun } from '../../src/domain/catalog/plan.js';
import {
  type EntryState,
  entryState,
  firstParentLabels,
  type HistoryCommit,
  planHead,
  type WalkEnds,
} from '../../src/domain/sync/reconcile.js';
import { catalogRunsOf } from '../../src/facts/catalog/history.js';
import type { HistoryWalk, KnownPlaces } from '../../src/facts/commits/history-walk.js';
import { LakefsInconsistentError } from '../../src/facts/common/or-absent.js';
import { LakefsError } from '../../src/lakefs/errors.js';
import { isNotActive } from '../../src/mlflow/api-error.js';
import { writeToRun } from '../register/catalog.js';
import type { Head, MissingCommit, Pass } from './pass.js';

/** A head, and what of its history is not settled; parents first. */
export interface WalkedHead extends Head {
  readonly found: readonly HistoryCommit[];
}

export interface Walks {
  readonly walked: readonly WalkedHead[];
  /** Heads that lakeFS lists but answers 404 for: that passes. */
  readonly unreadable: number;
  /** Where the walk of the first head stopped. */
  readonly stop: string | undefined;
}

const atOnce = 8;

/**
 * Walks back from heads, the first one first: other branches come from the default branch, and what was read for one
 * walk is not read again.
 */
export async function walkHeads(
  heads: readonly Head[],
  history: HistoryWalk,
  ends: WalkEnds,
  placesOf: (branch: string) => KnownPlaces,
): Promise<Walks> {
  const walked: WalkedHead[] = [];
  let unreadable = 0;
  let stop: string | undefined;
  const walk = async ({ branch, head }: Head): Promise<void> => {
    try {
      const { found, stops } = await history.above(head, ends, placesOf(branch));
      if (head === heads[0]?.head) stop = stops[0];
      walked.push({ branch, head, found });
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unreadable += 1;
    }
  };
  await Promise.all(heads.slice(0, 1).map(walk));
  for (let start = 1; start < heads.length; start += atOnce) {
    await Promise.all(heads.slice(start, start + atOnce).map(walk));
  }
  return { walked, unreadable, stop };
}

/** A head that lakeFS lists but answers 404 for: that passes. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof LakefsInconsistentError || (error instanceof LakefsError && error.status === 404);
}

/** The catalog's runs by commit, deleted ones included. */
export type Entries = ReadonlyMap<string, readonly RunView[]>;

/** What the catalog holds of all that was found. */
export function readEntries(walked: readonly WalkedHead[], { mlflow, experimentId }: Pass): Promise<Entries> {
  const sought = new Map(walked.flatMap(({ found }) => found.map((commit) => [commit.id, commit])));
  return catalogRunsOf(mlflow, experimentId, [...sought.values()]);
}

/** Commits that another process has marked complete since we read the catalog. */
export function markedComplete(entries: Entries): readonly string[] {
  return [...entries].flatMap(([commit, runs]) => {
    const { run } = chooseCatalogRun(runs);
    const marked = run?.tags.isComplete && !run.tags.isGone;
    return marked ? [commit] : [];
  });
}

export interface Decided {
  /** Commits that the catalog lacks, oldest first. */
  readonly missing: readonly MissingCommit[];
  /** Heads of which the whole walk is in the catalog. */
  readonly complete: readonly WalkedHead[];
  /** The others, with the number of commits that each lacks. */
  readonly incomplete: readonly { readonly head: string; readonly lacks: number }[];
}

/** Compares what was walked with the catalog. */
export function decideHeads(walked: readonly WalkedHead[], entries: Entries): Decided {
  const stateOf = (commit: string): EntryState => entryState(entries.get(commit) ?? []);
  const missing = new Map<string, MissingCommit>();
  const complete: WalkedHead[] = [];
  const incomplete: { head: string; lacks: number }[] = [];
  const found = new Map(walked.flatMap((walk) => walk.found.map((commit) => [commit.id, commit])));
  const labels = firstParentLabels(walked, found);
  for (const walk of walked) {
    const plan = planHead(walk.found, stateOf);
    for (const commit of plan.missing) {
      const branch = labels.get(commit);
      missing.set(commit, branch === undefined ? { commit } : { commit, branch });
    }
    if (plan.complete) complete.push(walk);
    else incomplete.push({ head: walk.head, lacks: plan.missing.length });
  }
  return { missing: [...missing.values()], complete, incomplete };
}

/** A head, and the run that is to be marked: none where it is marked already, or has no entry of its own. */
export interface HeadMark {
  readonly head: string;
  readonly hasEntry: boolean;
  readonly unmarked: string | undefined;
}

/** What heads that are complete lack in the catalog. One without an entry is below the horizon, or hidden by a person. */
export function diffMarks(complete: readonly WalkedHead[], entries: Entries): readonly HeadMark[] {
  return complete.map(({ head }) => {
    const { run } = chooseCatalogRun(entries.get(head) ?? []);
    const isMarked = run?.tags.isComplete;
    return { head, hasEntry: run !== undefined, unmarked: isMarked ? undefined : run?.id };
  });
}

/** Marks heads in the catalog as complete, and remembers them. */
export async function markHeads(marks: readonly HeadMark[], pass: Pass): Promise<void> {
  const { memory, mlflow, context } = pass;
  const mark = async ({ head, hasEntry, unmarked }: HeadMark): Promise<void> => {
    try {
      if (unmarked !== undefined)
        await writeToRun(mlflow, unmarked, new Map([[ourTag.history, completeHistory]]));
      (hasEntry ? memory.complete : memory.settled).add(head);
    } catch (error) {
      // A person deleted it in the meantime: the next check sees that.
      if (!isNotActive(error)) throw error;
    }
  };
  for (let start = 0; start < marks.length; start += atOnce) {
    context.signal.throwIfAborted();
    await Promise.all(marks.slice(start, start + atOnce).map(mark));
    await context.progress(40 + (30 * start) / marks.length);
  }
}
