import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../../config/types.js';
import { findService } from '../../server/service-file.js';
import type { Admin } from './admin.js';
import { openQueueAdmin } from './queue-admin.js';
import { createServiceAdmin, NoServiceError } from './service-admin.js';

/**
 * The service that uses our DATA_DIR if one answers, else its queue. The caller closes it.
 *
 * @throws CliError if a service that cannot be reached holds the queue
 */
async function findAdmin(settings: Settings): Promise<Admin> {
  return (await serviceAdmin(settings)) ?? openQueueOrFindService(settings);
}

/** Undefined if no service answers: one that was killed leaves its address behind. */
async function serviceAdmin({ dataDir }: Settings): Promise<Admin | undefined> {
  const address = findService(dataDir);
  if (address === undefined) return undefined;
  const admin = createServiceAdmin(address);
  try {
    await admin.counts();
    return admin;
  } catch (error) {
    if (error instanceof NoServiceError) return undefined;
    throw error;
  }
}

const pollMs = 200;

/**
 * Opens the queue. The embedded queue may be held by a service that does not answer yet, because it is starting, or no
 * longer, because it is stopping. Whichever is available first is used: the queue, or a service that has started.
 */
async function openQueueOrFindService(settings: Settings): Promise<Admin> {
  const opening = new AbortController();
  let isSettled = false;
  async function pollForService(): Promise<Admin | undefined> {
    while (!isSettled) {
      await sleep(pollMs);
      const service = await serviceAdmin(settings);
      if (service !== undefined) return service;
    }
    return undefined;
  }
  const found = pollForService().finally(() => {
    if (!isSettled) opening.abort(new Error('a service answers'));
  });
  // It is handled where the opening is awaited.
  found.catch(() => undefined);
  try {
    return await openQueueAdmin(settings, opening.signal);
  } catch (error) {
    isSettled = true;
    const service = await found;
    if (service !== undefined) return service;
    throw error;
  } finally {
    isSettled = true;
  }
}

/** Runs `work`, and closes its admin afterwards. */
export async function withAdmin<T>(settings: Settings, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = await findAdmin(settings);
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}
