import type { Queue } from 'bullmq';
import { type BroughtForward, bringForward, type Wanted } from './bring-forward.js';
import { createGate } from './circuit-breaker.js';
import { createFailedJobs } from './failed-jobs.js';
import { createJobDesk, type JobDesk } from './job-admin.js';
import { jobNames } from './jobs.js';
import { type OpenOptions, openBackend } from './open-backend.js';
import { createPayloadReader } from './payloads.js';
import { createProducer } from './producer.js';
import { watchWarnings } from './store-warnings.js';
import type { JobHandlers, Queues, Workers } from './types.js';
import { startWorkers, type WorkerSettings } from './workers.js';

export interface QueueHouse extends Queues {
  readonly backend: 'redis' | 'postgres' | 'embedded';
  /** What puts jobs at risk although events are taken, a line each; as of a minute ago at most. Costs nothing. */
  warnings(): readonly string[];
  /** For the dashboard, one per job name. */
  bullQueues(): readonly Queue[];
  startWorkers(handlers: JobHandlers, settings?: WorkerSettings): Workers;
  /** What became of single jobs, and another try for those that failed. */
  readonly desk: JobDesk;
  /** Lets jobs run now that are put off, and gives failed ones another try. */
  bringForward(wanted: Wanted): Promise<BroughtForward>;
}

/**
 * Opens the queue. With Redis and PostgreSQL this returns at once even if the server is down: `add` then
 * rejects until it is up, and workers wait. The embedded one is open when this returns.
 *
 * Close workers first, then the queues.
 *
 * @throws EmbeddedQueueInUseError where another process has the embedded queue open
 * @throws the reason of `stop`
 */
export async function createQueues(options: OpenOptions): Promise<QueueHouse> {
  const backend = await openBackend(options);
  const gate = createGate(backend);
  const payloads = createPayloadReader();
  const failed = createFailedJobs(backend.queues);
  return {
    ...createProducer(backend, gate, payloads, failed),
    backend: backend.kind,
    desk: createJobDesk(backend, gate),
    warnings: watchWarnings(backend, options.log),
    bringForward: (wanted) => bringForward(backend, gate, wanted),
    bullQueues: () => jobNames.map((name) => backend.queues[name]),
    startWorkers: (handlers, settings = {}) =>
      startWorkers({ backend, payloads, failed, log: options.log }, handlers, settings),
    async close() {
      gate.close();
      await backend.close();
    },
  };
}
