import type { ServerAccess } from '../src/facts/links/access.js';
import type { Queues } from '../src/queue/types.js';
import type { Log } from '../src/telemetry/log.js';

export type { ServerAccess };

/** Everything that the jobs use, handed over by `src/main.ts` and the tests. */
export interface WorkerDependencies {
  readonly servers: readonly ServerAccess[];
  readonly queues: Queues;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
  /** Where people reach us, without a closing slash. */
  readonly publicUrl: string;
  /** Sweeps are asked for this often, in ms. */
  readonly sweepIntervalMs: number;
  /** Branch heads are compared with the catalog this often, in ms. */
  readonly reconcileIntervalMs: number;
  /** The slow lap over all runs begins this often, in ms. */
  readonly lapIntervalMs: number;
}
