import { Redis, type RedisOptions } from 'ioredis';
import { isDatabaseRefusal } from './redis-reasons.js';

/**
 * A connection that is ready only in the database of its address. ioredis itself goes on in database 0 where the
 * server refuses the one that it was told. Copies that BullMQ makes of it behave alike.
 */
export function connectRedis(url: string, options: Omit<RedisOptions, 'replyMapping' | 'protocol'>): Redis {
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
export function reconnect(redis: Redis, withinMs: number): Promise<boolean> {
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
