import type { Failure } from '../domain/common/failure.js';
import { answerTooLarge, classify, type HttpFailureFacts } from './classify.js';
import { describe } from './describe.js';

/** A request that failed: an answer that is no success, or no answer at all. Carries no secret. */
export class HttpError extends Error {
  override readonly name: string = 'HttpError';
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  readonly method: string;
  /** Without user, password and secret query values. */
  readonly url: string;
  /** The answer's text, at most 2,000 characters. */
  readonly body: string | undefined;
  /** `ECONNREFUSED`, `ETIMEDOUT` … where no answer came. */
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly failure: Failure;

  constructor(facts: HttpFailureFacts, known: { message?: string; failure?: Failure } = {}) {
    super(known.message ?? describe(facts));
    this.status = facts.status;
    this.method = facts.method;
    this.url = facts.url;
    this.body = facts.body;
    this.code = facts.code;
    this.retryAfterMs = facts.retryAfterMs;
    this.failure = known.failure ?? classify(facts);
  }
}

/** The answer is longer than we read: fewer items in a page make it shorter. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof HttpError && error.code === answerTooLarge;
}
