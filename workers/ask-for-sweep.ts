import { createGather } from '../src/facts/common/batcher.js';
import type { AddedJob, NewJob, Queues } from '../src/queue/types.js';

const maxBatch = 1_000;
const everyMs = 250;

/**
 * Asks for sweeps of an MLflow server. When many commits come at once they share one: a sweep that begins after the
 * last of them sees for all. Rejects where the queue cannot take it.
 *
 * @param whenFree resolves once the server has time for a sweep: until then those who ask gather
 */
export function createAskForSweep(
  queues: Pick<Queues, 'add'>,
  server: string,
  whenFree: () => Promise<void>,
): () => Promise<AddedJob> {
  const ask = createGather<undefined, AddedJob>(
    (questions) => {
      const asked = queues.add(sweepJob(server));
      return questions.map(() => asked);
    },
    { maxBatch, everyMs, whenFree },
  );
  return () => ask(undefined);
}

function sweepJob(server: string): NewJob<'sweep-runs'> {
  return { name: 'sweep-runs', payload: { v: 1, server }, cause: 'hook' };
}
