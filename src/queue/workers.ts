import type { Job } from 'bullmq';
import type { Backend } from './backend.js';
import { closeWorkers } from './close-workers.js';
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
  /** Called once, when running jobs have not ended by the deadline and before others can take them. */
  readonly beforeHandingBack?: () => void;
}

interface WorkerParts {
  readonly backend: Backend;
  readonly payloads: PayloadReader;
  readonly failed: FailedJobs;
  readonly log: QueueLog;
}

/** One BullMQ worker per job name. They wait while the store is away and go on when it is back. */
export function startWorkers(
  { backend, payloads, failed, log }: WorkerParts,
  handlers: JobHandlers,
  { concurrency = {}, beforeHandingBack = () => undefined }: WorkerSettings,
): Workers {
  let handingBack = false;
  const running = new Set<Job>();
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
        log.debug(
          { name, error: String(error) },
          'old failed jobs of a key that has succeeded could not be removed',
        );
      }
    },
  };

  async function run(name: JobName, job: Job, token: string | undefined, signal: AbortSignal) {
    running.add(job);
    try {
      return await runJob(name, job, token, signal, options);
    } finally {
      running.delete(job);
    }
  }

  const workers = jobNames.map((name) =>
    backend.startWorker(
      name,
      // BullMQ hands out the signal only to a function that takes three arguments.
      (job, token, signal) => run(name, job, token, signal ?? neverAborted()),
      {
        concurrency: concurrency[name] ?? jobKinds[name].concurrency,
        lockDuration: 30_000,
        // A killed worker is no fault of the job, and every job may run twice.
        maxStalledCount: 5,
      },
    ),
  );

  return {
    close: (deadlineMs) =>
      closeWorkers(
        {
          workers,
          running: () => [...running].map(({ name, id }) => `${name} ${id}`),
          handBack() {
            handingBack = true;
            beforeHandingBack();
          },
          log,
        },
        deadlineMs,
      ),
  };
}

function neverAborted(): AbortSignal {
  return new AbortController().signal;
}
