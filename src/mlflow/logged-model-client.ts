import { segment } from '../http/address.js';
import { isLoggedModel, part } from './answers.js';
import { checkId } from './check.js';
import { connectionOf, type MlflowConnection } from './connection.js';
import type { MlflowOptions } from './options.js';
import type { LoggedModel } from './types.js';

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
    return part(answer, 'model', isLoggedModel);
  }
}
