import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'bullmq';
import type { Backend } from './backend.js';
import type { FailedJobs } from './failed-jobs.js';
import { jobKinds, jobNames } from './jobs.js';
import type { QueueLog } from './log.js';
import { createOneAtATime } from './one-at-a-time.js';
import type { PayloadReader } from './payloads.js';
import { type RunJobOptions, runJob } from './run-job.js';
import type { JobHandlers, JobName, Workers } from './types.js';

export interface WorkerSettings {
  /** Jobs at once in this process, per name; the table's own numbers where left out. */
  readonly concurrency?: Partial<Record<JobName, number>>;
}

interface WorkerParts {
  readonly backend: Backend;
  readonly payloads: PayloadReader;
  readonly failed: FailedJobs;
  readonly log: QueueLog;
}

/** What handlers get after the deadline to notice their signal, in ms. */
const graceMs = 2_000;

/** One BullMQ worker per job name. They wait while the store is away and go on when it is back. */
export function startWorkers(
  { backend, payloads, failed, log }: WorkerParts,
  handlers: JobHandlers,
  { concurrency = {} }: WorkerSettings,
): Workers {
  let handingBack = false;
  const options: RunJobOptions = {
    handlers,
    payloads,
    log,
    oneAtATime: createOneAtATime(),
    handingBack: () => handingBack,
    async removeFailed(name, payload, startedAt) {
      try {
        const ids = await failed.idsOf(name, payload, startedAt);
        await Promise.all(ids.map((id) => backend.queues[name].remove(id)));
      } catch (error) {
        // The next success of this key takes them.
        log.debug({ name, error: String(error) }, 'failed jobs of a finished key were not removed');
      }
    },
  };
  const workers = jobNames.map((name) =>
    backend.startWorker(
      name,
      // BullMQ hands out the signal only to a function that takes three arguments.
      (job, token, signal) => runJob(name, job, token, signal ?? neverAborted(), options),
      {
        concurrency: concurrency[name] ?? jobKinds[name].concurrency,
        lockDuration: 30_000,
        // A killed worker is no fault of the job, and every job may run twice.
        maxStalledCount: 5,
      },
    ),
  );

  async function close(deadlineMs: number): Promise<void> {
    const closed = Promise.all(workers.map((worker) => worker.close()));
    if (await within(closed, deadlineMs)) return;
    handingBack = true;
    for (const worker of workers) worker.cancelAllJobs('the process is stopping');
    if (await within(closed, graceMs)) return;
    log.warn({ running: running(workers) }, 'jobs did not stop in time and will run again elsewhere');
    for (const worker of workers) void worker.disconnect().catch(() => undefined);
  }

  return { close };
}

function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

function running(workers: readonly Worker[]): readonly string[] {
  return workers.filter((worker) => worker.isRunning()).map((worker) => worker.name);
}

async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  const late = new AbortController();
  try {
    return await Promise.race([
      work.then(() => true),
      sleep(ms, false, { signal: late.signal }).catch(() => false),
    ]);
  } finally {
    late.abort();
  }
}
