import type { Failure } from '../domain/failure.js';
import { classify } from '../http/classify.js';
import type { HttpError } from '../http/error.js';
import type { HttpFailureFacts } from '../http/facts.js';

/** MLflow's own words in an error, where the answer has them. */
export interface MlflowAnswer {
  readonly errorCode?: string;
  readonly message?: string;
}

/**
 * Azure's MLflow nests a further `error` object; hosted gateways answer with that alone.
 *
 * @param depth so many objects are looked into: an answer may nest them without end
 */
export function readAnswer(json: unknown, depth = 3): MlflowAnswer {
  if (typeof json !== 'object' || json === null) return {};
  const errorCode = 'error_code' in json && typeof json.error_code === 'string' ? json.error_code : undefined;
  const own = 'message' in json && typeof json.message === 'string' ? json.message : undefined;
  const nested =
    own === undefined && depth > 0 && 'error' in json ? readAnswer(json.error, depth - 1).message : undefined;
  const message = own ?? nested;
  return {
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(message === undefined ? {} : { message }),
  };
}

const poolExhausted = /QueuePool limit/i;
const collision = /UNIQUE constraint|UniqueViolation|duplicate key|Duplicate entry/i;
/** Names tables and columns as MLflow's SQL texts do; the request's own data is wrong. */
const wrongData = /value too long|FOREIGN KEY|NOT NULL constraint|cannot contain NUL/i;

/**
 * What a failure of MLflow means, by more than its status. `BAD_REQUEST` is raw SQL text with at least five
 * meanings. A collision is a race and passes, because our requests never hold one key twice; an exhausted
 * pool passes too, after 30 s. A 500 without JSON on log-batch is MLflow's answer to a body that it cannot
 * parse, FEATURE_DISABLED the one to a workspace header that it does not know.
 */
export function classifyMlflow(facts: HttpFailureFacts): Failure {
  const { errorCode, message = '' } = readAnswer(facts.json);
  if (poolExhausted.test(message)) return { kind: 'unavailable' };
  if (errorCode === 'BAD_REQUEST' && wrongData.test(message)) return { kind: 'permanent' };
  if (errorCode === 'BAD_REQUEST' && collision.test(message)) return { kind: 'transient' };
  if (errorCode === 'FEATURE_DISABLED') return { kind: 'permanent' };
  if (facts.status === 500 && wrongData.test(message)) return { kind: 'permanent' };
  if (facts.status === 500 && errorCode === undefined && /\/runs\/log-batch$/.test(facts.url)) {
    return { kind: 'permanent' };
  }
  return classify(facts);
}

/** Two writers made the same row at once: sent again, the request succeeds. */
export function isRace(error: HttpError): boolean {
  return error.status === 400 && error.failure.kind === 'transient';
}
