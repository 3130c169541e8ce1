/** What goes with a line: how many were left out since the one before, where there were any. */
export interface LeftOut {
  readonly leftOut?: number;
}

/** Says whether one more line about this sender may be written; undefined where it is left out. */
export type LineBudget = (sender: string) => LeftOut | undefined;

/**
 * Bounds the log lines that strangers can cause: so many a minute for one sender, so that the others are still seen,
 * and so many in all. Memory is bounded by the latter.
 *
 * @param now ms, from any start
 */
export function createLineBudget(now: () => number, { perSender = 5, inAll = 60 } = {}): LineBudget {
  const written = new Map<string, number>();
  let minute: number | undefined;
  let total = 0;
  let leftOut = 0;

  return function take(sender) {
    const current = Math.floor(now() / 60_000);
    if (current !== minute) {
      minute = current;
      total = 0;
      written.clear();
    }
    const lines = written.get(sender) ?? 0;
    if (lines >= perSender || total >= inAll) {
      leftOut += 1;
      return undefined;
    }
    written.set(sender, lines + 1);
    total += 1;
    const facts = leftOut === 0 ? {} : { leftOut };
    leftOut = 0;
    return facts;
  };
}
