import { watchedRepositories } from '../src/facts/commits/watched.js';
import type { InstallationAccess } from '../src/facts/links/access.js';
import type { NewJob, Queues } from '../src/queue/types.js';
import type { Log } from '../src/telemetry/log.js';

export interface ReconcileTimer {
  start(): void;
  stop(): void;
}

/** Asks for a look at every watched repository, now and every so often. A look that waits or runs is enough. */
export function createReconcileTimer(options: {
  readonly installations: readonly InstallationAccess[];
  readonly queues: Pick<Queues, 'addMany'>;
  readonly intervalMs: number;
  readonly log: Log;
}): ReconcileTimer {
  const { installations, queues, intervalMs, log } = options;
  let timer: NodeJS.Timeout | undefined;
  let asking = false;

  async function ask(): Promise<void> {
    if (asking) return;
    asking = true;
    await Promise.all(installations.map(askFor));
    asking = false;
  }

  /** One server that does not answer holds up no other; the next tick asks again. */
  async function askFor(access: InstallationAccess): Promise<void> {
    const installation = access.settings.name;
    try {
      await queues.addMany((await watchedRepositories(access)).map((name) => jobFor(installation, name)));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.warn({ installation, why }, 'no look at the repositories was queued');
    }
  }

  return {
    start: () => {
      void ask();
      timer = setInterval(() => void ask(), intervalMs);
    },
    stop: () => clearInterval(timer),
  };
}

function jobFor(installation: string, repository: string): NewJob<'reconcile-repository'> {
  return {
    name: 'reconcile-repository',
    payload: { v: 1, installation, repository },
    cause: 'reconcile',
  };
}
