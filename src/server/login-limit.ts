/** Each try uses up this much time, in ms. A sender may be ten tries ahead of the clock. */
const triedMs = 6_000;
const aheadMs = 10 * triedMs;
/** So many senders are remembered; beyond that, those who tried longest ago are forgotten. */
const sendersAtMost = 10_000;

/** Limits password tries for each sender separately, so that someone who guesses locks out nobody else. */
export interface LoginLimit {
  /** Uses one try. Returns 0, or the ms until the next one is free. */
  take(sender: string): number;
  /** Gives a try back: the password was right. */
  giveBack(sender: string): void;
}

/** @param now ms, from any start */
export function createLoginLimit(now: () => number): LoginLimit {
  /** Up to when each sender has used up the time. In order of insertion: the first tried longest ago. */
  const paidUntil = new Map<string, number>();

  function paid(sender: string): number {
    return Math.max(now(), paidUntil.get(sender) ?? 0);
  }

  function set(sender: string, until: number): void {
    paidUntil.delete(sender);
    if (until <= now()) return;
    const oldest = paidUntil.keys().next();
    if (paidUntil.size >= sendersAtMost && !oldest.done) paidUntil.delete(oldest.value);
    paidUntil.set(sender, until);
  }

  return {
    take(sender) {
      const until = paid(sender) + triedMs;
      const waitMs = until - now() - aheadMs;
      if (waitMs > 0) return waitMs;
      set(sender, until);
      return 0;
    },
    giveBack: (sender) => set(sender, paid(sender) - triedMs),
  };
}
