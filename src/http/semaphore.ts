/** Lets at most `limit` callers in at once; the others wait in the order in which they came. */
export interface Semaphore {
  /** Runs `work` once there is room. A caller whose signal is aborted before that gives up its place. */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export function createSemaphore(limit: number): Semaphore {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new RangeError(`the number of requests in flight must be a whole number from 1, not ${limit}`);
  }
  let running = 0;
  const waiting = new Set<() => void>();

  function enter(signal?: AbortSignal): Promise<void> {
    if (running < limit) {
      running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      function giveUp(): void {
        waiting.delete(admit);
        reject(signal?.reason);
      }
      function admit(): void {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      }
      waiting.add(admit);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  function leave(): void {
    const [next] = waiting;
    if (next === undefined) {
      running -= 1;
      return;
    }
    // The place passes to the next one, so that a newcomer cannot slip in between.
    waiting.delete(next);
    next();
  }

  return {
    async run(work, signal) {
      signal?.throwIfAborted();
      await enter(signal);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
