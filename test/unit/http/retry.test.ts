import { describe, expect, test } from 'vitest';
import type { HttpFailureFacts } from '../../../src/http/classify.js';
import { HttpError } from '../../../src/http/error.js';
import {
  type Attempt,
  backoffMs,
  defaultRetryPolicy,
  parseRetryAfter,
  type RetryPolicy,
  retryDelayMs,
  retryPolicy,
} from '../../../src/http/retry.js';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const idempotent: Attempt = { retried: 0, idempotent: true, retry: undefined };
const once: Attempt = { retried: 0, idempotent: false, retry: undefined };
const unsent: Attempt = { retried: 0, idempotent: false, retry: 'unsent' };

function failed(facts: Partial<HttpFailureFacts>): HttpError {
  return new HttpError({ name: 'MLflow', method: 'GET', url: 'http://m/x', ...facts });
}

function retries(error: HttpError, attempt: Attempt): boolean {
  return retryDelayMs(defaultRetryPolicy, error, attempt, () => 0) !== undefined;
}

describe('the backoff', () => {
  test('doubles from four seconds on after a first retry at once, and ends at two minutes', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map((n) => backoffMs(defaultRetryPolicy, n, () => 0));
    expect(waits).toEqual([0, 4_000, 8_000, 16_000, 32_000, 64_000, 120_000]);
  });

  test('adds up to one second at random', () => {
    expect(backoffMs(defaultRetryPolicy, 1, () => 0.999)).toBe(999);
    expect(backoffMs(defaultRetryPolicy, 7, () => 0.5)).toBe(120_500);
  });
});

describe('Retry-After', () => {
  test.each([
    ['3', 3_000],
    ['0', 0],
    ['1.5', 1_500],
    ['Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
    ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
    ['soon', undefined],
    ['-1', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  test('takes the place of the backoff', () => {
    const error = failed({ status: 429, retryAfterMs: 7_000 });
    expect(retryDelayMs(defaultRetryPolicy, error, idempotent, () => 1)).toBe(7_000);
  });

  test('beyond the limit ends the retries, so that the caller can wait elsewhere', () => {
    const policy = { ...defaultRetryPolicy, maxRetryAfterMs: 5_000 };
    const error = failed({ status: 503, retryAfterMs: 5_001 });
    expect(retryDelayMs(policy, error, idempotent, () => 0)).toBeUndefined();
    expect(error.failure).toEqual({ kind: 'unavailable', retryAfterMs: 5_001 });
  });
});

describe('a retry', () => {
  test.each([408, 429, 500, 502, 503, 504])('follows %i for an idempotent request', (status) => {
    expect(retries(failed({ status }), idempotent)).toBe(true);
  });

  test.each([400, 401, 403, 404, 409, 301])('does not follow %i', (status) => {
    expect(retries(failed({ status }), idempotent)).toBe(false);
  });

  test.each([
    ['ECONNREFUSED', true],
    ['ENOTFOUND', true],
    ['EAI_AGAIN', true],
    ['ECONNRESET', false],
    ['ETIMEDOUT', false],
  ])('after %s of a request that must not be sent twice: %s', (code, expected) => {
    expect(retries(failed({ code }), once)).toBe(expected);
    expect(retries(failed({ code }), unsent)).toBe(expected);
    expect(retries(failed({ code }), idempotent)).toBe(true);
  });

  test.each([
    [429, true, true],
    [503, true, false],
    [500, false, false],
    [502, false, false],
    [504, false, false],
  ])('after %i of a request that must not be sent twice: %s, of a create: %s', (status, plain, create) => {
    expect(retries(failed({ status }), once)).toBe(plain);
    expect(retries(failed({ status }), unsent)).toBe(create);
  });

  test('never follows a permanent failure, whatever the status', () => {
    const error = new HttpError(
      { name: 'MLflow', method: 'GET', url: 'http://m/x', status: 500 },
      { failure: { kind: 'permanent' } },
    );
    expect(retries(error, idempotent)).toBe(false);
  });

  test('never follows a certificate that is not trusted', () => {
    expect(retries(failed({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), idempotent)).toBe(false);
  });

  test('ends with the budget', () => {
    const error = failed({ status: 503 });
    const policy = { ...defaultRetryPolicy, retries: 2 };
    const delays = [0, 1, 2].map((retried) =>
      retryDelayMs(policy, error, { ...idempotent, retried }, () => 0),
    );
    expect(delays).toEqual([0, 4_000, undefined]);
  });

  test('follows the default policy where an option is undefined', () => {
    const given = { retries: undefined, factor: 5 } as unknown as Partial<RetryPolicy>;
    expect(retryPolicy(given)).toMatchObject({ ...defaultRetryPolicy, factor: 5 });
  });

  test('can be decided by the client, but not for a request that must not be sent twice', () => {
    const policy = { ...defaultRetryPolicy, decide: (error: HttpError) => error.status === 409 };
    expect(retryDelayMs(policy, failed({ status: 409 }), idempotent, () => 0)).toBe(0);
    expect(retryDelayMs(policy, failed({ status: 500 }), idempotent, () => 0)).toBeUndefined();
    expect(retryDelayMs(policy, failed({ status: 409 }), once, () => 0)).toBeUndefined();
  });
});

describe('a failure', () => {
  test.each([
    [undefined, 'unavailable'],
    [429, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [500, 'transient'],
    [408, 'transient'],
    [409, 'transient'],
    // Something else than the server answers, or the server lets nobody in: the work waits.
    [200, 'unavailable'],
    [302, 'unavailable'],
    [400, 'unavailable'],
    [401, 'unavailable'],
    [403, 'unavailable'],
    [404, 'unavailable'],
    [413, 'permanent'],
  ])('of status %s is %s', (status, kind) => {
    const facts = status === undefined ? { code: 'ECONNRESET' } : { status };
    expect(failed(facts).failure).toEqual({ kind });
  });
});
