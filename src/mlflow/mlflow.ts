import { connect, type MlflowConnection } from './connection.js';
import { ExperimentClient } from './experiment-client.js';
import { ExperimentManager } from './managers/experiment-manager.js';
import { ModelManager } from './managers/model-manager.js';
import { RunManager } from './managers/run-manager.js';
import { ModelRegistryClient } from './model-registry-client.js';
import { ModelVersionClient } from './model-version-client.js';
import type { MlflowOptions } from './options.js';
import { RunClient } from './run-client.js';

/**
 * Everything of one MLflow server in one object, as in mlflow-js: the clients and managers, and each of their
 * methods directly. All share one connection, so one limit of requests in flight.
 *
 *     const mlflow = new Mlflow('http://127.0.0.1:5000', { username, password });
 *     const run = await mlflow.createRun('0', 'my run');
 */
export class Mlflow {
  readonly #connection: MlflowConnection;
  readonly #experiments: ExperimentClient;
  readonly #runs: RunClient;
  readonly #models: ModelRegistryClient;
  readonly #versions: ModelVersionClient;
  readonly #experimentManager: ExperimentManager;
  readonly #runManager: RunManager;
  readonly #modelManager: ModelManager;

  /** Throws a TypeError where the tracking URI is not an http(s) address. Nothing is sent yet. */
  constructor(trackingUri: string, options?: MlflowOptions) {
    const connection = connect(trackingUri, options);
    this.#connection = connection;
    this.#experiments = new ExperimentClient(connection);
    this.#runs = new RunClient(connection);
    this.#models = new ModelRegistryClient(connection);
    this.#versions = new ModelVersionClient(connection);
    this.#experimentManager = new ExperimentManager(connection);
    this.#runManager = new RunManager(connection);
    this.#modelManager = new ModelManager(connection);
  }

  getExperimentClient(): ExperimentClient {
    return this.#experiments;
  }

  getRunClient(): RunClient {
    return this.#runs;
  }

  getModelRegistryClient(): ModelRegistryClient {
    return this.#models;
  }

  getModelVersionClient(): ModelVersionClient {
    return this.#versions;
  }

  getExperimentManager(): ExperimentManager {
    return this.#experimentManager;
  }

  getRunManager(): RunManager {
    return this.#runManager;
  }

  getModelManager(): ModelManager {
    return this.#modelManager;
  }

  /** Which connections are used: `reuse` or `new`; `auto` as long as nothing has been measured. */
  connections(): string {
    return this.#connection.connections();
  }

  /** The server's version, such as `3.17.2`. */
  version(): Promise<string> {
    return this.#connection.version();
  }

  readonly createExperiment: ExperimentClient['createExperiment'] = (...args) =>
    this.#experiments.createExperiment(...args);
  readonly searchExperiment: ExperimentClient['searchExperiment'] = (...args) =>
    this.#experiments.searchExperiment(...args);
  readonly getExperiment: ExperimentClient['getExperiment'] = (...args) =>
    this.#experiments.getExperiment(...args);
  readonly getExperimentByName: ExperimentClient['getExperimentByName'] = (...args) =>
    this.#experiments.getExperimentByName(...args);
  readonly deleteExperiment: ExperimentClient['deleteExperiment'] = (...args) =>
    this.#experiments.deleteExperiment(...args);
  readonly restoreExperiment: ExperimentClient['restoreExperiment'] = (...args) =>
    this.#experiments.restoreExperiment(...args);
  readonly updateExperiment: ExperimentClient['updateExperiment'] = (...args) =>
    this.#experiments.updateExperiment(...args);
  readonly setExperimentTag: ExperimentClient['setExperimentTag'] = (...args) =>
    this.#experiments.setExperimentTag(...args);

  readonly createRun: RunClient['createRun'] = (...args) => this.#runs.createRun(...args);
  readonly deleteRun: RunClient['deleteRun'] = (...args) => this.#runs.deleteRun(...args);
  readonly restoreRun: RunClient['restoreRun'] = (...args) => this.#runs.restoreRun(...args);
  readonly getRun: RunClient['getRun'] = (...args) => this.#runs.getRun(...args);
  readonly updateRun: RunClient['updateRun'] = (...args) => this.#runs.updateRun(...args);
  readonly logMetric: RunClient['logMetric'] = (...args) => this.#runs.logMetric(...args);
  readonly logBatch: RunClient['logBatch'] = (...args) => this.#runs.logBatch(...args);
  readonly logModel: RunClient['logModel'] = (...args) => this.#runs.logModel(...args);
  readonly logInputs: RunClient['logInputs'] = (...args) => this.#runs.logInputs(...args);
  readonly setTag: RunClient['setTag'] = (...args) => this.#runs.setTag(...args);
  readonly deleteTag: RunClient['deleteTag'] = (...args) => this.#runs.deleteTag(...args);
  readonly logParam: RunClient['logParam'] = (...args) => this.#runs.logParam(...args);
  readonly getMetricHistory: RunClient['getMetricHistory'] = (...args) =>
    this.#runs.getMetricHistory(...args);
  readonly searchRuns: RunClient['searchRuns'] = (...args) => this.#runs.searchRuns(...args);
  readonly listArtifacts: RunClient['listArtifacts'] = (...args) => this.#runs.listArtifacts(...args);

