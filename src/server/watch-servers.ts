import { concernedBy } from '../config/servers.js';
import type { Installation } from '../config/types.js';
import { mayBlameServer } from '../domain/server-blame.js';
import type { QueueHouse } from '../queue/create-queues.js';
import type { Log } from '../telemetry/log.js';
import { createServerWatch, type ServerName, type ServerWatch } from './server-watch.js';

/**
 * Watches the servers of a process that works. One that is back, or that is met for the first time since the start, finds
 * no job that still waits for it or has failed because of it.
 */
export function watchServers(
  installations: readonly Installation[],
  queues: Pick<QueueHouse, 'bringForward' | 'counts'>,
  log: Log,
): ServerWatch {
  async function onBack({ kind, installation }: ServerName): Promise<Readonly<Record<string, number>>> {
    const concerns = concernedBy({ kind, installation }, installations);
    const { delayed, failed } = await queues.bringForward({
      delayed: (_name, payload) => concerns(payload),
      failed: (_name, payload, reason) => concerns(payload) && mayBlameServer(reason, kind),
    });
    const counts = Object.values(await queues.counts());
    const waiting = counts.reduce((sum, states) => sum + states.waiting + states.delayed, 0);
    return { waiting, broughtForward: delayed, triedAgain: failed };
  }
  return createServerWatch({ now: Date.now, log, onBack });
}
