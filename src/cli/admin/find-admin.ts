import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../../config/types.js';
import { findService } from '../../server/service-file.js';
import type { Desk } from './admin.js';
import { openQueueDesk } from './queue-admin.js';
import { createServiceDesk, NoServiceError } from './service-admin.js';

/**
 * The service that uses our DATA_DIR, where one answers; else its queue. Close it.
 *
 * @throws CliError where the queue is held by a service that cannot be reached
 */
async function findDesk(settings: Settings): Promise<Desk> {
  return (await serviceDesk(settings)) ?? openOrMeet(settings);
}

/** Undefined where no service answers: one that was killed leaves its address behind. */
async function serviceDesk({ dataDir }: Settings): Promise<Desk | undefined> {
  const address = findService(dataDir);
  if (address === undefined) return undefined;
  const desk = createServiceDesk(address);
  try {
    await desk.counts();
    return desk;
  } catch (error) {
    if (error instanceof NoServiceError) return undefined;
    throw error;
  }
}

const lookEveryMs = 200;

/**
 * Opens the queue. The embedded one may have to be waited for: a service that is starting holds it and is not there yet,
 * one that is stopping is not there any more. Whoever comes first is taken: the queue, or the service that has started.
 */
async function openOrMeet(settings: Settings): Promise<Desk> {
  const opening = new AbortController();
  let isSettled = false;
  async function meet(): Promise<Desk | undefined> {
    while (!isSettled) {
      await sleep(lookEveryMs);
      const met = await serviceDesk(settings);
      if (met !== undefined) return met;
    }
    return undefined;
  }
  const meeting = meet().finally(() => {
    if (!isSettled) opening.abort(new Error('a service answers'));
  });
  // Whoever waits for the opening hears of it.
  meeting.catch(() => undefined);
  try {
    return await openQueueDesk(settings, opening.signal);
  } catch (error) {
    isSettled = true;
    const met = await meeting;
    if (met !== undefined) return met;
    throw error;
  } finally {
    isSettled = true;
  }
}

/** Works at a desk, and closes it. */
export async function atDesk<T>(settings: Settings, work: (desk: Desk) => Promise<T>): Promise<T> {
  const desk = await findDesk(settings);
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}
