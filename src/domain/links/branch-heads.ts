import type { RunWindow } from './run-window.js';

/** A commit that was, or may have been, the head of a branch. */
export interface Head {
  readonly id: string;
  readonly parents: readonly string[];
  /** Its date in whole Unix seconds. Callers may set it to anything: order is by ancestry. */
  readonly seconds: number;
  /**
   * True for a plain commit, which takes along all that is staged on the branch. Merges, cherry-picks and imports
   * bring objects from elsewhere, and lakeFS refuses most of them while anything is staged.
   */
  readonly plain: boolean;
}

export type HeadsDuring =
  | {
      readonly kind: 'heads';
      /** The head when the window begins, and those that came in it, oldest first; at least one. */
      readonly heads: readonly Head[];
      /** The head when the run started. */
      readonly atStart: Head;
      /** The first head after the window. */
      readonly next: Head | undefined;
      /** True where dates contradict the order of the commits, so that none of this is certain. */
      readonly doubtful: boolean;
    }
  /** The branch's history begins after the window: nobody can have read it then. */
  | { readonly kind: 'none' };

/** So many commits before the window must have dates before it, too: a commit with a false date shows by them. */
const lookBack = 100;

/** How far into the past a branch is followed. */
const maxHeads = 10_000;

/**
 * Tells of a branch's log, commit by commit from its head back along first parents, whether it must be read on to tell
 * the heads of a window that begins at `fromMs`.
 */
export function readingBack(fromMs: number): (head: Head) => boolean {
  let seen = 0;
  let before = 0;
  return ({ seconds, parents }) => {
    seen += 1;
    if (before > 0 || isBefore(seconds, fromMs)) before += 1;
    return parents.length > 0 && seen < maxHeads && before <= lookBack;
  };
}

/**
 * The heads of a branch during a window, by its log along first parents: lakeFS keeps no record of when a branch
 * pointed where. A date is believed only where all dates agree with the order of the commits: those after the
 * window, in it, and the hundred before it. So false dates may make an answer doubtful, and no more.
 *
 * Known limits: a branch that was reset or recreated since shows its new history only, and a commit whose false date
 * fits between its neighbours is believed (the times at which its objects were written are checked too).
 *
 * @param log first parents, newest first, as far as `readingBack` asks for
 */
export function headsDuring(log: readonly Head[], { fromMs, startMs, toMs }: RunWindow): HeadsDuring {
  const places = log.map(({ seconds }) =>
    isBefore(seconds, fromMs) ? 'before' : seconds * 1_000 > toMs ? 'after' : 'in',
  );
  const firstBefore = places.indexOf('before');
  const end = firstBefore < 0 ? log.length : firstBefore + 1;
  const firstIn = places.findIndex((place) => place !== 'after');
  if (firstIn < 0) {
    const [oldest] = log.slice(-1);
    if (oldest === undefined || oldest.parents.length === 0) return { kind: 'none' };
    return { kind: 'heads', heads: [oldest], atStart: oldest, next: undefined, doubtful: true };
  }
  const heads = log.slice(firstIn, end).reverse();
  const begun = heads.filter(({ seconds }) => seconds * 1_000 <= startMs);
  const atStart = begun.at(-1) ?? heads[0];
  if (atStart === undefined) return { kind: 'none' };
  const looked = places.slice(0, end + lookBack);
  const ordered = looked.every((place, at) => at === 0 || rank(place) <= rank(looked[at - 1] ?? place));
  const rising = heads.every(({ seconds }, at) => at === 0 || seconds >= (heads[at - 1]?.seconds ?? 0));
  const cut = firstBefore < 0 && log.at(-1)?.parents.length !== 0;
  return { kind: 'heads', heads, atStart, next: log[firstIn - 1], doubtful: !ordered || !rising || cut };
}

/** Dates are cut to whole seconds: what is dated with this second may have come at its end. */
export function isBefore(seconds: number, ms: number): boolean {
  return (seconds + 1) * 1_000 <= ms;
}

function rank(place: 'before' | 'in' | 'after'): number {
  return ['before', 'in', 'after'].indexOf(place);
}
