import type { Job, Worker } from 'bullmq';
import { type Backend, endsWithin } from './backend.js';
import { jobNames } from './jobs.js';
import type { FailedJobs } from './keys.js';
import type { QueueLog } from './log.js';
import type { PayloadReader } from './payloads.js';
import { createOneAtATime, type RunJobOptions, runJob } from './run-job.js';
import type { JobHandlers, JobName, Workers } from './types.js';

export interface WorkerSettings {
  /** Jobs at once in this process, per name; where left out, those of `shareConcurrency` for a total of 20. */
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
  const places = { ...shareConcurrency(20, 1), ...concurrency };
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
        concurrency: places[name],
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
const pollEveryMs = 50;

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
    if (await endsWithin(closed, pollEveryMs)) return;
    if (running().length > 0) idleSince = performance.now();
  }
  handBack();
  for (const worker of workers) worker.cancelAllJobs('the process is stopping');
  if (await endsWithin(closed, handBackMs)) return;
  log.warn({ running: running() }, 'the queue does not answer: jobs that were running start again later');
  // Also a connection that was never established, else it is tried again for ever.
  for (const worker of workers)
    worker
      .getBackend()
      .close(true)
      .catch(() => undefined);
}

/**
 * Splits CONCURRENCY among the kinds of jobs. Checks of repositories run one at a time, and so do the sweeps of each
 * MLflow server (which partly just wait for other jobs). Half of the rest goes to commits: there are more runs, but each commit
 * waits for two searches that it shares with others, and the more commits wait, the less each search costs.
 */
export function shareConcurrency(total: number, servers: number): Readonly<Record<JobName, number>> {
  const commits = Math.max(1, Math.round((total - 2) / 2));
  return {
    'sweep-runs': Math.max(1, servers),
    'reconcile-repository': 1,
    'register-commit': commits,
    'link-run': Math.max(1, total - 2 - commits),
  };
}
