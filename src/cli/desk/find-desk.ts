import type { Settings } from '../../config/types.js';
import { findService } from '../../server/service-file.js';
import type { Desk } from './desk.js';
import { openQueueDesk } from './queue-desk.js';
import { createServiceDesk, NoServiceError } from './service-desk.js';

/**
 * The service that uses our DATA_DIR, where one answers; else its queue. Close it.
 *
 * @throws CliError where the queue is held by a service that cannot be reached
 */
async function findDesk(settings: Settings): Promise<Desk> {
  const address = findService(settings.dataDir);
  if (address === undefined) return openQueueDesk(settings);
  const desk = createServiceDesk(address);
  try {
    await desk.counts();
    return desk;
  } catch (error) {
    // A service that was killed leaves its address behind.
    if (error instanceof NoServiceError) return openQueueDesk(settings);
    throw error;
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
