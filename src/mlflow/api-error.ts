import type { HttpFailureFacts } from '../http/classify.js';
import { serverWords } from '../http/describe.js';
import { HttpError } from '../http/error.js';
import { classifyMlflow, readAnswer } from './classify.js';
import { describeMlflow } from './describe.js';

/**
 * A call to MLflow that failed, with or without an answer. `statusCode` and the message's beginning ("Error
 * creating run: …") are as in mlflow-js; the rest is what mlflow-js drops.
 */
export class ApiError extends HttpError {
  override readonly name = 'ApiError';
  /** HTTP status; 0 where no answer came. */
  readonly statusCode: number;
  /** `RESOURCE_DOES_NOT_EXIST` and the like; undefined where the answer is not MLflow's JSON. */
  readonly error_code: string | undefined;
  /** What the server wrote: the message of its JSON, else the plain text (at most 2,000 characters). */
  readonly text: string;

  constructor(facts: HttpFailureFacts) {
    super(facts, { message: describeMlflow(facts), failure: classifyMlflow(facts) });
    const { errorCode } = readAnswer(facts.json);
    this.statusCode = facts.status ?? 0;
    this.error_code = errorCode;
    this.text = serverWords(facts.json) ?? facts.body ?? '';
  }
}

/** A create whose name is taken, maybe by something deleted: look it up and go on. */
export function isAlreadyExists(error: unknown): boolean {
  return error instanceof ApiError && error.error_code === 'RESOURCE_ALREADY_EXISTS';
}

/** The run or experiment is deleted, so that it cannot be written. */
export function isNotActive(error: unknown): boolean {
  return (
    error instanceof ApiError && error.status === 400 && /must be in the 'active' state/.test(error.text)
  );
}

/** MLflow does not let this user do this. A server that refuses everything is not meant: it proves nothing. */
export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403 && error.failure.kind !== 'unavailable';
}

/**
 * No answer came, or a 5xx, while the server answers other requests: a page of fewer runs may do better. MLflow answers
 * 500 where it lacks the memory for a page, a proxy 504 where it gives up on one; a worker that is killed for its memory
 * ends the connection.
 */
export function isTooMuch(error: unknown): boolean {
  return mayBeTooMuch(error) && error.failure.kind === 'transient';
}

/** The same where the server answers nobody: it may have died of the request. */
export function mayBeTooMuch(error: unknown): error is ApiError {
  if (!(error instanceof ApiError) || error.failure.kind === 'permanent') return false;
  const { code, status } = error;
  return code === 'ETIMEDOUT' || code === 'ECONNRESET' || (status !== undefined && status >= 500);
}

/**
 * MLflow says in its own JSON that there is no such thing. A 404 page of something else (an unknown route, a
 * proxy) proves nothing and is not meant. Beware: to a user who is no admin a missing run may be a 403.
 */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404 && error.error_code === 'RESOURCE_DOES_NOT_EXIST';
}
