/** Goes over everything there is, a page at a time, and rests until the next lap is due. */
export interface Lap<T> {
  /** The next page; empty between two laps. Throws what reading throws, and then begins anew. */
  next(): Promise<readonly T[]>;
}

/** The first lap is due at once: a process that is restarted every day must not put its laps off for ever. */
export function createLap<T>(
  pages: () => AsyncGenerator<readonly T[]>,
  intervalMs: number,
  now: () => number,
): Lap<T> {
  let lap: AsyncGenerator<readonly T[]> | undefined;
  let nextAt = 0;
  return {
    next: async () => {
      if (lap === undefined) {
        if (now() < nextAt) return [];
        lap = pages();
        nextAt = now() + intervalMs;
      }
      try {
        const page = await lap.next();
        if (page.done !== true) return page.value;
        lap = undefined;
        return [];
      } catch (error) {
        // A generator that has thrown is at its end.
        lap = undefined;
        nextAt = now();
        throw error;
      }
    },
  };
}
