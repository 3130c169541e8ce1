import type { Queue } from 'bullmq';
import { idAsksLess, jobKey, widerThan } from './keys.js';
import type { JobName, NewJob } from './types.js';

/** A job in one of these has not read its payload for its next try yet. */
const notBegun = ['waiting', 'prioritized', 'delayed', 'waiting-children'];

/** Each try loses against a job that begins and ends in that very moment. */
const maxTries = 5;

/** The job that asks for all, where this one asks for less than others of its key may; else undefined. */
export function widerJob<N extends JobName>(job: NewJob<N>): NewJob<N> | undefined {
  const payload = widerThan(job.name, job.payload);
  return payload === undefined ? undefined : { ...job, payload };
}

/** True where the job that was there already, and that stands for the new one, may ask for less than it. */
export function isTooNarrow<N extends JobName>(
  { name, payload }: NewJob<N>,
  answered: string | undefined,
): boolean {
  if (answered === undefined || widerThan(name, payload) !== undefined) return false;
  return idAsksLess(jobKey(name, payload), answered);
}

/** True where the job still waits, so that whatever is news now is seen by it. */
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
export async function widen<N extends JobName>(
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
    if (answered === id || !isTooNarrow(asked, answered)) return answered;
    id = answered;
  }
  return id;
}
