import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { type Backend, serverPatienceMs } from './backend.js';
import { byName } from './by-name.js';
import type { QueueLog } from './log.js';
import { quietErrors } from './quiet-errors.js';
import { evictionProblem } from './redis-policy.js';

export interface RedisBackendOptions {
  readonly url: string;
  readonly log: QueueLog;
  /** First part of every key. In braces, so that a cluster keeps all keys in one slot. */
  readonly prefix?: string;
}

/** Returns at once, whether or not Redis can be reached. */
export function openRedisBackend({ url, log, prefix = '{lakefs-mlflow}' }: RedisBackendOptions): Backend {
  const place = new URL(url).host;
  const onError = quietErrors(log, `Redis at ${place}`);
  const producer = new Redis(url, {
    enableOfflineQueue: false,
    // Commands that were on their way when the connection broke are sent again: the deadline is the gate's.
    maxRetriesPerRequest: null,
    enableAutoPipelining: true,
    // A pipeline that a broken connection cuts is rejected, and BullMQ never forgives a failed first INFO.
    autoPipeliningIgnoredCommands: ['info', 'ping'],
    connectTimeout: 2_000,
    // Half-open connections: no data for this long while a command waits ends the connection.
    socketTimeout: 5_000,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), 1_000),
  });
  producer.on('error', onError);
  producer.on('ready', () => {
    evictionProblem(producer, place).then((problem) => {
      if (problem !== undefined) log.warn({ place, problem }, 'Redis is not set up to keep jobs');
    }, onError);
  });
  const queues = byName((name) => {
    const queue = new Queue(name, {
      connection: producer,
      prefix,
      streams: { events: { maxLen: 1_000 } },
    });
    queue.on('error', onError);
    return queue;
  });
  let workers: Redis | undefined;

  function workerConnection(): Redis {
    if (workers === undefined) {
      // No auto-pipelining: it halves a worker's throughput.
      workers = new Redis(url, {
        maxRetriesPerRequest: null,
        connectTimeout: 2_000,
        retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), 2_000),
      });
      workers.on('error', onError);
    }
    return workers;
  }

  return {
    kind: 'redis',
    queues,
    place: `Redis at ${place}`,
    notReady: () => (producer.status === 'ready' ? undefined : `Redis at ${place} cannot be reached`),
    patienceMs: serverPatienceMs,
    async ping() {
      await producer.ping();
    },
    misconfiguration: () => evictionProblem(producer, place),
    startWorker(name, processor, options) {
      const worker = new Worker(name, processor, { ...options, connection: workerConnection(), prefix });
      worker.on('error', onError);
      return worker;
    },
    async close() {
      await Promise.allSettled(Object.values(queues).map((queue) => queue.close()));
      producer.disconnect();
      workers?.disconnect();
    },
  };
}
