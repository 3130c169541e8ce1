import type { Redis } from 'ioredis';

/**
 * Returns what is wrong with the server's eviction policy, or undefined. Any policy but `noeviction` lets
 * Redis throw queue keys away when its memory is full. `INFO` is used because hosted servers often forbid
 * `CONFIG`; one that does not tell its policy is trusted.
 */
export async function evictionWarning(redis: Redis, place: string): Promise<string | undefined> {
  const info = await redis.info('memory');
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy === undefined || policy === 'noeviction') return undefined;
  return `${place} has maxmemory-policy "${policy}" and may throw jobs away when its memory is full: set it to noeviction`;
}
