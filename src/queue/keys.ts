import { createHash, randomBytes } from 'node:crypto';
import type { Queue } from 'bullmq';
import { jobKinds } from './jobs.js';
import type { JobName, JobPayloads, NewJob } from './types.js';

export interface JobKey {
  /** Equal for two jobs that are the same. */
  readonly deduplicationId: string;
  /** Every job id of this key starts with it, so that the key of a failed job shows in its id. */
  readonly idPrefix: string;
}

/** The payload of the same key that asks for all, where this one asks for less; else undefined. */
function fullPayload<N extends JobName>(name: N, payload: JobPayloads[N]): JobPayloads[N] | undefined {
  return jobKinds[name].full(payload);
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
function idAsksLess(key: JobKey, id: string): boolean {
  return id.startsWith(key.idPrefix + lessMark);
}

/** A job in one of these has not read its payload for its next try yet. */
const notBegun = ['waiting', 'prioritized', 'delayed', 'waiting-children'];

/** Each try loses against a job that begins and ends in that very moment. */
const maxTries = 5;

/** The job that asks for all, where this one asks for less than others of its key may; else undefined. */
export function fullJob<N extends JobName>(job: NewJob<N>): NewJob<N> | undefined {
  const payload = fullPayload(job.name, job.payload);
  return payload === undefined ? undefined : { ...job, payload };
}

/** True where the job that was there already, and that stands for the new one, may ask for less than it. */
export function asksForLess<N extends JobName>(
  { name, payload }: NewJob<N>,
  answered: string | undefined,
): boolean {
  if (answered === undefined || fullPayload(name, payload) !== undefined) return false;
  return idAsksLess(jobKey(name, payload), answered);
}

/** True where the job still waits, so that it will see whatever is new now. */
export async function isWaiting(queue: Queue, id: string): Promise<boolean> {
  return notBegun.includes(await queue.getJobState(id));
}

/**
 * Sees to it that what the new job asks for is done, although one that asks for less was there already: gives that
 * one the new payload, or, where it has begun, puts a job behind it. Three commands; needed seldom.
 *
 * @param add adds the new job; answers with its id, or that of the job that stands for it
 * @returns the id of the job that does what was asked
 */
export async function extendJob<N extends JobName>(
  queue: Queue,
  asked: NewJob<N>,
  waiting: string,
  add: () => Promise<string | undefined>,
): Promise<string> {
  let id = waiting;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const job = await queue.getJob(id);
    if (job !== undefined) {
      // The job may be removed in this moment.
      const isWritten = await job.updateData(asked.payload).then(
        () => true,
        () => false,
      );
      if (isWritten && notBegun.includes(await job.getState())) return id;
    }
    const answered = (await add()) ?? id;
    // The same id: it runs, and the new one comes after it; or it waits for another try, with the new payload.
    if (answered === id || !asksForLess(asked, answered)) return answered;
    id = answered;
  }
  return id;
}

/** Failed jobs in this index, newest first; older ones are left to people. */
const maxListed = 10_000;

export interface FailedJobs {
  /**
   * Ids of the failed jobs of this payload's key, as of `notBefore` (ms, `Date.now()`) or later.
   *
   * Job ids start with a hash of their key, so the ids alone tell: one command for all that failed (about
   * 60 bytes each, no job is read), shared by every call that an earlier answer is fresh enough for.
   */
  idsOf<N extends JobName>(name: N, payload: JobPayloads[N], notBefore: number): Promise<readonly string[]>;
}

interface Listing {
  /** When the command was sent. */
  readonly at: number;
  readonly byPrefix: Promise<ReadonlyMap<string, readonly string[]>>;
}

export function createFailedJobs(queues: Readonly<Record<JobName, Queue>>): FailedJobs {
  const listings = new Map<JobName, Listing>();

  function listing(name: JobName, notBefore: number): Listing {
    const known = listings.get(name);
    if (known !== undefined && known.at >= notBefore) return known;
    const fresh: Listing = { at: Date.now(), byPrefix: list(queues[name]) };
    listings.set(name, fresh);
    fresh.byPrefix.catch(() => {
      if (listings.get(name) === fresh) listings.delete(name);
    });
    return fresh;
  }

  return {
    async idsOf(name, payload, notBefore) {
      const byPrefix = await listing(name, notBefore).byPrefix;
      return byPrefix.get(jobKey(name, payload).idPrefix) ?? [];
    },
  };
}

async function list(queue: Queue): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = await queue.getRanges(['failed'], 0, maxListed - 1);
  const byPrefix = new Map<string, string[]>();
  for (const id of ids) {
    const prefix = id.slice(0, id.lastIndexOf('_') + 1);
    const same = byPrefix.get(prefix);
    if (same) same.push(id);
    else byPrefix.set(prefix, [id]);
  }
  return byPrefix;
}
