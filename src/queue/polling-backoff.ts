import type { BackendFactory, IQueueBackend } from 'bullmq';

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/**
 * Makes the workers' backends pause before the next poll for jobs when the store has refused one: 1 s, doubling to
 * 30 s, until a poll succeeds. BullMQ's own loop pauses only after a poll that found nothing, so that a store which
 * refuses the first one (a read-only Redis, PostgreSQL behind a pooler) is asked again thousands of times a second.
 *
 * @param onRefused called with each error, to renew what can be renewed
 */
export function withPollingBackoff<B extends IQueueBackend, C>(
  factory: BackendFactory<B, C>,
  onRefused: (error: unknown) => void = () => undefined,
): BackendFactory<B, C> {
  return (name, options, extra) => {
    const backend = factory(name, options, extra);
    const pause = createPause();

    async function poll<T>(ask: () => Promise<T>): Promise<T> {
      await pause.over();
      try {
        return await ask();
      } catch (error) {
        pause.lengthen();
        onRefused(error);
        throw error;
      }
    }

    const moveToActive = backend.moveToActive.bind(backend);
    const waitForJob = backend.waitForJob.bind(backend);
    const disconnectBlocking = backend.disconnectBlocking.bind(backend);
    backend.moveToActive = async (token, worker) => {
      const found = await poll(() => moveToActive(token, worker));
      // Not where only the waiting works: a Redis that is full wakes its workers and refuses them all the same.
      pause.reset();
      return found;
    };
    backend.waitForJob = (timeout) => poll(() => waitForJob(timeout));
    // A worker that closes calls this first, and then waits for its last poll.
    backend.disconnectBlocking = (wait) => {
      pause.end();
      return disconnectBlocking(wait);
    };
    return backend;
  };
}

interface Pause {
  /** Resolves when the next poll may start. */
  over(): Promise<void>;
  lengthen(): void;
  reset(): void;
  /** No more pauses from now on. */
  end(): void;
}

function createPause(): Pause {
  let pauseMs = 0;
  let until = 0;
  let ended = false;
  const waiting = new Set<() => void>();
  return {
    async over() {
      const left = until - performance.now();
      if (ended || left <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(go, left);
        function go(): void {
          clearTimeout(timer);
          waiting.delete(go);
          resolve();
        }
        waiting.add(go);
      });
    },
    lengthen() {
      pauseMs = Math.min(Math.max(pauseMs * 2, firstPauseMs), longestPauseMs);
      until = performance.now() + pauseMs;
    },
    reset() {
      pauseMs = 0;
      until = 0;
    },
    end() {
      ended = true;
      for (const go of waiting) go();
    },
  };
}
