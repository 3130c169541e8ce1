import { concernedBy } from '../config/installations.js';
import type { Installation } from '../config/types.js';
import { mayBlameServer } from '../domain/common/server-blame.js';
import type { OpenQueues } from '../queue/create-queues.js';
import type { Log } from '../telemetry/log.js';
import { createServerWatch, type ServerName, type ServerWatch } from './server-watch.js';

/**
 * Watches the servers of a process that works. Once a server answers again, or for the first time since the start, jobs
 * that waited for it run, and jobs that failed because of it are retried; the log says how many of each.
 */
export function watchServers(
  installations: readonly Installation[],
  queues: Pick<OpenQueues, 'bringForward'>,
  log: Log,
): ServerWatch {
  async function onBack({ kind, installation }: ServerName): Promise<Readonly<Record<string, number>>> {
    const concerns = concernedBy({ kind, installation }, installations);
    const { delayed, failed } = await queues.bringForward({
      delayed: (_name, payload) => concerns(payload),
      failed: (_name, payload, reason) => concerns(payload) && mayBlameServer(reason, kind),
    });
    return { waited: delayed, retried: failed };
  }
  return createServerWatch({ now: Date.now, log, onBack });
}
