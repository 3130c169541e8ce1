import { createPostgresBackend, type Processor, Queue, Worker } from 'bullmq';
import type { BackendWorkerOptions } from './backend.js';
import { byName } from './jobs.js';
import type { PgPool } from './pg-pool.js';
import { withPollingBackoff } from './polling-backoff.js';
import type { JobName } from './types.js';

export interface PgQueues {
  readonly queues: Readonly<Record<JobName, Queue>>;
  startWorker(name: JobName, processor: Processor, options: BackendWorkerOptions): Worker;
}

/**
 * The one place that makes queues on PostgreSQL. BullMQ types them by their backend, so that they are not
 * assignable to the plain `Queue` that everything else (bull-board too) works with; they behave alike.
 *
 * @param poolOf the pool for one queue or worker
 * @param onRefused called with the error of each poll for jobs that the store refused
 */
export function createPgQueues(
  poolOf: () => PgPool,
  onError: (error: Error) => void,
  onRefused?: (error: unknown) => void,
): PgQueues {
  return {
    queues: byName((name) => {
      const queue = new Queue(
        name,
        { connection: poolOf(), streams: { events: { maxLen: 1_000 } } },
        createPostgresBackend,
      );
      queue.on('error', onError);
      return queue as unknown as Queue;
    }),
    startWorker(name, processor, options) {
      const settings = { ...options, connection: poolOf() };
      const factory = withPollingBackoff(createPostgresBackend, onRefused);
      const worker = new Worker(name, processor, settings, factory);
      worker.on('error', onError);
      return worker as unknown as Worker;
    },
  };
}
