import type { LookupFunction } from 'node:net';
import type { RetryPolicy } from '../http/retry.js';
import type { Standing } from '../http/standing.js';
import type { Connections } from '../http/types.js';

/** How to talk to an MLflow server, beyond its tracking URI. Everything is optional. */
export interface MlflowOptions {
  /** With `password`: HTTP basic auth. Wins over `token`, as in MLflow's Python client. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Sent as a bearer token. */
  readonly token?: string | undefined;
  /** Sent as X-MLFLOW-WORKSPACE. A server without workspaces answers 500 FEATURE_DISABLED to it. */
  readonly workspace?: string | undefined;
  /** For one attempt, ms. Default 120,000. */
  readonly timeoutMs?: number | undefined;
  /** PEM file of an authority to trust. */
  readonly caFile?: string | undefined;
  /** Address of an HTTP proxy. The environment's proxies are never used. */
  readonly proxy?: string | undefined;
  /**
   * Requests at once, at most. Default 8: MLflow's database pool breaks down at about 15. A near server with one worker
   * gets 2, because more make it slower.
   */
  readonly maxInFlight?: number | undefined;
  /**
   * Whether connections are reused. Default `auto`: measured at first use, because an MLflow server with two
   * or more workers (its default) answers 42 ms late on a reused connection.
   */
  readonly connections?: Connections | undefined;
  /** Default: 7 retries, as MLflow's Python client. */
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Tells failures of the server as a whole from those of one request. Without it each answer speaks for itself. */
  readonly standing?: Standing | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Ends all requests with its reason, and lets no other begin. */
  readonly signal?: AbortSignal | undefined;
  /** How the server's name is looked up. Default: Node's own `dns.lookup`. */
  readonly lookup?: LookupFunction | undefined;
}
