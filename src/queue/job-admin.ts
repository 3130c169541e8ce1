import type { Job } from 'bullmq';
import type { Backend } from './backend.js';
import { bringForward, retryFromStart, succeeds } from './bring-forward.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { jobNames } from './jobs.js';
import { newestOfEachKey } from './keys.js';
import type { JobName } from './types.js';

/** One job as it stands. */
export interface JobReport {
  readonly kind: JobName;
  readonly id: string;
  /** `waiting`, `prioritized`, `delayed`, `active`, `completed`, `failed` or `unknown`. */
  readonly state: string;
  /** 0 to 100. */
  readonly progress: number;
  /** What its handler answered, where it is completed. */
  readonly outcome: unknown;
  /** Why it failed. */
  readonly reason?: string;
  readonly log: readonly string[];
}

export interface FailedJob {
  readonly kind: JobName;
  readonly id: string;
  readonly payload: unknown;
  readonly reason: string;
  /** Unix ms. */
  readonly failedAt: number;
}

/** Jobs one by one, for people. Each method rejects with `QueueUnavailableError` where the queue is down. */
export interface JobAdmin {
  /** Undefined where there is no such job (any more). */
  find(kind: JobName, id: string): Promise<JobReport | undefined>;
  /** The newest of each kind. */
  failed(limit: number): Promise<{ readonly total: number; readonly jobs: readonly FailedJob[] }>;
  /**
   * Retries a failed job, with all its attempts; one that is put off runs now. False where none of this id is failed
   * or put off.
   */
  replay(id: string): Promise<boolean>;
  /** Retries every failed job, the newest one of each key; a success removes the others. Jobs that are put off run now. */
  replayAll(): Promise<Replayed>;
}

export interface Replayed {
  /** The ids of the jobs that had failed. */
  readonly replayed: readonly string[];
  /** How many jobs were put off until their next try, and run now. */
  readonly broughtForward: number;
}

const maxLog = 200;
/** Failed jobs that are retried at a time. */
const maxReplayed = 10_000;

export function createJobAdmin(backend: Backend, breaker: CircuitBreaker): JobAdmin {
  async function retry(kind: JobName, id: string): Promise<boolean> {
    const job = await backend.queues[kind].getJob(id);
    if (job === undefined) return false;
    const state = await job.getState();
    if (state === 'delayed') return succeeds(() => job.promote());
    if (state !== 'failed') return false;
    await retryFromStart(job);
    return true;
  }

  async function idsOf(kind: JobName): Promise<readonly string[]> {
    return newestOfEachKey(await backend.queues[kind].getRanges(['failed'], 0, maxReplayed - 1));
  }

  return {
    find: (kind, id) =>
      breaker.run(async () => {
        const queue = backend.queues[kind];
        // Before the job itself: one that ends in between would be called ended without its outcome.
        const state = await queue.getJobState(id);
        const [job, { logs }] = await Promise.all([queue.getJob(id), queue.getJobLogs(id, 0, maxLog)]);
        if (job === undefined) return undefined;
        return reportOf(kind, job, state, logs);
      }),

    failed: (limit) =>
      breaker.run(async () => {
        const found = await Promise.all(
          jobNames.map(async (kind) => {
            const jobs = await backend.queues[kind].getFailed(0, limit - 1);
            return jobs.map((job) => failedJob(kind, job));
          }),
        );
        const totals = await Promise.all(jobNames.map((kind) => backend.queues[kind].getFailedCount()));
        const jobs = found.flat().sort((a, b) => b.failedAt - a.failedAt);
        return { total: totals.reduce((sum, one) => sum + one, 0), jobs: jobs.slice(0, limit) };
      }),

    replay: async (id) => {
      for (const kind of jobNames.filter((name) => id.startsWith(`${name}_`))) {
        if (await breaker.run(() => retry(kind, id))) return true;
      }
      return false;
    },

    replayAll: async () => {
      const replayed: string[] = [];
      for (const kind of jobNames) {
        for (const id of await breaker.run(() => idsOf(kind))) {
          if (await breaker.run(() => retry(kind, id))) replayed.push(id);
        }
      }
      const { delayed } = await bringForward(backend, breaker, { delayed: () => true, failed: () => false });
      return { replayed, broughtForward: delayed };
    },
  };
}

function reportOf(kind: JobName, job: Job, state: string, log: readonly string[]): JobReport {
  return {
    kind,
    id: job.id ?? '',
    state,
    progress: typeof job.progress === 'number' ? job.progress : 0,
    outcome: job.returnvalue,
    log,
    ...(state === 'failed' ? { reason: job.failedReason ?? '' } : {}),
  };
}

function failedJob(
  kind: JobName,
  job: {
    readonly id?: string;
    readonly data: unknown;
    readonly failedReason?: string;
    readonly finishedOn?: number;
  },
): FailedJob {
  const { id = '', data, failedReason = '', finishedOn = 0 } = job;
  return { kind, id, payload: data, reason: failedReason, failedAt: finishedOn };
}
