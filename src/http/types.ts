import type { LookupFunction } from 'node:net';
import type { HttpFailureFacts, HttpMethod } from './classify.js';
import type { HttpError } from './error.js';
import type { RetryPolicy } from './retry.js';
import type { Standing } from './standing.js';

export type { HttpFailureFacts, HttpMethod } from './classify.js';

/**
 * `reuse`: keep-alive. `rested`: kept as well, but none is used again within 60 ms of its last answer. `new`: a
 * connection per request. `auto`: the best of these, measured at first use.
 */
export type Connections = 'auto' | 'reuse' | 'rested' | 'new';

export type HttpAuth =
  | { readonly basic: { readonly username: string; readonly password: string } }
  | { readonly bearer: string };

export interface HttpOptions {
  /** Names the server in error texts. */
  readonly name: 'lakeFS' | 'MLflow';
  /** http(s) address, may have a path prefix. A user and password in it are used as basic auth. */
  readonly baseUrl: string;
  readonly auth?: HttpAuth | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For one attempt, from sending to the last byte of the answer. Default 120,000 ms. */
  readonly timeoutMs?: number | undefined;
  /** Requests at once, at most; more wait in order. Default 8. `auto` connections find out where fewer are faster. */
  readonly maxInFlight?: number | undefined;
  /** Default `auto`. */
  readonly connections?: Connections | undefined;
  /** A cheap path that needs no rights, for measuring connections. Without it `auto` means `reuse`. */
  readonly probePath?: string | undefined;
  /** PEM file, trusted as well as the usual authorities. */
  readonly caFile?: string | undefined;
  /** Used only where given: the proxies of the environment are never picked up. */
  readonly proxy?: string | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Ends all requests with its reason, and lets no other begin. */
  readonly signal?: AbortSignal | undefined;
  /** How the server's name is looked up. Default: Node's own `dns.lookup`. */
  readonly lookup?: LookupFunction | undefined;
  readonly userAgent?: string | undefined;
  /** Tells where a failure is the server's and where the request's; it hears of every answer. */
  readonly standing?: Standing | undefined;
  /** Makes the error of a failed attempt. Its `failure` decides about a retry: `permanent` is never retried. */
  readonly makeError?: ((facts: HttpFailureFacts) => HttpError) | undefined;
  /** Unix ms; for tests. */
  readonly clock?: (() => number) | undefined;
  /** 0 to 1; for tests. */
  readonly random?: (() => number) | undefined;
  /** For tests. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

export type QueryValue = string | number | boolean | readonly (string | number)[] | undefined;

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Starts with a slash; segments are encoded by `segment()`. The base URL's own path goes before it. */
  readonly path: string;
  /** An array repeats the key; undefined is left out. */
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  /** Strings and Buffers go as they are; anything else as JSON. */
  readonly body?: unknown;
  /** Default `application/json` for JSON, `application/octet-stream` for Buffers. */
  readonly contentType?: string | undefined;
  /** What the answer is read as; default `json`. `beginning`: its first 64 kB as text, and not a byte more. */
  readonly accept?: 'json' | 'text' | 'buffer' | 'beginning' | undefined;
  /** Longer answers fail, as too large. Default 200 MB. */
  readonly maxBytes?: number | undefined;
  /** Whether sending it twice does no harm. Default true, except for POST and PATCH. */
  readonly idempotent?: boolean | undefined;
  /**
   * `unsent`: retry only where the request certainly did not reach the server. `less`: not after 500, 502, 504 or a
   * timeout, because the caller then asks for less.
   */
  readonly retry?: 'unsent' | 'less' | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Goes before requests that wait for room: where much waits for the answer. */
  readonly urgent?: boolean | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Answered to everybody, whatever the keys and the Host are: that says nothing of the server's standing. */
  readonly open?: boolean | undefined;
  /** What the request is for, handed to `makeError`: "creating run". */
  readonly purpose?: string | undefined;
}

export interface HttpResponse<Data = unknown> {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON: undefined for an empty body. */
  readonly data: Data;
}

/** One server, shared by all clients that talk to it. Every failure is an `HttpError` (or what `makeError` makes). */
export interface Http {
  request(request: HttpRequest & { readonly accept: 'text' | 'beginning' }): Promise<HttpResponse<string>>;
  request(request: HttpRequest & { readonly accept: 'buffer' }): Promise<HttpResponse<Buffer>>;
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Without a closing slash, user or password. */
  readonly baseUrl: string;
  /** What is used; `auto` as long as nothing has been measured. */
  connections(): Connections;
  /** Resolves once a request would be sent at once. */
  whenFree(): Promise<void>;
  /** Closes idle connections. */
  close(): void;
}
