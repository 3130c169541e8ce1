import type { Failure } from '../domain/failure.js';
import type { HttpFailureFacts } from './facts.js';

/** What a failed attempt means by its status alone. Clients that know the body's error codes refine this. */
export function classify(facts: HttpFailureFacts): Failure {
  const kind = kindOf(facts);
  return facts.retryAfterMs === undefined ? { kind } : { kind, retryAfterMs: facts.retryAfterMs };
}

function kindOf({ status, code }: HttpFailureFacts): Failure['kind'] {
  if (code === answerTooLarge) return 'permanent';
  if (status === undefined) return 'unavailable';
  if (status === 429 || status === 502 || status === 503 || status === 504) return 'unavailable';
  // 2xx comes here only where JSON was expected and something else came: a login or maintenance page.
  if (status < 300 || status === 408 || status === 409 || status >= 500) return 'transient';
  return 'permanent';
}

export const answerTooLarge = 'ANSWER_TOO_LARGE';

/** Errors for which no byte of the request can have reached the server. */
export function neverSent(code: string | undefined): boolean {
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}

/** A certificate that is not trusted will not be so a second later. */
export function isCertificateProblem(code: string | undefined): boolean {
  return code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code);
}
