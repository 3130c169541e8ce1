import type { Queue } from 'bullmq';
import { jobKinds, jobNames, keepFailed } from './jobs.js';
import type { JobName } from './types.js';

const everyMs = 60_000;
/** Jobs that go at once, so that others get in between. */
const batch = 500;

/**
 * Removes the oldest of the finished jobs that are more than their kind keeps, every minute. For stores on
 * PostgreSQL: there BullMQ's own limit by count deadlocks from ten jobs at a time on (on Redis it is used).
 */
export function startHistoryLimit(
  queues: Readonly<Record<JobName, Queue>>,
  onError: (error: Error) => void,
  isReady: () => boolean,
): { stop(): void } {
  let running = false;
  let stopped = false;

  async function limit(queue: Queue, state: 'completed' | 'failed', kept: number): Promise<void> {
    while (!stopped) {
      // Counted again for each batch: another process may be at it too.
      const excess = (await queue.getJobCountByTypes(state)) - kept;
      if (excess <= 0) return;
      const removed = await queue.clean(0, Math.min(excess, batch), state);
      if (removed.length === 0) return;
    }
  }

  async function run(): Promise<void> {
    for (const name of jobNames) {
      await limit(queues[name], 'completed', jobKinds[name].keepCompleted);
      await limit(queues[name], 'failed', keepFailed);
    }
  }

  const timer = setInterval(() => {
    if (running || !isReady()) return;
    running = true;
    run()
      .catch((error: unknown) => {
        if (!stopped) onError(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => {
        running = false;
      });
  }, everyMs);
  timer.unref();
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
