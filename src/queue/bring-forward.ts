import type { Job } from 'bullmq';
import type { Backend } from './backend.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { jobNames } from './jobs.js';
import { newestOfEachKey } from './keys.js';
import type { JobName } from './types.js';

/** Which jobs are meant. */
export interface Wanted {
  /** Jobs that have begun and are put off; one that has not is asked for later on purpose. */
  readonly delayed: (name: JobName, payload: unknown) => boolean;
  /** Jobs that sit in failed. */
  readonly failed: (name: JobName, payload: unknown, reason: string) => boolean;
}

export interface BroughtForward {
  /** Jobs that were put off and run now. */
  readonly delayed: number;
  /** Jobs that had failed and get all their tries again. */
  readonly failed: number;
}

/** Jobs of one kind and state that are read; and how many at a time. */
const maxJobs = 10_000;
const atOnce = 20;

/**
 * Lets jobs run now that are put off, and gives those that failed another try: of each key the newest one, whose success
 * removes the others. A job that somebody else is faster with is left to them.
 *
 * @throws QueueUnavailableError where the queue is down
 */
export async function bringForward(
  backend: Backend,
  breaker: CircuitBreaker,
  wanted: Wanted,
): Promise<BroughtForward> {
  async function each(
    name: JobName,
    ids: readonly string[],
    work: (job: Job) => Promise<boolean>,
  ): Promise<number> {
    let done = 0;
    for (let start = 0; start < ids.length; start += atOnce) {
      const results = await Promise.all(
        ids.slice(start, start + atOnce).map(async (id) => {
          const job = await breaker.run(() => backend.queues[name].getJob(id));
          return job !== undefined && (await work(job));
        }),
      );
      done += results.filter(Boolean).length;
    }
    return done;
  }

  let delayed = 0;
  let failed = 0;
  for (const name of jobNames) {
    const queue = backend.queues[name];
    const late = await breaker.run(() => queue.getRanges(['delayed'], 0, maxJobs - 1));
    delayed += await each(
      name,
      late,
      async (job) =>
        job.attemptsStarted > 0 && wanted.delayed(name, job.data) && succeeds(() => job.promote()),
    );
    const fallen = await breaker.run(() => queue.getRanges(['failed'], 0, maxJobs - 1));
    failed += await each(
      name,
      newestOfEachKey(fallen),
      async (job) =>
        wanted.failed(name, job.data, job.failedReason ?? '') && succeeds(() => retryFromStart(job)),
    );
  }
  return { delayed, failed };
}

/** With all its tries. */
export async function retryFromStart(job: Job): Promise<void> {
  await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
}

/** BullMQ throws where the job is no longer in the state that it was found in. */
export async function succeeds(command: () => Promise<unknown>): Promise<boolean> {
  try {
    await command();
    return true;
  } catch {
    return false;
  }
}
