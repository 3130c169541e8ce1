/** A try costs this long, in ms; a sender may be so many tries ahead of the time. */
const triedMs = 6_000;
const aheadMs = 10 * triedMs;
/** Senders that are remembered; of more, those who tried longest ago are forgotten. */
const sendersAtMost = 10_000;

/** Counts the passwords that are tried, for each sender apart: one who guesses shuts out nobody else. */
export interface LoginLimit {
  /** Takes one try. Returns 0, or in how many ms there is one again. */
  take(sender: string): number;
  /** Gives back a try that was none: the password was right. */
  giveBack(sender: string): void;
}

/** @param now ms, from any start */
export function createLoginLimit(now: () => number): LoginLimit {
  /** Until when each sender's tries are paid for. In the order in which they were set: the first tried longest ago. */
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
