import { type HistoryCommit, type Walk, type WalkEnds, walkHistory } from '../../domain/sync/reconcile.js';
import { LakefsError } from '../../lakefs/errors.js';
import type { CommitGraph } from './commit-graph.js';

/** Walks through the history of one repository. What was read for one walk is not read again for the next. */
export interface HistoryWalk {
  /**
   * Everything in the history of `head` up to where the walk ends, parents first.
   *
   * Costs a request for the first 20 commits of each line (of first parents) and one per further 1,000, less what the
   * graph remembers. Where a line does not simply go on from `cameFrom`, a question per anchor, and up to ten more, for
   * where it meets the history of one. Throws what the graph throws.
   */
  above(head: string, ends: WalkEnds, known: KnownPlaces): Promise<Walk>;
  /** True where the commit is in the history of the head, false also where lakeFS has one of them no more. A request. */
  holds(head: string, commit: string): Promise<boolean>;
}

const firstPage = 20;
const nextPage = 1_000;
const linesAtOnce = 8;

export interface KnownPlaces {
  /** Settled commits or edges with which the head may have a history in common. */
  readonly anchors: readonly string[];
  /** Where the branch was at the last check. */
  readonly cameFrom?: string | undefined;
}

export function createHistoryWalk(graph: CommitGraph, repository: string, signal: AbortSignal): HistoryWalk {
  const known = new Map<string, HistoryCommit>();
  /** In the history of an anchor, so settled as that is. */
  const covered = new Set<string>();
  /** Where a page of a line ended: the line goes on here, and is long. */
  const continued = new Set<string>();

  async function above(head: string, { isSettled, isEdge }: WalkEnds, places: KnownPlaces): Promise<Walk> {
    // One head of the first check may lie below another: it belongs to the walk all the same.
    const isBelow = (id: string): boolean => covered.has(id) && !isEdge(id);
    const ends = { isSettled: (id: string): boolean => isBelow(id) || isSettled(id), isEdge };
    const stopsAt = (id: string): boolean => ends.isSettled(id) || isEdge(id);
    for (;;) {
      signal.throwIfAborted();
      const walk = walkHistory(head, known, ends);
      if (walk.unread.length === 0) return walk;
      const lines = walk.unread.slice(0, linesAtOnce);
      await Promise.all(lines.map((start) => readLine(start, stopsAt, places)));
    }
  }

  /** Not with `stop_at`: lakeFS answers with the whole log where that commit is not in the history. */
  async function readLine(
    start: string,
    stopsAt: (id: string) => boolean,
    { anchors, cameFrom }: KnownPlaces,
  ): Promise<void> {
    const page = await graph.page(repository, start, continued.has(start) ? nextPage : firstPage);
    for (const { id, parents, seconds } of page) known.set(id, { id, parents, creation_date: seconds });
    const further = page.at(-1)?.parents[0];
    if (further !== undefined) continued.add(further);
    const line = page.map(({ id }) => id);
    const stop = line.findIndex(stopsAt);
    cover(stop < 0 ? [] : line.slice(stop + 1));
    const open = stop < 0 ? line : line.slice(0, stop);
    const last = open.at(-1);
    const wentOn = cameFrom !== undefined && line[stop] === cameFrom;
    if (wentOn || last === undefined || !(await isCovered(last, anchors))) return;
    cover(open.slice(await firstCovered(open, anchors)));
  }

  function cover(commits: readonly string[]): void {
    for (const commit of commits) covered.add(commit);
  }

  /** The first covered commit of a line whose last one is covered: what comes after a covered commit is covered, too. */
  async function firstCovered(line: readonly string[], anchors: readonly string[]): Promise<number> {
    let low = 0;
    let high = line.length - 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (await isCovered(line[middle] ?? '', anchors)) high = middle;
      else low = middle + 1;
    }
    return high;
  }

  async function isCovered(commit: string, anchors: readonly string[]): Promise<boolean> {
    for (const anchor of anchors) if (await holds(anchor, commit)) return true;
    return false;
  }

  async function holds(head: string, commit: string): Promise<boolean> {
    try {
      return await graph.contains(repository, head, commit);
    } catch (error) {
      // An anchor may be gone with an earlier repository.
      if (error instanceof LakefsError && (error.status === 404 || error.status === 400)) return false;
      throw error;
    }
  }

  return { above, holds };
}
