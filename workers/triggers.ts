import { watchedRepositories } from '../src/facts/commits/watched.js';
import { createBatcher } from '../src/facts/common/batcher.js';
import type { InstallationAccess } from '../src/facts/links/access.js';
import type { AddedJob, Queues } from '../src/queue/types.js';
import type { Log } from '../src/telemetry/log.js';
import { type ReconcileMemory, repositoryKey } from './reconcile/pass.js';

export interface Timer {
  start(): void;
  stop(): void;
}

/** Queues a sweep of every MLflow server, now and every `intervalMs`. One that waits or runs already is enough. */
export function createSweepTimer({
  servers,
  queues,
  intervalMs,
  log,
}: {
  readonly servers: readonly string[];
  readonly queues: Pick<Queues, 'add'>;
  readonly intervalMs: number;
  readonly log: Log;
}): Timer {
  return every(intervalMs, async () => {
    await Promise.all(
      servers.map((server) =>
        queues
          .add({ name: 'sweep-runs', payload: { v: 1, server }, cause: 'sweep' })
          .catch((error: unknown) => {
            log.warn({ server, error: messageOf(error) }, 'cannot queue a sweep; retrying');
          }),
      ),
    );
  });
}

/** Queues a check of every watched repository, now and every `intervalMs`. One that waits or runs already is enough. */
export function createReconcileTimer({
  installations,
  queues,
  intervalMs,
  log,
}: {
  readonly installations: readonly InstallationAccess[];
  readonly queues: Pick<Queues, 'addMany'>;
  readonly intervalMs: number;
  readonly log: Log;
}): Timer {
  let asking = false;

  /** A server that does not answer does not delay the others. */
  async function askFor(access: InstallationAccess): Promise<void> {
    const installation = access.settings.name;
    try {
      const repositories = await watchedRepositories(access);
      await queues.addMany(
        repositories.map((repository) => ({
          name: 'reconcile-repository',
          payload: { v: 1, installation, repository },
          cause: 'reconcile',
        })),
      );
    } catch (error) {
      log.warn({ installation, why: messageOf(error) }, 'cannot list or queue the repositories; retrying');
    }
  }

  return every(intervalMs, async () => {
    if (asking) return;
    asking = true;
    await Promise.all(installations.map(askFor));
    asking = false;
  });
}

/** Whatever fails is tried again at the next tick, so `work` must not reject. */
function every(intervalMs: number, work: () => Promise<void>): Timer {
  let timer: NodeJS.Timeout | undefined;
  return {
    start: () => {
      void work();
      timer = setInterval(() => void work(), intervalMs);
    },
    stop: () => clearInterval(timer),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const maxBatch = 1_000;
const everyMs = 250;

/**
 * Queues sweeps of an MLflow server. When many commits come at once they share one: a sweep that begins after the
 * last of them covers all. Rejects where the queue cannot take it.
 *
 * @param whenFree resolves once the server has time for a sweep: until then requests are batched
 */
export function createAskForSweep(
  queues: Pick<Queues, 'add'>,
  server: string,
  whenFree: () => Promise<void>,
): () => Promise<AddedJob> {
  const ask = createBatcher<undefined, AddedJob>(
    (questions) => {
      const asked = queues.add({ name: 'sweep-runs', payload: { v: 1, server }, cause: 'hook' });
      return questions.map(() => asked);
    },
    { maxBatch, everyMs, whenFree },
  );
  return () => ask(undefined);
}

/**
 * Queues a check of a repository at its first hook, once per process, unless there was one. The first check draws the
 * horizon. Left to the timer, it would leave out whatever was committed between that hook and the next tick and whose
 * own hook was lost.
 */
export function createFirstScan(
  queues: Pick<Queues, 'addMany'>,
  { heads }: Pick<ReconcileMemory, 'heads'>,
): (place: { readonly installation: string; readonly repository: string }) => Promise<void> {
  const asked = new Set<string>();
  return async ({ installation, repository }) => {
    const key = repositoryKey({ installation, repository });
    if (asked.has(key) || heads.has(key)) return;
    await queues.addMany([
      { name: 'reconcile-repository', payload: { v: 1, installation, repository }, cause: 'hook' },
    ]);
    asked.add(key);
  };
}
