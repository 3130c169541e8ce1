import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq';
import { failureOf } from '../domain/common/failure.js';
import { createJobContext } from './job-context.js';
import { isPeriodic } from './jobs.js';
import { jobKey } from './keys.js';
import type { QueueLog } from './log.js';
import type { OneAtATime } from './one-at-a-time.js';
import type { PayloadReader } from './payloads.js';
import { isPutOffForGood, postponeMs } from './postpone.js';
import { storableReason, storableValue, withStackOf } from './storable.js';
import type { JobHandlers, JobName, JobOutcome, JobPayloads } from './types.js';

export interface RunJobOptions {
  readonly handlers: JobHandlers;
  readonly payloads: PayloadReader;
  readonly log: QueueLog;
  readonly oneAtATime: OneAtATime;
  /** True once the process has run out of time and hands its jobs back. */
  readonly handingBack: () => boolean;
  /** Removes what failed under the key of a job that has now succeeded. */
  readonly removeFailed: <N extends JobName>(
    name: N,
    payload: JobPayloads[N],
    startedAt: number,
  ) => Promise<void>;
}

/**
 * Runs one job: checks its payload, calls the handler, and turns an error into what the queue should do.
 *
 * - permanent: failed at once, with the reason;
 * - unavailable: the server is at fault, so the job waits for it and spends no attempt, however often, unless for hours
 *   the server puts off this job alone;
 * - handed back because the process stops: waits for the next worker and spends no attempt;
 * - anything else: spends an attempt.
 */
export async function runJob<N extends JobName>(
  name: N,
  job: Job,
  token: string | undefined,
  signal: AbortSignal,
  { handlers, payloads, log, oneAtATime, handingBack, removeFailed }: RunJobOptions,
): Promise<JobOutcome> {
  // BullMQ's worker looks for jobs once more while it closes, and may find the one that it has just handed back.
  if (handingBack()) return handBack(job, token);
  const startedAt = Date.now();
  const context = createJobContext(job, signal, log);
  let payload: JobPayloads[N] | undefined;
  try {
    payload = payloads.read(name, job.data);
    const read = payload;
    const outcome = await oneAtATime(jobKey(name, read).deduplicationId, () => handlers[name](read, context));
    await removeFailed(name, read, startedAt);
    return storableValue(outcome);
  } catch (error) {
    const reason = storableReason(error);
    if (signal.aborted && handingBack()) return handBack(job, token);
    const failure = failureOf(error);
    // Attempts count only what blamed the request, starts count all: the rest are earlier waits.
    const earlier = Math.max(0, job.attemptsStarted - job.attemptsMade - 1);
    const putOff = failure?.onlyThis === true && isPutOffForGood(earlier, startedAt - job.timestamp);
    if (failure?.kind === 'unavailable' && !putOff) {
      const delay = postponeMs(earlier, failure.retryAfterMs, Math.random());
      await context.log(`${reason} (next attempt in ${Math.ceil(delay / 1_000)} s)`);
      await job.moveToDelayed(Date.now() + delay, token);
      throw new DelayedError();
    }
    const isLast = failure?.kind === 'permanent' || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    // Else a lasting trouble would fill the list of failed jobs, one a minute.
    if (isLast && payload !== undefined && isPeriodic(name)) await removeFailed(name, payload, startedAt);
    if (failure?.kind === 'permanent') {
      log.warn({ job: job.id, name, error: reason }, 'a job failed for good');
      throw withStackOf(new UnrecoverableError(reason), error);
    }
    const attempt = job.attemptsMade + 1;
    log.warn(
      { job: job.id, name, attempt, error: reason },
      isLast ? 'a job failed for good' : 'an attempt of a job failed',
    );
    throw withStackOf(new Error(reason), error);
  }
}

/** To whichever worker comes next; spends no attempt. Always throws what tells BullMQ that the job is no longer ours. */
async function handBack(job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}
