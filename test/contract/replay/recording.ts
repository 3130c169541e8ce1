import { readFileSync } from 'node:fs';

/** One recorded REST exchange; they are in order, from an empty server. */
export interface Exchange {
  readonly name: string;
  readonly note: string;
  /** Client clock, seconds since 1970. */
  readonly at: number;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query: Readonly<Record<string, string | number | readonly string[]>>;
    readonly headers: Readonly<Record<string, string>>;
    readonly auth: 'admin' | 'none' | 'bad-secret' | 'bad-key' | 'bearer-garbage';
    readonly body: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
  /** Names of the hook requests that it caused. */
  readonly deliveries?: readonly string[];
}

export interface RecordedHook {
  readonly name: string;
  readonly caused_by: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  };
}

/** One request of a client library, as it was on the wire. */
export interface WireExchange {
  readonly call: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: unknown;
  };
}

/** Which recorded exchanges the sandbox does as the real server; for each other one the reason. */
export interface Supported {
  readonly exchanges: readonly string[];
  readonly exchangesLeftOut: Readonly<Record<string, string>>;
  /** Exchanges whose answer is compared and whose hook requests are not, with the reason. */
  readonly deliveriesLeftOut: Readonly<Record<string, string>>;
  readonly sdk: readonly string[];
  readonly sdkLeftOut: Readonly<Record<string, string>>;
  readonly s3: readonly string[];
  readonly s3LeftOut: Readonly<Record<string, string>>;
}

function load<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../../data/lakefs/${file}.json`, import.meta.url), 'utf8'));
}

export const loadExchanges = (): readonly Exchange[] => load('exchanges');
export const loadHooks = (): readonly RecordedHook[] => load('webhooks');
export const loadSdk = (): readonly WireExchange[] => load('sdk');
export const loadS3 = (): readonly WireExchange[] => load('s3');
export const loadSupported = (): Supported => load('supported');

/** A unique name: the client's call and which of its requests this is. */
export function wireNames(exchanges: readonly WireExchange[]): string[] {
  const seen = new Map<string, number>();
  return exchanges.map(({ call }) => {
    const count = (seen.get(call) ?? 0) + 1;
    seen.set(call, count);
    return `${call} / ${count}`;
  });
}