  readonly createRegisteredModel: ModelRegistryClient['createRegisteredModel'] = (...args) =>
    this.#models.createRegisteredModel(...args);
  readonly getRegisteredModel: ModelRegistryClient['getRegisteredModel'] = (...args) =>
    this.#models.getRegisteredModel(...args);
  readonly renameRegisteredModel: ModelRegistryClient['renameRegisteredModel'] = (...args) =>
    this.#models.renameRegisteredModel(...args);
  readonly updateRegisteredModel: ModelRegistryClient['updateRegisteredModel'] = (...args) =>
    this.#models.updateRegisteredModel(...args);
  readonly deleteRegisteredModel: ModelRegistryClient['deleteRegisteredModel'] = (...args) =>
    this.#models.deleteRegisteredModel(...args);
  readonly getLatestModelVersions: ModelRegistryClient['getLatestModelVersions'] = (...args) =>
    this.#models.getLatestModelVersions(...args);
  readonly searchRegisteredModels: ModelRegistryClient['searchRegisteredModels'] = (...args) =>
    this.#models.searchRegisteredModels(...args);
  readonly setRegisteredModelTag: ModelRegistryClient['setRegisteredModelTag'] = (...args) =>
    this.#models.setRegisteredModelTag(...args);
  readonly deleteRegisteredModelTag: ModelRegistryClient['deleteRegisteredModelTag'] = (...args) =>
    this.#models.deleteRegisteredModelTag(...args);
  readonly setRegisteredModelAlias: ModelRegistryClient['setRegisteredModelAlias'] = (...args) =>
    this.#models.setRegisteredModelAlias(...args);
  readonly deleteRegisteredModelAlias: ModelRegistryClient['deleteRegisteredModelAlias'] = (...args) =>
    this.#models.deleteRegisteredModelAlias(...args);
  readonly getModelVersionByAlias: ModelRegistryClient['getModelVersionByAlias'] = (...args) =>
    this.#models.getModelVersionByAlias(...args);

  readonly createModelVersion: ModelVersionClient['createModelVersion'] = (...args) =>
    this.#versions.createModelVersion(...args);
  readonly getModelVersion: ModelVersionClient['getModelVersion'] = (...args) =>
    this.#versions.getModelVersion(...args);
  readonly updateModelVersion: ModelVersionClient['updateModelVersion'] = (...args) =>
    this.#versions.updateModelVersion(...args);
  readonly searchModelVersions: ModelVersionClient['searchModelVersions'] = (...args) =>
    this.#versions.searchModelVersions(...args);
  readonly searchModelVersionsPage: ModelVersionClient['searchModelVersionsPage'] = (...args) =>
    this.#versions.searchModelVersionsPage(...args);
  readonly getDownloadUriForModelVersionArtifacts: ModelVersionClient['getDownloadUriForModelVersionArtifacts'] =
    (...args) => this.#versions.getDownloadUriForModelVersionArtifacts(...args);
  readonly transitionModelVersionStage: ModelVersionClient['transitionModelVersionStage'] = (...args) =>
    this.#versions.transitionModelVersionStage(...args);
  readonly setModelVersionTag: ModelVersionClient['setModelVersionTag'] = (...args) =>
    this.#versions.setModelVersionTag(...args);
  readonly deleteModelVersionTag: ModelVersionClient['deleteModelVersionTag'] = (...args) =>
    this.#versions.deleteModelVersionTag(...args);
  readonly deleteModelVersion: ModelVersionClient['deleteModelVersion'] = (...args) =>
    this.#versions.deleteModelVersion(...args);

  readonly runExistingExperiment: ExperimentManager['runExistingExperiment'] = (...args) =>
    this.#experimentManager.runExistingExperiment(...args);
  readonly runNewExperiment: ExperimentManager['runNewExperiment'] = (...args) =>
    this.#experimentManager.runNewExperiment(...args);
  readonly experimentSummary: ExperimentManager['experimentSummary'] = (...args) =>
    this.#experimentManager.experimentSummary(...args);

  readonly cleanupRuns: RunManager['cleanupRuns'] = (...args) => this.#runManager.cleanupRuns(...args);
  readonly copyRun: RunManager['copyRun'] = (...args) => this.#runManager.copyRun(...args);

  readonly createRegisteredModelWithVersion: ModelManager['createRegisteredModelWithVersion'] = (...args) =>
    this.#modelManager.createRegisteredModelWithVersion(...args);
  readonly updateRegisteredModelDescriptionAndTag: ModelManager['updateRegisteredModelDescriptionAndTag'] = (
    ...args
  ) => this.#modelManager.updateRegisteredModelDescriptionAndTag(...args);
  readonly updateAllLatestModelVersion: ModelManager['updateAllLatestModelVersion'] = (...args) =>
    this.#modelManager.updateAllLatestModelVersion(...args);
  readonly setLatestModelVersionTag: ModelManager['setLatestModelVersionTag'] = (...args) =>
    this.#modelManager.setLatestModelVersionTag(...args);
  readonly setLatestModelVersionAlias: ModelManager['setLatestModelVersionAlias'] = (...args) =>
    this.#modelManager.setLatestModelVersionAlias(...args);
  readonly updateLatestModelVersion: ModelManager['updateLatestModelVersion'] = (...args) =>
    this.#modelManager.updateLatestModelVersion(...args);
  readonly updateAllModelVersion: ModelManager['updateAllModelVersion'] = (...args) =>
    this.#modelManager.updateAllModelVersion(...args);
  readonly deleteLatestModelVersion: ModelManager['deleteLatestModelVersion'] = (...args) =>
    this.#modelManager.deleteLatestModelVersion(...args);
  readonly createModelFromRunWithBestMetric: ModelManager['createModelFromRunWithBestMetric'] = (...args) =>
    this.#modelManager.createModelFromRunWithBestMetric(...args);
}
