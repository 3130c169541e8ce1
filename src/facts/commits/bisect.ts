/** How many of the newest commits a condition has held at without a break. */
export interface Held {
  readonly count: number;
  /** False where the search ran into its bound: it has held for at least so long. */
  readonly exact: boolean;
}

/** Commits that are checked one by one before the search takes longer steps. */
const checkedOneByOne = 16;

/**
 * Searches a branch's history backwards for how long something has held.
 *
 * The first 16 steps are checked one by one, which is right whatever happened. Beyond them steps double, and the last one
 * is bisected until the place is found: at most `16 + 2·log2(limit)` checks. That is right where the condition, once it
 * held, went on to hold. It may be wrong where data was changed, restored and changed again more than 16 commits ago and
 * the doubling steps over the time in between: then an earlier change of the same kind is named.
 *
 * @param limit steps back that are checked, at most
 * @param holdsAt whether it holds so many steps back (0 is the newest commit, where it is known to hold and never asked
 *   for); false also where the relevant part of the history ends
 * @param oneByOne how many steps are checked one by one; 0 where the condition cannot come and go
 */
export async function bisect(
  limit: number,
  holdsAt: (index: number) => Promise<boolean>,
  oneByOne = checkedOneByOne,
): Promise<Held> {
  let held = 0;
  let step = 1;
  for (;;) {
    const next = Math.min(held + step, limit);
    if (next === held) return { count: held + 1, exact: false };
    if (!(await holdsAt(next))) return { count: await lastBetween(held, next, holdsAt), exact: true };
    held = next;
    if (held >= oneByOne) step *= 2;
  }
}

async function lastBetween(
  holds: number,
  holdsNot: number,
  holdsAt: (index: number) => Promise<boolean>,
): Promise<number> {
  let low = holds;
  let high = holdsNot;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await holdsAt(middle)) low = middle;
    else high = middle;
  }
  return low + 1;
}
