import { createRedisBackend, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { type Backend, serverPatienceMs } from './backend.js';
import { byName } from './by-name.js';
import { clockWarning, readClock } from './clock.js';
import type { QueueLog } from './log.js';
import { withPatientLooks } from './patient-looks.js';
import { quietErrors } from './quiet-errors.js';
import { connectRedis, reconnect } from './redis-connection.js';
import { evictionWarning } from './redis-policy.js';
import { explainRedis, isAftermath, isDemotion } from './redis-reasons.js';
import { sharedRenewal } from './shared-renewal.js';

export interface RedisBackendOptions {
  readonly url: string;
  /** PEM text of the authority that is trusted; default: the public ones. */
  readonly authority?: string | undefined;
  readonly log: QueueLog;
  /** First part of every key. In braces, so that a cluster keeps all keys in one slot. */
  readonly prefix?: string;
}

/** As BullMQ stores jobs: by a script. Between its two commands nobody else sees the key. */
const writeAndTakeBack = `redis.call('set', KEYS[1], ARGV[1], 'px', 1000) return redis.call('del', KEYS[1])`;

/** Returns at once, whether or not Redis can be reached. */
export function openRedisBackend({
  url,
  authority,
  log,
  prefix = '{lakefs-mlflow}',
}: RedisBackendOptions): Backend {
  const tls = authority === undefined ? {} : { tls: { ca: authority } };
  const { protocol, host } = new URL(url);
  const place = `Redis at ${host}`;
  const explain = (error: unknown): string => explainRedis(error, protocol === 'rediss:');
  const onError = quietErrors(log, place);
  const producer = connectRedis(url, {
    ...tls,
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
  let lastError: unknown;
  producer.on('error', (error) => {
    if (isAftermath(error)) return;
    lastError = error;
    onError(error);
  });
  producer.on('ready', () => {
    lastError = undefined;
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
  const opened = new Promise<void>((resolve) => {
    producer.once('ready', () => resolve());
  });
  const renew = sharedRenewal(() => reconnect(producer, serverPatienceMs));
  let workers: Redis | undefined;

  function workerConnection(): Redis {
    if (workers === undefined) {
      // No auto-pipelining: it halves a worker's throughput.
      workers = connectRedis(url, {
        ...tls,
        maxRetriesPerRequest: null,
        connectTimeout: 2_000,
        retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), 2_000),
        // After a failover the address may lead to another server. The pauses between looks bound how often.
        reconnectOnError: isDemotion,
      });
      workers.on('error', onError);
    }
    return workers;
  }

  return {
    kind: 'redis',
    queues,
    keepsByCount: true,
    place,
    opened,
    notReady() {
      if (producer.status === 'ready') return undefined;
      return `${place}: ${lastError === undefined ? 'cannot be reached' : explain(lastError)}`;
    },
    patienceMs: serverPatienceMs,
    async ping() {
      await producer.ping();
    },
    async tryWrite() {
      // BullMQ asks for Redis's version first, and refuses every job where it may not.
      await Promise.all(Object.values(queues).map((queue) => queue.waitUntilReady()));
      await producer.eval(writeAndTakeBack, 1, `${prefix}:probe`, '1');
    },
    async warnings() {
      const clock = await readClock(async () => {
        const [seconds, micros] = await producer.time();
        return Number(seconds) * 1_000 + Number(micros) / 1_000;
      });
      const found = [await evictionWarning(producer, place), clockWarning(place, clock)];
      return found.filter((warning) => warning !== undefined);
    },
    explain,
    mend: async (error) => (isDemotion(error) ? renew() : false),
    startWorker(name, processor, options) {
      const settings = { ...options, connection: workerConnection(), prefix };
      const worker = new Worker(name, processor, settings, withPatientLooks(createRedisBackend));
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
