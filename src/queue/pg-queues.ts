import { createPostgresBackend, type Processor, Queue, Worker } from 'bullmq';
import type { BackendWorkerOptions } from './backend.js';
import { byName } from './by-name.js';
import type { PgPool } from './pg-pool.js';
import type { JobName } from './types.js';

export interface PgQueues {
  readonly queues: Readonly<Record<JobName, Queue>>;
  startWorker(name: JobName, processor: Processor, options: BackendWorkerOptions): Worker;
}

/**
 * The one place that makes queues on PostgreSQL. BullMQ types them by their backend, so that they are not
 * assignable to the plain `Queue` that everything else (bull-board too) works with; they behave alike.
 */
export function createPgQueues(pool: PgPool, onError: (error: Error) => void): PgQueues {
  return {
    queues: byName((name) => {
      const queue = new Queue(
        name,
        { connection: pool, streams: { events: { maxLen: 1_000 } } },
        createPostgresBackend,
      );
      queue.on('error', onError);
      return queue as unknown as Queue;
    }),
    startWorker(name, processor, options) {
      const worker = new Worker(name, processor, { ...options, connection: pool }, createPostgresBackend);
      worker.on('error', onError);
      return worker as unknown as Worker;
    },
  };
}
