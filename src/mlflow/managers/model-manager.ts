import { connectionOf, type MlflowConnection } from '../connection.js';
import { ModelRegistryClient } from '../model-registry-client.js';
import { ModelVersionClient } from '../model-version-client.js';
import type { MlflowOptions } from '../options.js';
import { RunClient } from '../run-client.js';
import type { ModelVersion, RegisteredModel } from '../types.js';
import { bestRun } from './best-run.js';

/**
 * Whole workflows on models, as in mlflow-js. "Latest" is the version with the highest number. Errors are
 * those of the calls in them, and an `Error` where a model has no version or no run has the metric.
 */
export class ModelManager {
  readonly #models: ModelRegistryClient;
  readonly #versions: ModelVersionClient;
  readonly #runs: RunClient;

  constructor(tracking: string | MlflowConnection, options?: MlflowOptions) {
    const connection = connectionOf(tracking, options);
    this.#models = new ModelRegistryClient(connection);
    this.#versions = new ModelVersionClient(connection);
    this.#runs = new RunClient(connection);
  }

  /** Registers a model and its first version, which is returned. */
  async createRegisteredModelWithVersion(
    name: string,
    versionSource: string,
    versionRun_id?: string,
  ): Promise<ModelVersion> {
    await this.#models.createRegisteredModel(name);
    return this.#versions.createModelVersion(name, versionSource, versionRun_id);
  }

  async updateRegisteredModelDescriptionAndTag(
    name: string,
    tagKey: string,
    tagValue: string,
    description: string,
  ): Promise<RegisteredModel> {
    await this.#models.setRegisteredModelTag(name, tagKey, tagValue);
    return this.#models.updateRegisteredModel(name, description);
  }

  /** Gives the latest version an alias, a tag and a description. */
  async updateAllLatestModelVersion(
    name: string,
    alias: string,
    description: string,
    key: string,
    value: string,
  ): Promise<ModelVersion> {
    const version = await this.#latest(name, 'update');
    return this.updateAllModelVersion(name, version, alias, key, value, description);
  }

  async setLatestModelVersionTag(name: string, key: string, value: string): Promise<void> {
    const version = await this.#latest(name, 'set tag for');
    await this.#versions.setModelVersionTag(name, version, key, value);
  }

  async setLatestModelVersionAlias(name: string, alias: string): Promise<void> {
    await this.#models.setRegisteredModelAlias(name, alias, await this.#latest(name, 'set alias for'));
  }

  async updateLatestModelVersion(name: string, description: string): Promise<ModelVersion> {
    const version = await this.#latest(name, 'set description for');
    return this.#versions.updateModelVersion(name, version, description);
  }

  /** Gives a version an alias, a tag and a description. */
  async updateAllModelVersion(
    name: string,
    version: string,
    alias: string,
    key: string,
    value: string,
    description: string,
  ): Promise<ModelVersion> {
    await this.#models.setRegisteredModelAlias(name, alias, version);
    await this.#versions.setModelVersionTag(name, version, key, value);
    return this.#versions.updateModelVersion(name, version, description);
  }

  async deleteLatestModelVersion(name: string): Promise<void> {
    await this.#versions.deleteModelVersion(name, await this.#latest(name, 'delete'));
  }

  /** Registers a model with the artifacts of the run whose metric is the least (`min`) or greatest (`max`). */
  async createModelFromRunWithBestMetric(
    experiment_ids: readonly string[],
    filterMetric: string,
    metricMinOrMax: 'min' | 'max',
    modelName: string,
  ): Promise<void> {
    const { info } = await bestRun(this.#runs, experiment_ids, filterMetric, metricMinOrMax);
    if (info.artifact_uri === undefined) throw new Error(`run ${info.run_id} has no artifact URI`);
    await this.createRegisteredModelWithVersion(modelName, info.artifact_uri, info.run_id);
  }

  async #latest(name: string, purpose: string): Promise<string> {
    const versions = await this.#models.getLatestModelVersions(name);
    const numbers = versions.map(({ version }) => Number(version));
    if (numbers.length === 0) throw new Error(`Model has no version to ${purpose}: "${name}"`);
    return String(Math.max(...numbers));
  }
}
