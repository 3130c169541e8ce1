import { isCertificateProblem, neverSent } from './classify.js';
import type { HttpError } from './error.js';

/**
 * When a request is sent again. The defaults are those of MLflow's own Python client
 * (`MLFLOW_HTTP_REQUEST_MAX_RETRIES`, `_BACKOFF_FACTOR`, `_BACKOFF_JITTER`, status list of its
 * `request_utils`). A caller whose work is itself retried by a queue gives a small number of retries.
 */
export interface RetryPolicy {
  /** Further attempts after the first. */
  readonly retries: number;
  /** Seconds; the n-th retry waits factor * 2^(n-1), the first one only the jitter. */
  readonly factor: number;
  /** Seconds; up to this much is added at random. */
  readonly jitter: number;
  /** The backoff's limit, ms. */
  readonly maxBackoffMs: number;
  /** Where the server asks (Retry-After) for a longer wait than this, the error is thrown at once. ms. */
  readonly maxRetryAfterMs: number;
  readonly statuses: readonly number[];
  /** Overrules the list of statuses for an idempotent request: true retry, false do not, undefined no opinion. */
  readonly decide?: ((error: HttpError) => boolean | undefined) | undefined;
}

export const defaultRetryPolicy: RetryPolicy = {
  retries: 7,
  factor: 2,
  jitter: 1,
  maxBackoffMs: 120_000,
  maxRetryAfterMs: 120_000,
  statuses: [408, 429, 500, 502, 503, 504],
};

/** The default policy with what is given; an undefined from plain JavaScript does not count as given. */
export function retryPolicy(given: Partial<RetryPolicy> = {}): RetryPolicy {
  return {
    retries: given.retries ?? defaultRetryPolicy.retries,
    factor: given.factor ?? defaultRetryPolicy.factor,
    jitter: given.jitter ?? defaultRetryPolicy.jitter,
    maxBackoffMs: given.maxBackoffMs ?? defaultRetryPolicy.maxBackoffMs,
    maxRetryAfterMs: given.maxRetryAfterMs ?? defaultRetryPolicy.maxRetryAfterMs,
    statuses: given.statuses ?? defaultRetryPolicy.statuses,
    decide: given.decide,
  };
}

export interface Attempt {
  /** Retries already made. */
  readonly retried: number;
  readonly idempotent: boolean;
  /** See `HttpRequest.retry`. */
  readonly retry: 'unsent' | 'less' | undefined;
}

/** The wait before the next attempt in ms, or undefined where there must be none. */
export function retryDelayMs(
  policy: RetryPolicy,
  error: HttpError,
  attempt: Attempt,
  random: () => number,
): number | undefined {
  if (attempt.retried >= policy.retries || !mayRetry(policy, error, attempt)) return undefined;
  if (error.retryAfterMs === undefined) return backoffMs(policy, attempt.retried + 1, random);
  return error.retryAfterMs <= policy.maxRetryAfterMs ? error.retryAfterMs : undefined;
}

function mayRetry(policy: RetryPolicy, error: HttpError, { idempotent, retry }: Attempt): boolean {
  const { status, code } = error;
  if (error.failure.kind === 'permanent' || isCertificateProblem(code)) return false;
  if (retry === 'less' && (code === 'ETIMEDOUT' || (status !== undefined && tooMuch.includes(status))))
    return false;
  if (retry === 'unsent') return neverSent(code) || status === 429;
  if (!idempotent) return neverSent(code) || status === 429 || status === 503;
  const decided = policy.decide?.(error);
  if (decided !== undefined) return decided;
  return status === undefined || policy.statuses.includes(status);
}

/** What a server, or a proxy in front of it, answers to a request that asks for more than it can serve. */
const tooMuch: readonly number[] = [500, 502, 504];

/** The wait before the n-th retry (from 1), ms. */
export function backoffMs(
  policy: Pick<RetryPolicy, 'factor' | 'jitter' | 'maxBackoffMs'>,
  n: number,
  random: () => number,
): number {
  const backoff = n <= 1 ? 0 : policy.factor * 2 ** (n - 1) * 1000;
  return Math.round(Math.min(backoff, policy.maxBackoffMs) + random() * policy.jitter * 1000);
}

/** Reads a Retry-After header, seconds or HTTP date; undefined where it is neither. Never negative. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // Date.parse takes almost any text with a digit for a date.
  if (!/^[A-Z][a-z]+,/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
