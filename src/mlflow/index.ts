import { Mlflow } from './mlflow.js';

export type { RetryPolicy } from '../http/retry.js';
export type { Connections } from '../http/types.js';
export { AnswerError } from './answers.js';
export { ApiError, isAlreadyExists, isNotActive, isNotFound } from './api-error.js';
export { ArgumentError } from './check.js';
export { createMlflowClients, type MlflowClients } from './clients.js';
export type { MlflowConnection } from './connection.js';
export { ExperimentClient } from './experiment-client.js';
export { LoggedModelClient } from './logged-model-client.js';
export { ExperimentManager, type ModelFile, type RunWithMetric } from './managers/experiment-manager.js';
export { ModelManager } from './managers/model-manager.js';
export { type CleanedRuns, type CopiedRun, RunManager } from './managers/run-manager.js';
export { ModelRegistryClient } from './model-registry-client.js';
export { ModelVersionClient } from './model-version-client.js';
export type { MlflowOptions } from './options.js';
export { type AllRunsOptions, allExperiments, allModelVersions, allRuns } from './pages.js';
export { RunClient } from './run-client.js';
export type * from './types.js';
export { Mlflow };

// mlflow-js exports its class as the default.
export default Mlflow;
