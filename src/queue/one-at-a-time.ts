/** Runs work of one key after the other, and work of different keys side by side. */
export type OneAtATime = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * Deduplication already keeps two jobs of one key apart, except where a failed job is tried again by hand
 * while a new one runs: BullMQ's retry does not look. This closes that gap within one process.
 */
export function createOneAtATime(): OneAtATime {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
