import { createHttp } from '../http/http.js';
import type { Connections, HttpAuth, QueryValue } from '../http/types.js';
import { property } from './answers.js';
import { ApiError } from './api-error.js';
import { mayPass } from './classify.js';
import type { MlflowOptions } from './options.js';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/2.0/mlflow/`. */
  readonly endpoint: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** For the error's message, as mlflow-js has it: "creating run". */
  readonly purpose: string;
  /** Whether sending it twice does no harm. Default: GET only. */
  readonly idempotent?: boolean;
  /** See `HttpRequest.retry`. */
  readonly retry?: 'unsent' | 'less' | undefined;
  /** Goes before the calls of this server that wait for room. */
  readonly urgent?: boolean | undefined;
  /** Longer answers fail; `isTooLarge` holds for the error. Default 200 MB. */
  readonly maxBytes?: number | undefined;
}

/** We ask it for little. */
const maxGraphqlBytes = 1_000_000;

/** How a call is made; beyond mlflow-js. */
export interface CallOptions {
  /** Goes before the calls of this server that wait for room: where much waits for the answer. */
  readonly urgent?: boolean;
  /** Longer answers fail; `isTooLarge` holds for the error. Default 200 MB. */
  readonly maxBytes?: number | undefined;
  /** `less`: not sent again where it seems to ask for too much, because the caller then asks for less. */
  readonly retry?: 'less';
}

/** One MLflow server: what the clients of one `Mlflow` object share. */
export interface MlflowConnection {
  /** Without a closing slash, user or password. */
  readonly trackingUri: string;
  /** The JSON of the answer. Throws an `ApiError` for every failure. */
  call(call: Call): Promise<unknown>;
  /** The data of a query to MLflow's GraphQL, which hosted servers lack. Throws an `ApiError` for every failure. */
  graphql(query: string, variables: Readonly<Record<string, unknown>>, purpose: string): Promise<unknown>;
  /** The first 64 kB of the answer to a call that may be sent twice, as text: the rest is not read, however long. */
  beginning(call: Call): Promise<string>;
  /** What is used now; `auto` as long as nothing has been measured. */
  connections(): Connections;
  /** Resolves once a call would be sent at once: as long as others wait in line, there is time to put several into one. */
  whenFree(): Promise<void>;
  /** The server's version, such as `3.17.2`. Needs credentials where the server does. */
  version(): Promise<string>;
}

/** Throws a TypeError where the tracking URI is not an http(s) address. Nothing is sent yet. */
export function connect(trackingUri: string, options: MlflowOptions = {}): MlflowConnection {
  const { workspace } = options;
  const http = createHttp({
    name: 'MLflow',
    baseUrl: trackingUri,
    auth: authOf(options),
    headers: { ...options.headers, ...(workspace === undefined ? {} : { 'X-MLFLOW-WORKSPACE': workspace }) },
    timeoutMs: options.timeoutMs,
    maxInFlight: options.maxInFlight,
    connections: options.connections,
    probePath: '/health',
    caFile: options.caFile,
    proxy: options.proxy,
    signal: options.signal,
    lookup: options.lookup,
    standing: options.standing,
    // Two writers of one new key collide in MLflow's database; the second attempt finds the key there.
    retry: { decide: mayPass, ...options.retry },
    makeError: (facts) => new ApiError(facts),
  });
  const pathOf = (endpoint: string): string => `/api/2.0/mlflow/${endpoint}`;
  return {
    trackingUri: http.baseUrl,
    async beginning({ endpoint, ...request }) {
      const path = pathOf(endpoint);
      const { data } = await http.request({ ...request, path, idempotent: true, accept: 'beginning' });
      return data;
    },
    async call({ endpoint, idempotent, ...request }) {
      const path = pathOf(endpoint);
      const { data } = await http.request({
        ...request,
        path,
        idempotent: idempotent ?? request.method === 'GET',
      });
      return data;
    },
    async graphql(query, variables, purpose) {
      const { data } = await http.request({
        method: 'POST',
        path: '/graphql',
        body: { query, variables },
        idempotent: true,
        retry: 'less',
        maxBytes: maxGraphqlBytes,
        purpose,
      });
      return property(data, 'data');
    },
    connections: () => http.connections(),
    whenFree: () => http.whenFree(),
    async version() {
      const purpose = 'asking for the version';
      const { data } = await http.request({
        method: 'GET',
        path: '/version',
        accept: 'text',
        open: true,
        purpose,
      });
      return data.trim();
    },
  };
}

/** What the constructors of all clients take: an address, or a connection to share. */
export function connectionOf(tracking: string | MlflowConnection, options?: MlflowOptions): MlflowConnection {
  return typeof tracking === 'string' ? connect(tracking, options) : tracking;
}

function authOf({ username, password, token }: MlflowOptions): HttpAuth | undefined {
  if (username !== undefined && password !== undefined) return { basic: { username, password } };
  return token === undefined ? undefined : { bearer: token };
}
