import type { Configured, Installations } from '../../config/installations.js';
import type { LakefsClient } from '../../lakefs/types.js';
import type { MlflowClients } from '../../mlflow/clients.js';

/** One lakeFS server with its settings. */
export interface InstallationAccess extends Configured {
  readonly lakefs: LakefsClient;
}

/** One MLflow server, and every installation whose runs live on it. */
export interface ServerAccess {
  /** The name under which jobs name this server: the name of the first installation that uses it. */
  readonly name: string;
  readonly mlflow: MlflowClients;
  readonly installations: Installations<InstallationAccess>;
}
