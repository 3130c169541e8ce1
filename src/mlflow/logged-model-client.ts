import { segment } from '../http/address.js';
import { part, readLoggedModel } from './answers.js';
import { checkId, checkPairs } from './check.js';
import { connectionOf, type MlflowConnection } from './connection.js';
import type { MlflowOptions } from './options.js';
import type { KeyValue, LoggedModel } from './types.js';

/** Logged models, which MLflow has since version 3; older servers answer 404 without JSON. */
export class LoggedModelClient {
  readonly #connection: MlflowConnection;

  constructor(tracking: string | MlflowConnection, options?: MlflowOptions) {
    this.#connection = connectionOf(tracking, options);
  }

  /** Throws `ApiError`. */
  async getLoggedModel(model_id: string): Promise<LoggedModel> {
    checkId('the model_id', model_id);
    const answer = await this.#connection.call({
      method: 'GET',
      endpoint: `logged-models/${segment(model_id)}`,
      purpose: 'fetching logged model',
    });
    return part(answer, 'model', readLoggedModel);
  }

  /** Adds tags, and gives those that are there their new value; the others stay. Throws `ApiError`. */
  async setLoggedModelTags(model_id: string, tags: readonly KeyValue[]): Promise<void> {
    checkId('the model_id', model_id);
    checkPairs('tags', tags);
    await this.#connection.call({
      method: 'PATCH',
      endpoint: `logged-models/${segment(model_id)}/tags`,
      body: { model_id, tags },
      purpose: 'setting logged model tags',
      idempotent: true,
    });
  }

  /** Throws `ApiError`: 404 where there is no such tag. */
  async deleteLoggedModelTag(model_id: string, key: string): Promise<void> {
    checkId('the model_id', model_id);
    checkId('the key of the tag', key);
    await this.#connection.call({
      method: 'DELETE',
      endpoint: `logged-models/${segment(model_id)}/tags/${segment(key)}`,
      purpose: 'deleting logged model tag',
      idempotent: true,
    });
  }
}
