import { createHash, randomBytes } from 'node:crypto';
import { jobKinds } from './jobs.js';
import type { JobName, JobPayloads } from './types.js';

export interface JobKey {
  /** Equal for two jobs that are the same. */
  readonly deduplicationId: string;
  /** Every job id of this key starts with it, so that the ids of failed jobs tell their keys. */
  readonly idPrefix: string;
}

/** The payload of the same key that asks for all, where this one asks for less; else undefined. */
export function widerThan<N extends JobName>(name: N, payload: JobPayloads[N]): JobPayloads[N] | undefined {
  return jobKinds[name].wider(payload);
}

/** Length-prefixed parts, so that ("a", "bc") and ("ab", "c") differ. */
export function jobKey<N extends JobName>(name: N, payload: JobPayloads[N]): JobKey {
  const parts = jobKinds[name].key(payload);
  const hash = createHash('sha256')
    .update(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''))
    .digest('hex');
  return { deduplicationId: `${name}_${hash}`, idPrefix: `${name}_${hash.slice(0, 24)}_` };
}

/** The first id of each key: of ids that come newest first, the newest. */
export function newestOfEachKey(ids: readonly string[]): readonly string[] {
  const byKey = new Map<string, string>();
  for (const id of ids) {
    const key = id.slice(0, id.lastIndexOf('_') + 1);
    if (!byKey.has(key)) byKey.set(key, id);
  }
  return [...byKey.values()];
}

/** No hex digit, so that no other id begins like this. */
const lessMark = 'l';

/**
 * A new id per add: BullMQ ignores an add whose id it has already seen, even if that job failed long ago,
 * and does not say so. Neither an integer nor with a colon, both of which BullMQ refuses.
 */
export function newJobId(key: JobKey, less: boolean): string {
  return key.idPrefix + (less ? lessMark : '') + randomBytes(8).toString('hex');
}

/** True where the job of this id was added with a payload that asks for less than others of its key may. */
export function idAsksLess(key: JobKey, id: string): boolean {
  return id.startsWith(key.idPrefix + lessMark);
}
