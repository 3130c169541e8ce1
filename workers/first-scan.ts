import type { Queues } from '../src/queue/types.js';
import { type ReconcileMemory, repositoryKey } from './reconcile-memory.js';

/** A repository of an installation. */
interface Place {
  readonly installation: string;
  readonly repository: string;
}

/**
 * Asks for a look at a repository at its first hook, once per process, unless there was one. The first look draws the
 * horizon. Left to the timer, it would leave out whatever was committed between that hook and the next tick and whose
 * own hook was lost.
 */
export function createFirstLook(
  queues: Pick<Queues, 'addMany'>,
  { heads }: Pick<ReconcileMemory, 'heads'>,
): (place: Place) => Promise<void> {
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
