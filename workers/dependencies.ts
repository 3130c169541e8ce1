import type { Installation } from '../src/config/types.js';
import type { LakefsClient } from '../src/lakefs/types.js';
import type { MlflowClients } from '../src/mlflow/clients.js';
import type { Queues } from '../src/queue/types.js';
import type { Log } from '../src/telemetry/log.js';

/** One lakeFS server with its settings. */
export interface InstallationAccess {
  readonly settings: Installation;
  readonly lakefs: LakefsClient;
}

/** One MLflow server, and every installation whose runs live on it. */
export interface ServerAccess {
  /** The name under which jobs name this server: the name of the first installation that uses it. */
  readonly name: string;
  readonly mlflow: MlflowClients;
  readonly installations: readonly InstallationAccess[];
}

/** Everything that the jobs use, handed over by `src/main.ts` and the tests. */
export interface WorkerDependencies {
  readonly servers: readonly ServerAccess[];
  readonly queues: Queues;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
  /** Where people reach us, without a closing slash. */
  readonly publicUrl: string;
  readonly startMarginMs: number;
}
