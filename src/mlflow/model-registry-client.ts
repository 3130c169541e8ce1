import { list, page, part, readModelVersion, readRegisteredModel } from './answers.js';
import { lastOfEach } from './batches.js';
import { checkId, checkInteger, checkPairs, checkString, checkStrings } from './check.js';
import { connectionOf, type MlflowConnection } from './connection.js';
import type { MlflowOptions } from './options.js';
import type { KeyValue, ModelVersion, RegisteredModel, RegisteredModelPage } from './types.js';

/**
 * Registered models, with the methods of mlflow-js. Every method throws `ApiError` where the call fails, and
 * `ArgumentError` where an argument has the wrong type.
 */
export class ModelRegistryClient {
  readonly #connection: MlflowConnection;

  constructor(tracking: string | MlflowConnection, options?: MlflowOptions) {
    this.#connection = connectionOf(tracking, options);
  }

  /** A name that is taken is an `ApiError` for which `isAlreadyExists` holds. */
  async createRegisteredModel(
    name: string,
    tags?: readonly KeyValue[],
    description?: string,
  ): Promise<RegisteredModel> {
    checkId('the name of the model', name);
    checkPairs('tags', tags);
    checkId('the description', description);
    const answer = await this.#connection.call({
      method: 'POST',
      endpoint: 'registered-models/create',
      body: { name, tags: tags && lastOfEach(tags), description },
      purpose: 'creating registered model',
      retry: 'unsent',
    });
    return part(answer, 'registered_model', readRegisteredModel);
  }

  async getRegisteredModel(name: string): Promise<RegisteredModel> {
    checkId('the name of the model', name);
    const answer = await this.#connection.call({
      method: 'GET',
      endpoint: 'registered-models/get',
      query: { name },
      purpose: 'getting registered model',
    });
    return part(answer, 'registered_model', readRegisteredModel);
  }

  async renameRegisteredModel(name: string, newName: string): Promise<RegisteredModel> {
    checkId('the name of the model', name);
    checkId('the new name of the model', newName);
    const answer = await this.#connection.call({
      method: 'POST',
      endpoint: 'registered-models/rename',
      body: { name, new_name: newName },
      purpose: 'renaming registered model',
    });
    return part(answer, 'registered_model', readRegisteredModel);
  }

  async updateRegisteredModel(name: string, description?: string): Promise<RegisteredModel> {
    checkId('the name of the model', name);
    checkId('the description', description);
    const answer = await this.#connection.call({
      method: 'PATCH',
      endpoint: 'registered-models/update',
      body: { name, description },
      purpose: 'updating registered model',
      idempotent: true,
    });
    return part(answer, 'registered_model', readRegisteredModel);
  }

  /** With all its versions. */
  async deleteRegisteredModel(name: string): Promise<void> {
    checkId('the name of the model', name);
    await this.#connection.call({
      method: 'DELETE',
      endpoint: 'registered-models/delete',
      body: { name },
      purpose: 'deleting registered model',
    });
  }

  /** The newest version of each stage (MLflow has deprecated stages); empty where there is none. */
  async getLatestModelVersions(name: string, stages?: readonly string[]): Promise<readonly ModelVersion[]> {
    checkId('the name of the model', name);
    checkStrings('stages', stages);
    const answer = await this.#connection.call({
      method: 'POST',
      endpoint: 'registered-models/get-latest-versions',
      body: { name, stages },
      purpose: 'getting latest versions',
      idempotent: true,
    });
    return list(answer, 'model_versions', readModelVersion);
  }

  /** One page; `registered_models` is left out where nothing is found. */
  async searchRegisteredModels(
    filter?: string,
    maxResults?: number,
    orderBy?: readonly string[],
    pageToken?: string,
  ): Promise<RegisteredModelPage> {
    checkId('the filter', filter);
    checkInteger('maxResults', maxResults);
    checkStrings('orderBy', orderBy);
    checkId('the pageToken', pageToken);
    const answer = await this.#connection.call({
      method: 'GET',
      endpoint: 'registered-models/search',
      query: { filter, max_results: maxResults, order_by: orderBy, page_token: pageToken },
      purpose: 'searching registered models',
    });
    return page(answer, 'registered_models', readRegisteredModel);
  }

  async setRegisteredModelTag(name: string, key: string, value: string): Promise<void> {
    checkId('the name of the model', name);
    checkId('the key of the tag', key);
    checkString('the value of the tag', value);
    await this.#connection.call({
      method: 'POST',
      endpoint: 'registered-models/set-tag',
      body: { name, key, value },
      purpose: 'setting registered model tag',
      idempotent: true,
    });
  }

  async deleteRegisteredModelTag(name: string, key: string): Promise<void> {
    checkId('the name of the model', name);
    checkId('the key of the tag', key);
    await this.#connection.call({
      method: 'DELETE',
      endpoint: 'registered-models/delete-tag',
      body: { name, key },
      purpose: 'deleting registered model tag',
      idempotent: true,
    });
  }

  /** Sets or moves the alias. */
  async setRegisteredModelAlias(name: string, alias: string, version: string): Promise<void> {
    checkId('the name of the model', name);
    checkId('the alias', alias);
    checkId('the version', version);
    await this.#connection.call({
      method: 'POST',
      endpoint: 'registered-models/alias',
      body: { name, alias, version },
      purpose: 'setting registered model alias',
      idempotent: true,
    });
  }

  async deleteRegisteredModelAlias(name: string, alias: string): Promise<void> {
    checkId('the name of the model', name);
    checkId('the alias', alias);
    await this.#connection.call({
      method: 'DELETE',
      endpoint: 'registered-models/alias',
      body: { name, alias },
      purpose: 'deleting registered model alias',
      idempotent: true,
    });
  }

  /** A missing alias is answered with 400 INVALID_PARAMETER_VALUE, not with 404. */
  async getModelVersionByAlias(name: string, alias: string): Promise<ModelVersion> {
    checkId('the name of the model', name);
    checkId('the alias', alias);
    const answer = await this.#connection.call({
      method: 'GET',
      endpoint: 'registered-models/alias',
      query: { name, alias },
      purpose: 'getting model version by alias',
    });
    return part(answer, 'model_version', readModelVersion);
  }
}
