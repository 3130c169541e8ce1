import { createRedisBackend, Queue, Worker } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { type Backend, quietErrors, serverPatienceMs, sharedRenewal } from './backend.js';
import { clockWarning, readClock } from './clock.js';
import { byName } from './jobs.js';
import type { QueueLog } from './log.js';
import { withPollingBackoff } from './polling-backoff.js';
import { explainRedis, isAftermath, isDatabaseRefusal, isDemotion } from './redis-reasons.js';

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
    // Commands that were on their way when the connection broke are sent again: the deadline is the circuit breaker's.
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
        // After a failover the address may lead to another server. The pauses between polls bound how often.
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
      const worker = new Worker(name, processor, settings, withPollingBackoff(createRedisBackend));
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

/**
 * A connection that is ready only in the database of its address. ioredis itself goes on in database 0 where the
 * server refuses the one that it was told. Copies that BullMQ makes of it behave alike.
 */
function connectRedis(url: string, options: Omit<RedisOptions, 'replyMapping' | 'protocol'>): Redis {
  return strict(new Redis(url, options));
}

function strict(redis: Redis): Redis {
  redis.on('error', (error) => {
    if (isDatabaseRefusal(error)) redis.disconnect(true);
  });
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (override) => strict(duplicate(override));
  return redis;
}

/** Leaves the server and connects to the address anew; false where it is not ready again in time. */
function reconnect(redis: Redis, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    function end(isReady: boolean): void {
      clearTimeout(timer);
      redis.off('ready', ready);
      resolve(isReady);
    }
    const ready = (): void => end(true);
    const timer = setTimeout(() => end(false), withinMs);
    redis.on('ready', ready);
    redis.disconnect(true);
  });
}

/**
 * Returns what is wrong with the server's eviction policy, or undefined. Any policy but `noeviction` lets
 * Redis throw queue keys away when its memory is full. `INFO` is used because hosted servers often forbid
 * `CONFIG`; one that does not report its policy is trusted.
 */
async function evictionWarning(redis: Redis, place: string): Promise<string | undefined> {
  const info = await redis.info('memory');
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy === undefined || policy === 'noeviction') return undefined;
  return `${place} has maxmemory-policy "${policy}" and may throw jobs away when its memory is full: set it to noeviction`;
}
