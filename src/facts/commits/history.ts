import { type HistoryCommit, type Walk, type WalkEnds, walkHistory } from '../../domain/sync/reconcile.js';
import { LakefsError } from '../../lakefs/errors.js';
import type { LakefsClient } from '../../lakefs/types.js';

/** The history of one repository, as far as it has been read. Commits never change: what is known stays right. */
export interface History {
  /**
   * Everything in the history of `head` up to where the walk ends, parents first.
   *
   * Costs a request for the first 20 commits of each line (of first parents) and one per further 1,000. Where a line
   * does not simply go on from `cameFrom`, a question per anchor, and up to ten more, for where it meets the history
   * of one. Throws what the lakeFS client throws.
   */
  above(head: string, ends: WalkEnds, known: KnownPlaces): Promise<Walk>;
  /** True where the commit is in the history of the head. A request. */
  holds(head: string, commit: string): Promise<boolean>;
}

const firstPage = 20;
const nextPage = 1_000;
const linesAtOnce = 8;

export interface KnownPlaces {
  /** Settled commits or edges with which the head may have a history in common. */
  readonly anchors: readonly string[];
  /** Where the branch was at the last look. */
  readonly cameFrom?: string | undefined;
}

export function createHistory(lakefs: LakefsClient, repository: string, signal: AbortSignal): History {
  const known = new Map<string, HistoryCommit>();
  /** In the history of an anchor, so settled as that is. */
  const covered = new Set<string>();
  /** Where a page of a line ended: the line goes on here, and is long. */
  const continued = new Set<string>();

  async function above(head: string, { isSettled, isEdge }: WalkEnds, places: KnownPlaces): Promise<Walk> {
    // One head of the first look may lie below another: it belongs to the walk all the same.
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
    const line = await readPage(start, continued.has(start) ? nextPage : firstPage);
    // lakeFS takes a commit's id, so anything else would go on for ever.
    if (line[0] !== start) throw new Error(`the log of ${start} does not begin with it`);
    const further = known.get(line.at(-1) ?? '')?.parents[0];
    if (further !== undefined) continued.add(further);
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

  async function readPage(start: string, limit: number): Promise<readonly string[]> {
    const line: string[] = [];
    for await (const commit of lakefs.log(repository, start, { firstParent: true, limit })) {
      const { id, parents, creation_date } = commit;
      known.set(id, { id, parents, creation_date });
      line.push(id);
    }
    return line;
  }

  /**
   * The place in a line whose last commit is covered: along first parents everything after a covered commit is covered
   * too.
   */
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
    for (const anchor of anchors) {
      if (commit === anchor || (await mergeBase(commit, anchor)) === commit) return true;
    }
    return false;
  }

  /** Undefined where the two have no history in common, or the anchor is gone with an earlier repository. */
  async function mergeBase(commit: string, anchor: string): Promise<string | undefined> {
    try {
      return await lakefs.mergeBase(repository, commit, anchor);
    } catch (error) {
      if (error instanceof LakefsError && isNoBase(error)) return undefined;
      throw error;
    }
  }

  return { above, holds: (head, commit) => isCovered(commit, [head]) };
}

function isNoBase({ status }: LakefsError): boolean {
  return status === 404 || status === 400;
}
