import { page, part, readExperiment, readText } from './answers.js';
import { lastOfEach } from './batches.js';
import { checkId, checkInteger, checkPairs, checkString, checkStrings } from './check.js';
import { connectionOf, type MlflowConnection } from './connection.js';
import type { MlflowOptions } from './options.js';
import type { Experiment, ExperimentPage, KeyValue, ViewType } from './types.js';

/**
 * Experiments, with the methods of mlflow-js. Every method throws `ApiError` where the call fails, and
 * `ArgumentError` where an argument has the wrong type.
 */
export class ExperimentClient {
  readonly trackingUri: string;
  readonly #connection: MlflowConnection;

  constructor(tracking: string | MlflowConnection, options?: MlflowOptions) {
    this.#connection = connectionOf(tracking, options);
    this.trackingUri = this.#connection.trackingUri;
  }

  /**
   * Returns the id of the new experiment. A name that is taken, maybe by a deleted experiment, is an
   * `ApiError` for which `isAlreadyExists` holds.
   */
  async createExperiment(
    name: string,
    artifact_location?: string,
    tags?: readonly KeyValue[],
  ): Promise<string> {
    checkId('the name of the experiment', name);
    checkId('the artifact_location', artifact_location);
    checkPairs('tags', tags);
    const answer = await this.#connection.call({
      method: 'POST',
      endpoint: 'experiments/create',
      body: { name, artifact_location, tags: tags && lastOfEach(tags) },
      purpose: 'creating experiment from tracking server',
      retry: 'unsent',
    });
    return part(answer, 'experiment_id', readText);
  }

  /** Returns one page; MLflow leaves `experiments` out where nothing is found. `max_results` is needed. */
  async searchExperiment(
    filter: string | undefined,
    max_results: number,
    page_token?: string,
    order_by?: readonly string[],
    view_type?: ViewType,
  ): Promise<ExperimentPage> {
    checkId('the filter', filter);
    checkInteger('max_results', max_results);
    checkId('the page_token', page_token);
    checkStrings('order_by', order_by);
    const answer = await this.#connection.call({
      method: 'POST',
      endpoint: 'experiments/search',
      body: { filter, max_results, page_token, order_by, view_type },
      purpose: 'searching for experiment from tracking server',
      idempotent: true,
    });
    return page(answer, 'experiments', readExperiment);
  }

  /** Deleted experiments too: look at `lifecycle_stage`. */
  async getExperiment(experiment_id: string): Promise<Experiment> {
    checkId('the experiment_id', experiment_id);
    const answer = await this.#connection.call({
      method: 'GET',
      endpoint: 'experiments/get',
      query: { experiment_id },
      purpose: 'getting experiment from tracking server',
    });
    return part(answer, 'experiment', readExperiment);
  }

  /** Deleted experiments too: look at `lifecycle_stage`. */
  async getExperimentByName(experiment_name: string): Promise<Experiment> {
    checkId('the experiment_name', experiment_name);
    const answer = await this.#connection.call({
      method: 'GET',
      endpoint: 'experiments/get-by-name',
      query: { experiment_name },
      purpose: 'getting experiment by name from tracking server',
    });
    return part(answer, 'experiment', readExperiment);
  }

  /** Marks the experiment and its runs as deleted. */
  async deleteExperiment(experiment_id: string): Promise<void> {
    checkId('the experiment_id', experiment_id);
    await this.#connection.call({
      method: 'POST',
      endpoint: 'experiments/delete',
      body: { experiment_id },
      purpose: 'deleting experiment from tracking server',
    });
  }

  /** An experiment that is not deleted is answered with 404. */
  async restoreExperiment(experiment_id: string): Promise<void> {
    checkId('the experiment_id', experiment_id);
    await this.#connection.call({
      method: 'POST',
      endpoint: 'experiments/restore',
      body: { experiment_id },
      purpose: 'restoring experiment from tracking server',
    });
  }

  /** Renames the experiment. */
  async updateExperiment(experiment_id: string, new_name: string): Promise<void> {
    checkId('the experiment_id', experiment_id);
    checkId('the new_name', new_name);
    await this.#connection.call({
      method: 'POST',
      endpoint: 'experiments/update',
      body: { experiment_id, new_name },
      purpose: 'updating experiment from tracking server',
      idempotent: true,
    });
  }

  /** A value of up to 5,000 characters is taken by every MLflow release. */
  async setExperimentTag(experiment_id: string, key: string, value: string): Promise<void> {
    checkId('the experiment_id', experiment_id);
    checkId('the key of the tag', key);
    checkString('the value of the tag', value);
    await this.#connection.call({
      method: 'POST',
      endpoint: 'experiments/set-experiment-tag',
      body: { experiment_id, key, value },
      purpose: 'setting tag from tracking server',
      idempotent: true,
    });
  }
}
