/** The search's answer: how many of the newest commits the condition has held at without a break. */
export interface Since {
  readonly count: number;
  /** False where the search ran into its bound: it has held for at least so long. */
  readonly exact: boolean;
}

/** Commits that are looked at one by one before the search takes longer steps. */
const looksOneByOne = 16;

/**
 * Searches a branch's history backwards for how long something has held. Yields the number of steps back at which it
 * has to be known whether it holds (0 is the newest commit, where it is known to hold and never asked for); is sent
 * true or false, where the history's relevant part ends also false.
 *
 * The first 16 steps are looked at one by one, which is right whatever happened. Beyond them steps double, and the
 * last one is halved until the place is found: at most `16 + 2·log2(limit)` looks. That is right where the condition,
 * once it holds, went on to hold. It may be wrong where data was changed, restored and changed again more than 16
 * commits ago and the doubling steps over the time in between: then an earlier change of the same kind is named.
 *
 * @param limit steps back that are looked at, at most
 * @param oneByOne how many steps are looked at one by one; 0 where the condition cannot come and go
 */
export function* searchSince(
  limit: number,
  oneByOne: number = looksOneByOne,
): Generator<number, Since, boolean> {
  let holds = 0;
  let step = 1;
  for (;;) {
    const next = Math.min(holds + step, limit);
    if (next === holds) return { count: holds + 1, exact: false };
    if (!(yield next)) return { count: yield* halve(holds, next), exact: true };
    holds = next;
    if (holds >= oneByOne) step *= 2;
  }
}

function* halve(holds: number, holdsNot: number): Generator<number, number, boolean> {
  let low = holds;
  let high = holdsNot;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (yield middle) low = middle;
    else high = middle;
  }
  return low + 1;
}
