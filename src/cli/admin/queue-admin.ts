import { createJobs } from '../../../workers/index.js';
import type { Settings } from '../../config/types.js';
import { connectServers } from '../../connect.js';
import { createQueues } from '../../queue/create-queues.js';
import { EmbeddedQueueInUseError } from '../../queue/embedded-lock.js';
import type { JobContext } from '../../queue/types.js';
import type { Log } from '../../telemetry/log.js';
import { CliError } from '../output.js';
import type { Admin, CheckReport, CheckRequest } from './admin.js';

/**
 * Works on the queue itself, if no service runs on this machine: what is queued waits for a service, here or elsewhere.
 *
 * @param stop aborts the opening, which then rejects with its reason
 * @throws CliError if another process has the embedded queue
 */
export async function openQueueAdmin(settings: Settings, stop: AbortSignal): Promise<Admin> {
  const { queueUrl, queueCaFile: caFile, dataDir } = settings;
  const queues = await createQueues({ queueUrl, caFile, dataDir, log: quiet, stop }).catch(
    (error: unknown) => {
      if (!(error instanceof EmbeddedQueueInUseError)) throw error;
      const holder = error.holder === undefined ? '' : ` (process ${error.holder.pid})`;
      throw new CliError(
        `a service holds the queue${holder}, but it cannot be reached through ${dataDir}/service.json. It may be ` +
          'starting or stopping: try again in a few seconds. If that does not help, run this as the user of the ' +
          'service, or restart the service',
      );
    },
  );

  async function check(
    request: CheckRequest,
    onProgress: (percent: number) => void,
    signal: AbortSignal,
  ): Promise<CheckReport> {
    const { handlers } = createJobs({
      ...{ servers: connectServers(settings.installations), queues, log: quiet, now: Date.now },
      ...{ publicUrl: settings.publicUrl, sweepIntervalMs: settings.sweepIntervalMs },
      ...{ reconcileIntervalMs: settings.reconcileIntervalMs, lapIntervalMs: settings.lapIntervalMs },
    });
    const { installation, repository } = request;
    const log: string[] = [];
    const context: JobContext = {
      ...{ id: 'command', attempt: 1, signal },
      log: async (line) => void log.push(line),
      progress: async (percent) => onProgress(percent),
    };
    try {
      const outcome = await handlers['reconcile-repository']({ v: 1, ...request }, context);
      const { summary, counts = {} } = outcome;
      return { installation, repository, summary, failed: false, counts, log };
    } catch (error) {
      signal.throwIfAborted();
      const summary = error instanceof Error ? error.message : String(error);
      return { installation, repository, summary, failed: true, counts: {}, log };
    }
  }

  return {
    where: queueUrl === 'embedded' ? `the queue in ${dataDir}` : 'the queue',
    works: false,
    check,
    register: async ({ installation, repository }, commits) => {
      const added = await queues.addMany(
        commits.map((commit) => ({
          name: 'register-commit',
          payload: { v: 1, installation, repository, ...commit },
          cause: 'backfill',
        })),
      );
      const waiting = added.filter(({ duplicate }) => duplicate).length;
      return { queued: added.length - waiting, waiting };
    },
    counts: queues.counts,
    failed: queues.admin.failed,
    replay: async (job) => {
      if (job === 'all') return queues.admin.replayAll();
      return { replayed: (await queues.admin.replay(job)) ? [job] : [], broughtForward: 0 };
    },
    close: () => queues.close(),
  };
}

/** The command itself reports what went wrong. */
const quiet: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
