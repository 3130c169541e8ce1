import type { JobsOptions, Queue } from 'bullmq';
import type { Backend } from './backend.js';
import { succeeds } from './bring-forward.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import {
  byName,
  jobKinds,
  jobNames,
  keepFailed,
  keepFailedSeconds,
  payloadLimitBytes,
  priorities,
} from './jobs.js';
import { asksForLess, extendJob, type FailedJobs, fullJob, isWaiting, jobKey, newJobId } from './keys.js';
import { type PayloadReader, storableValue } from './payloads.js';
import type { AddedJob, JobCounts, NewJob, Queues } from './types.js';

/** How old the answer of `hasFailed` may be: the reconciler asks for many keys in a row. */
const failedMayBeOldMs = 2_000;

export type Producer = Omit<Queues, 'close'>;

/** `add` and `addMany` throw `InvalidPayloadError` for a payload that no worker would take. */
export function createProducer(
  backend: Backend,
  breaker: CircuitBreaker,
  payloads: PayloadReader,
  failed: FailedJobs,
): Producer {
  const { keepsByCount } = backend;

  /** The id of the job that does all that was asked, `answered` in almost every case. */
  async function standing(
    job: NewJob | undefined,
    asked: string | undefined,
    answered: string | undefined,
  ): Promise<string | undefined> {
    if (job === undefined || answered === undefined || answered === asked) return answered;
    const queue = backend.queues[job.name];
    const full = fullJob(job);
    if (full !== undefined) {
      // What comes after a running job asks for all, so that it does not matter who else asks for it.
      return (await breaker.run(() => isWaiting(queue, answered))) ? answered : put(full);
    }
    if (!asksForLess(job, answered)) return answered;
    const again = async () => (await queue.add(job.name, job.payload, jobOptions(job, keepsByCount))).id;
    return breaker.store(() => extendJob(queue, job, answered, again));
  }

  async function put(job: NewJob): Promise<string | undefined> {
    const options = jobOptions(job, keepsByCount);
    const { id } = await breaker.store(() => backend.queues[job.name].add(job.name, job.payload, options));
    return standing(job, options.jobId, id);
  }

  /** A hook means new data: a job of the same key that is put off runs now. Two commands, where there was one already. */
  async function hasten({ name, cause, delayMs }: NewJob, added: AddedJob | undefined): Promise<void> {
    if (added?.duplicate !== true || cause !== 'hook' || delayMs !== undefined) return;
    // The job is stored: that it waits a little longer is no reason to refuse the event.
    await succeeds(async () => {
      const job = await breaker.run(() => backend.queues[name].getJob(added.id));
      if (job !== undefined) await breaker.run(() => job.promote());
    });
  }

  return {
    async add(asked) {
      const job = storableJob(asked);
      payloads.read(job.name, job.payload);
      const options = jobOptions(job, keepsByCount);
      const added = await breaker.store(() => backend.queues[job.name].add(job.name, job.payload, options));
      const result = addedJob(options.jobId, await standing(job, options.jobId, added.id));
      await hasten(job, result);
      return result;
    },

    async addMany(asked) {
      const jobs = asked.map(storableJob);
      const results: AddedJob[] = new Array(jobs.length);
      for (const job of jobs) payloads.read(job.name, job.payload);
      for (const name of jobNames) {
        const mine = jobs.flatMap((job, index) =>
          job.name === name ? [{ index, name, data: job.payload, opts: jobOptions(job, keepsByCount) }] : [],
        );
        if (mine.length === 0) continue;
        const added = await breaker.store(() => backend.queues[name].addBulk(mine));
        const ids = await Promise.all(
          mine.map(({ index, opts }, at) => standing(jobs[index], opts.jobId, added[at]?.id)),
        );
        for (const [at, { index, opts }] of mine.entries()) results[index] = addedJob(opts.jobId, ids[at]);
        await Promise.all(
          jobs.map((job, index) => (job.name === name ? hasten(job, results[index]) : undefined)),
        );
      }
      return results;
    },

    async hasFailed(name, payload) {
      const ids = await breaker.run(() => failed.idsOf(name, payload, Date.now() - failedMayBeOldMs));
      return ids.length > 0;
    },

    counts: () =>
      breaker.run(async () => {
        const counts = byName((name) => countsOf(backend.queues[name]));
        const [commits, runs, sweeps, repositories] = await Promise.all([
          counts['register-commit'],
          counts['link-run'],
          counts['sweep-runs'],
          counts['reconcile-repository'],
        ]);
        return {
          'register-commit': commits,
          'link-run': runs,
          'sweep-runs': sweeps,
          'reconcile-repository': repositories,
        };
      }),

    problem: () => breaker.problem(),
  };
}

function storableJob(job: NewJob): NewJob {
  return { ...job, payload: storableValue(job.payload) };
}

function jobOptions(job: NewJob, keepsByCount: boolean): JobsOptions & { jobId: string } {
  const { name, payload, cause, delayMs } = job;
  const kind = jobKinds[name];
  const key = jobKey(name, payload);
  const asksLess = fullJob(job) !== undefined;
  return {
    jobId: newJobId(key, asksLess),
    // Never with a ttl: it would go on refusing the key after its job has failed. BullMQ keeps the last of those that
    // come while one runs, so that one that asks for less would replace one that asks for all.
    deduplication: { id: key.deduplicationId, keepLastIfActive: !asksLess },
    priority: priorities[cause],
    ...(delayMs === undefined ? {} : { delay: delayMs }),
    attempts: kind.attempts,
    backoff: { type: 'exponential', delay: kind.backoffMs, jitter: 0.5 },
    removeOnComplete: {
      age: kind.keepCompletedSeconds,
      ...(keepsByCount ? { count: kind.keepCompleted } : {}),
    },
    removeOnFail: { age: keepFailedSeconds, ...(keepsByCount ? { count: keepFailed } : {}) },
    sizeLimit: payloadLimitBytes,
    stackTraceLimit: 3,
    keepLogs: 200,
  };
}

/** A job of the same key that waits or runs is answered by that one's id. */
function addedJob(asked: string, answered: string | undefined): AddedJob {
  return { id: answered ?? asked, duplicate: answered !== undefined && answered !== asked };
}

async function countsOf(queue: Queue): Promise<JobCounts> {
  const counts = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed', 'completed');
  return {
    waiting: (counts.wait ?? 0) + (counts.prioritized ?? 0),
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    failed: counts.failed ?? 0,
    completed: counts.completed ?? 0,
  };
}
