import { connect } from './connection.js';
import { ExperimentClient } from './experiment-client.js';
import { type FirstRunOptions, type RunSearch, readFirstRunInfo } from './first-run-info.js';
import { LoggedModelClient } from './logged-model-client.js';
import { ModelRegistryClient } from './model-registry-client.js';
import { ModelVersionClient } from './model-version-client.js';
import type { MlflowOptions } from './options.js';
import { RunClient } from './run-client.js';
import { createSearchScope, type SearchScope } from './search-scope.js';
import type { RunInfo } from './types.js';

/** The public side of a class, so that a test can hand over a plain object. */
type Public<T> = Pick<T, keyof T>;

/** An MLflow server as the service sees it: the clients, which share one limit of requests in flight. */
export interface MlflowClients {
  /** Without a closing slash, user or password. */
  readonly trackingUri: string;
  readonly experiments: Public<ExperimentClient>;
  readonly runs: Public<RunClient>;
  readonly models: Public<ModelRegistryClient>;
  readonly versions: Public<ModelVersionClient>;
  readonly loggedModels: Public<LoggedModelClient>;
  /** What is known about searches over many experiments. */
  readonly searchScope: SearchScope;
  /** `reuse` or `new`; `auto` as long as nothing has been measured. */
  connections(): string;
  /** Resolves once a call would be sent at once: as long as others wait in line, there is time to put several into one. */
  whenFree(): Promise<void>;
  /** The server's version, such as `3.17.2`. */
  version(): Promise<string>;
  /** Of the first run that a search finds, however large that run is; undefined where MLflow does not tell. */
  firstRunInfo(search: RunSearch, how: FirstRunOptions): Promise<RunInfo | undefined>;
}

/** Throws a TypeError where the tracking URI is not an http(s) address. Nothing is sent yet. */
export function createMlflowClients(trackingUri: string, options?: MlflowOptions): MlflowClients {
  const connection = connect(trackingUri, options);
  return {
    trackingUri: connection.trackingUri,
    experiments: new ExperimentClient(connection),
    runs: new RunClient(connection),
    models: new ModelRegistryClient(connection),
    versions: new ModelVersionClient(connection),
    loggedModels: new LoggedModelClient(connection),
    searchScope: createSearchScope(),
    connections: () => connection.connections(),
    whenFree: () => connection.whenFree(),
    version: () => connection.version(),
    firstRunInfo: (search, how) => readFirstRunInfo(connection, search, how),
  };
}
