import { page, part, readModelVersion, readText } from './answers.js';
import { lastOfEach } from './batches.js';
import { checkId, checkInteger, checkPairs, checkString, checkStrings } from './check.js';
import { connectionOf, type MlflowConnection } from './connection.js';
import type { MlflowOptions } from './options.js';
import type { KeyValue, ModelVersion, ModelVersionPage } from './types.js';

/**
 * Model versions, with the methods of mlflow-js. Versions are numbers as text. Every method throws `ApiError`
 * where the call fails, and `ArgumentError` where an argument has the wrong type.
 */
export class ModelVersionClient {
  readonly #connection: MlflowConnection;

  constructor(tracking: string | MlflowConnection, options?: MlflowOptions) {
    this.#connection = connectionOf(tracking, options);
  }

  /** Every call makes a new version, so it is sent again only where it certainly did not reach the server. */
  async createModelVersion(
    modelName: string,
    source: string,
    run_id?: string,
    tags?: readonly KeyValue[],
    run_link?: string,
    description?: string,
  ): Promise<ModelVersion> {
    checkId('the name of the model', modelName);
    checkId('the source', source);
    checkId('the run_id', run_id);
    checkPairs('tags', tags);
    checkId('the run_link', run_link);
    checkId('the description', description);
    const answer = await this.#connection.call({
      method: 'POST',
      endpoint: 'model-versions/create',
      body: { name: modelName, source, run_id, tags: tags && lastOfEach(tags), run_link, description },
      purpose: 'creating model version',
      retry: 'unsent',
    });
    return part(answer, 'model_version', readModelVersion);
  }

  async getModelVersion(modelName: string, version: string): Promise<ModelVersion> {
    checkVersion(modelName, version);
    const answer = await this.#connection.call({
      method: 'GET',
      endpoint: 'model-versions/get',
      query: { name: modelName, version },
      purpose: 'fetching model version',
    });
    return part(answer, 'model_version', readModelVersion);
  }

  async updateModelVersion(modelName: string, version: string, description?: string): Promise<ModelVersion> {
    checkVersion(modelName, version);
    checkId('the description', description);
    const answer = await this.#connection.call({
      method: 'PATCH',
      endpoint: 'model-versions/update',
      body: { name: modelName, version, description },
      purpose: 'updating model version',
      idempotent: true,
    });
    return part(answer, 'model_version', readModelVersion);
  }

  /**
   * The versions of one page; empty where nothing is found. The answer is a plain list, as in mlflow-js;
   * `searchModelVersionsPage` also says whether there is more.
   */
  async searchModelVersions(
    filter?: string,
    maxResults?: number,
    order_by?: readonly string[],
    page_token?: string,
  ): Promise<readonly ModelVersion[]> {
    const found = await this.searchModelVersionsPage(filter, maxResults, order_by, page_token);
    return found.model_versions ?? [];
  }

  /** One page with the token of the next; `model_versions` is left out where nothing is found. */
  async searchModelVersionsPage(
    filter?: string,
    maxResults?: number,
    order_by?: readonly string[],
    page_token?: string,
  ): Promise<ModelVersionPage> {
    checkId('the filter', filter);
    checkInteger('maxResults', maxResults);
    checkStrings('order_by', order_by);
    checkId('the page_token', page_token);
    const answer = await this.#connection.call({
      method: 'GET',
      endpoint: 'model-versions/search',
      query: { filter, max_results: maxResults, order_by, page_token },
      purpose: 'searching model versions',
    });
    return page(answer, 'model_versions', readModelVersion);
  }

  /** Where the version's artifacts are, as MLflow stores it. */
  async getDownloadUriForModelVersionArtifacts(modelName: string, version: string): Promise<string> {
    checkVersion(modelName, version);
    const answer = await this.#connection.call({
      method: 'GET',
      endpoint: 'model-versions/get-download-uri',
      query: { name: modelName, version },
      purpose: 'fetching download uri',
    });
    return part(answer, 'artifact_uri', readText);
  }

  /** Stages are deprecated in MLflow; aliases take their place. */
  async transitionModelVersionStage(
    modelName: string,
    version: string,
    stage: string,
    archive_existing_versions: boolean,
  ): Promise<ModelVersion> {
    checkVersion(modelName, version);
    checkId('the stage', stage);
    const answer = await this.#connection.call({
      method: 'POST',
      endpoint: 'model-versions/transition-stage',
      body: { name: modelName, version, stage, archive_existing_versions },
      purpose: 'transitioning model version stage',
      idempotent: true,
    });
    return part(answer, 'model_version', readModelVersion);
  }

  async setModelVersionTag(modelName: string, version: string, key: string, value: string): Promise<void> {
    checkVersion(modelName, version);
    checkId('the key of the tag', key);
    checkString('the value of the tag', value);
    await this.#connection.call({
      method: 'POST',
      endpoint: 'model-versions/set-tag',
      body: { name: modelName, version, key, value },
      purpose: 'setting model version tag',
      idempotent: true,
    });
  }

  async deleteModelVersionTag(modelName: string, version: string, key: string): Promise<void> {
    checkVersion(modelName, version);
    checkId('the key of the tag', key);
    await this.#connection.call({
      method: 'DELETE',
      endpoint: 'model-versions/delete-tag',
      body: { name: modelName, version, key },
      purpose: 'deleting model version tag',
      idempotent: true,
    });
  }

  async deleteModelVersion(modelName: string, version: string): Promise<void> {
    checkVersion(modelName, version);
    await this.#connection.call({
      method: 'DELETE',
      endpoint: 'model-versions/delete',
      body: { name: modelName, version },
      purpose: 'deleting model version',
    });
  }
}

function checkVersion(modelName: string, version: string): void {
  checkId('the name of the model', modelName);
  checkId('the version', version);
}
