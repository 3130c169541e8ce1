import { createGather } from '../src/facts/gather.js';
import type { AddedJob, NewJob, Queues } from '../src/queue/types.js';

const maxBatch = 1_000;
const everyMs = 250;

/**
 * Asks for sweeps of MLflow servers. When many commits come at once they share one: a sweep that begins after the last
 * of them sees for all. Rejects where the queue cannot take it.
 */
export function createAskForSweep(
  queues: Pick<Queues, 'add'>,
  crowded: () => boolean = () => false,
): (server: string) => Promise<AddedJob> {
  return createGather<string, AddedJob>(
    (servers) => {
      const asked = new Map([...new Set(servers)].map((server) => [server, queues.add(sweepJob(server))]));
      return servers.map((server) => asked.get(server) ?? queues.add(sweepJob(server)));
    },
    { maxBatch, everyMs, crowded },
  );
}

function sweepJob(server: string): NewJob<'sweep-runs'> {
  return { name: 'sweep-runs', payload: { v: 1, server }, cause: 'hook' };
}
