import type { Failure } from '../domain/common/failure.js';
import { failureFor, type HttpFailureFacts, type Meaning, meaningOf } from '../http/classify.js';
import { messageIn } from '../http/describe.js';
import type { HttpError } from '../http/error.js';

/** MLflow's own words in an error, where the answer has them. */
export interface MlflowAnswer {
  readonly errorCode?: string;
  readonly message?: string;
}

/** Azure's MLflow nests a further `error` object; hosted gateways answer with that alone. */
export function readAnswer(json: unknown): MlflowAnswer {
  if (typeof json !== 'object' || json === null) return {};
  const errorCode = 'error_code' in json && typeof json.error_code === 'string' ? json.error_code : undefined;
  const message = messageIn(json);
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
 * pool passes too, after 30 s. FEATURE_DISABLED is the answer to a workspace header that the server does not know: it
 * gives it to every request.
 */
export function classifyMlflow(facts: HttpFailureFacts): Failure {
  return failureFor(meaningOfMlflow(facts), facts);
}

function meaningOfMlflow(facts: HttpFailureFacts): Meaning {
  const { status, body = '' } = facts;
  const { errorCode, message = '' } = readAnswer(facts.json);
  if (poolExhausted.test(message)) return 'wait';
  if (errorCode === 'BAD_REQUEST' && wrongData.test(message)) return 'request';
  if (errorCode === 'BAD_REQUEST' && collision.test(message)) return 'passing';
  if (errorCode === 'FEATURE_DISABLED') return 'refusal';
  if (status === 500 && wrongData.test(message)) return 'request';
  // basic-auth's own words; they come as text/html. Every other page with 403 is the Host rule's or a proxy's.
  const isOwn =
    errorCode !== undefined || message !== '' || (status === 403 && body.trim() === 'Permission denied');
  if (status === 403 && isOwn) return 'right';
  if (isOwn && (status === 400 || status === 404)) return 'request';
  return meaningOf(facts);
}

/** Two writers made the same row at once: sent again, the request succeeds. */
function isRace(error: HttpError): boolean {
  return error.status === 400 && error.failure.kind === 'transient';
}

/** Whether a failed request is worth another try within seconds; undefined where its status tells. */
export function mayPass(error: HttpError): boolean | undefined {
  if (isRace(error)) return true;
  return error.body?.includes('FEATURE_DISABLED') === true ? false : undefined;
}
