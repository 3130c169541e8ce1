import type { Queues } from '../src/queue/types.js';
import type { Log } from '../src/telemetry/log.js';

export interface SweepTimer {
  start(): void;
  stop(): void;
}

/** Asks for a sweep of every MLflow server, now and every so often. A sweep that waits or runs already is enough. */
export function createSweepTimer(options: {
  readonly servers: readonly string[];
  readonly queues: Pick<Queues, 'add'>;
  readonly intervalMs: number;
  readonly log: Log;
}): SweepTimer {
  const { servers, queues, intervalMs, log } = options;
  let timer: NodeJS.Timeout | undefined;

  function ask(): void {
    for (const server of servers) {
      queues
        .add({ name: 'sweep-runs', payload: { v: 1, server }, cause: 'sweep' })
        .catch((error: unknown) => {
          // The next tick asks again.
          log.warn(
            { server, error: error instanceof Error ? error.message : String(error) },
            'no sweep was queued',
          );
        });
    }
  }

  return {
    start: () => {
      ask();
      timer = setInterval(ask, intervalMs);
    },
    stop: () => clearInterval(timer),
  };
}
