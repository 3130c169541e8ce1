import type { LookupFunction } from 'node:net';
import { withoutEndSlashes } from '../domain/paths/path.js';
import { createHttp } from '../http/http.js';
import type { RetryPolicy } from '../http/retry.js';
import type { Standing } from '../http/standing.js';
import { createCalls } from './calls.js';
import { LakefsError } from './errors.js';
import { createOperations } from './operations.js';
import type { LakefsClient } from './types.js';

export interface LakefsClientSettings {
  /** With or without `/api/v1`, as lakeFS's own tools take it; may have a path prefix. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** PEM file, trusted as well as the usual authorities. */
  readonly caFile?: string | undefined;
  /** For one attempt. Default 60,000 ms. */
  readonly timeoutMs?: number | undefined;
  /** Requests at once. Default 8. */
  readonly maxInFlight?: number | undefined;
  /** Default: two retries within about 2 s, since jobs are tried again by the queue anyway. */
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Ends all requests, and lets no other begin. */
  readonly signal?: AbortSignal | undefined;
  /** How the server's name is looked up. Default: Node's own `dns.lookup`. */
  readonly lookup?: LookupFunction | undefined;
  /** Tells failures of the server as a whole from those of one request. Without it each answer speaks for itself. */
  readonly standing?: Standing | undefined;
}

const shortRetry: Partial<RetryPolicy> = {
  retries: 2,
  factor: 0.5,
  jitter: 0.3,
  maxBackoffMs: 5_000,
  maxRetryAfterMs: 10_000,
  // What has used up its time would do so again: the queue tries later.
  decide: ({ code }) => (code === 'ETIMEDOUT' ? false : undefined),
};

/** Sends nothing yet. Throws a TypeError for an endpoint that is no address. */
export function createLakefsClient(settings: LakefsClientSettings): LakefsClient {
  const { endpoint, accessKeyId, secretAccessKey, caFile, timeoutMs = 60_000, maxInFlight } = settings;
  const http = createHttp({
    name: 'lakeFS',
    baseUrl: withoutEndSlashes(endpoint).replace(/\/api\/v1$/, ''),
    auth: { basic: { username: accessKeyId, password: secretAccessKey } },
    connections: 'reuse',
    caFile,
    timeoutMs,
    maxInFlight,
    standing: settings.standing,
    retry: { ...shortRetry, ...settings.retry },
    signal: settings.signal,
    lookup: settings.lookup,
    makeError: (facts) => new LakefsError(facts),
  });
  return { endpoint: http.baseUrl, ...createOperations(createCalls(http)) };
}
