import type { Worker } from 'bullmq';
import { endsWithin } from './ends-within.js';
import type { QueueLog } from './log.js';

export interface ClosingWorkers {
  readonly workers: readonly Worker[];
  /** Jobs whose handler runs now. */
  running(): readonly string[];
  /** From now on a job whose handler ends by its signal, or that is only beginning, goes back to the queue. */
  handBack(): void;
  readonly log: QueueLog;
}

/** What handlers get after the deadline to notice their signal, and the store to take their jobs back, in ms. */
const handBackMs = 1_000;
/** Where no handler has run for so long, ms, a worker that has not closed is waiting for the store. */
const idleMs = 1_000;
const lookEveryMs = 50;

/**
 * Takes no new jobs, waits for those that run, then hands them back. A store that does not answer is not waited for:
 * BullMQ would do so for ever. It still has the jobs, and gives them to another worker when their lock has expired.
 */
export async function closeWorkers(closing: ClosingWorkers, deadlineMs: number): Promise<void> {
  const { workers, running, handBack, log } = closing;
  const closed = Promise.all(workers.map((worker) => worker.close()));
  const end = performance.now() + deadlineMs;
  let idleSince = performance.now();
  while (performance.now() < end && performance.now() - idleSince < idleMs) {
    if (await endsWithin(closed, lookEveryMs)) return;
    if (running().length > 0) idleSince = performance.now();
  }
  handBack();
  for (const worker of workers) worker.cancelAllJobs('the process is stopping');
  if (await endsWithin(closed, handBackMs)) return;
  log.warn({ running: running() }, 'the queue does not answer: jobs that were running start again later');
  // A connection that was never made, too, else it is tried again for ever.
  for (const worker of workers)
    worker
      .getBackend()
      .close(true)
      .catch(() => undefined);
}
