import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq';
import { failureOf } from '../domain/common/failure.js';
import { storable } from '../domain/common/text.js';
import { isPeriodic } from './jobs.js';
import { jobKey } from './keys.js';
import type { QueueLog } from './log.js';
import { type PayloadReader, storableReason, storableValue, withStackOf } from './payloads.js';
import type { JobContext, JobHandlers, JobName, JobOutcome, JobPayloads } from './types.js';

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
  // BullMQ's worker polls once more while it closes, and may find the one that it has just handed back.
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

/** To whichever worker comes next; spends no attempt. Always throws the error by which BullMQ knows that the job is no longer ours. */
async function handBack(job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

/** UTF-16 units. */
const longestLine = 2_000;

function createJobContext(job: Job, signal: AbortSignal, log: QueueLog): JobContext {
  let last: Promise<void> = Promise.resolve();

  /**
   * The log is for people: a line that cannot be stored must not fail the job. One after another:
   * on PostgreSQL two at the same moment get the same number, and one of them is lost.
   */
  function store(write: () => Promise<unknown>): Promise<void> {
    last = last.then(write).then(
      () => undefined,
      (error: unknown) =>
        log.debug({ job: job.id, error: String(error) }, 'a line of a job could not be stored'),
    );
    return last;
  }
  return {
    id: job.id ?? '',
    attempt: job.attemptsMade + 1,
    signal,
    log: (line) => store(() => job.log(storable(line, longestLine))),
    progress: (percent) => store(() => job.updateProgress(Math.min(100, Math.max(0, Math.round(percent))))),
  };
}

const firstMs = 2_000;
const longestMs = 5 * 60_000;

/**
 * How long a job waits, in ms, because a server is down: what the server asked for, else doubling from 2 s
 * to 5 min, less up to a half at random so that the waiting jobs do not all come back at once. Never longer than 5 min,
 * whatever the server asks for: a mistake of a proxy must not put commits off for a day.
 *
 * @param earlier how often this job has been put off already
 * @param random in [0, 1)
 */
export function postponeMs(earlier: number, retryAfterMs: number | undefined, random: number): number {
  if (retryAfterMs !== undefined && retryAfterMs < longestMs) {
    return Math.min(Math.round(retryAfterMs * (1 + random * 0.1)), longestMs);
  }
  if (retryAfterMs !== undefined) return Math.round(longestMs * (1 - random * 0.1));
  const full = Math.min(firstMs * 2 ** Math.min(earlier, 20), longestMs);
  return Math.round(full * (1 - random / 2));
}

const manyWaits = 24;
const longMs = 2 * 3_600_000;

/**
 * True where a server that answers other requests has put this job off so often, and for so long, that it will hardly ever
 * do otherwise: from then on each time spends an attempt, so that the job ends in failed with its reason. Both are asked
 * for because a rate limit may put a job off often in a short time, and a long outage once for long.
 *
 * @param earlier how often the job has been put off already
 * @param ageMs since the job was created
 */
function isPutOffForGood(earlier: number, ageMs: number): boolean {
  return earlier >= manyWaits && ageMs >= longMs;
}

/** Runs work of one key after the other, and work of different keys side by side. */
export type OneAtATime = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * Deduplication already keeps two jobs of one key apart, except where a failed job is tried again by hand
 * while a new one runs: BullMQ's retry does not check. This closes that gap within one process.
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
