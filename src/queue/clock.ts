/** A clock that is off by more deserves a word; a lock lasts 30 s. */
const toleratedMs = 5_000;

/** When a question about the store's time was sent and answered by our clock, and the answer; all in Unix ms. */
export interface ClockReading {
  readonly sent: number;
  readonly answered: number;
  readonly store: number;
}

/** Asks the store for its time (Unix ms). */
export async function readClock(ask: () => Promise<number>): Promise<ClockReading> {
  const sent = Date.now();
  const store = await ask();
  return { sent, answered: Date.now(), store };
}

/**
 * Says by how much our clock differs from the store's, where that is more than the time of the question explains.
 * On PostgreSQL the locks of running jobs are times by the workers' clocks: a worker whose clock is ahead of another's
 * by more than a lock lasts takes jobs that the other still runs. On every store, delays end by the workers' clocks.
 */
export function clockWarning(place: string, { sent, answered, store }: ClockReading): string | undefined {
  const ahead = sent - store;
  const behind = store - answered;
  const off = Math.max(ahead, behind);
  if (off <= toleratedMs) return undefined;
  return (
    `the clock of this machine is ${Math.round(off / 1_000)} s ${ahead > behind ? 'ahead of' : 'behind'} that of ` +
    `${place}: jobs may run too early, too late or twice at the same time. Synchronise the clocks (NTP)`
  );
}
