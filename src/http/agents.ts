import { lookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/**
 * uvicorn closes a connection that has been idle for 5 s without saying so; a request sent at that moment
 * would be reset. So ours are dropped before. Only idle connections are bound by this time.
 */
export const idleMs = 4_000;

/** What to trust beside the usual authorities. Throws where the PEM file cannot be read. */
export function readAuthorities(caFile: string | undefined): readonly string[] | undefined {
  return caFile === undefined ? undefined : [...rootCertificates, readFileSync(caFile, 'utf8')];
}

export interface AgentParts {
  /** PEM, trusted instead of Node's own. */
  readonly authorities?: readonly string[] | undefined;
  /** Node's own where left out. */
  readonly lookup?: LookupFunction | undefined;
}

/** `single`: one connection, kept. */
export function createAgents(
  mode: 'reuse' | 'single' | 'new',
  { authorities, lookup }: AgentParts = {},
): Agents {
  const keepAlive = mode !== 'new';
  const limit = mode === 'single' ? { maxSockets: 1 } : {};
  const base = {
    keepAlive,
    ...(keepAlive ? { timeout: idleMs, ...limit } : {}),
    ...(lookup === undefined ? {} : { lookup }),
  };
  const ca = authorities === undefined ? {} : { ca: [...authorities] };
  return { httpAgent: new HttpAgent(base), httpsAgent: new HttpsAgent({ ...base, ...ca }) };
}

export function closeAgents({ httpAgent, httpsAgent }: Agents): void {
  httpAgent.destroy();
  httpsAgent.destroy();
}

/** Connections that are kept, of which none is used again before it has rested. */
export interface Lanes {
  /** Runs `work` with the agents of a connection that nobody else uses meanwhile. */
  run<T>(work: (agents: Agents) => Promise<T>): Promise<T>;
  close(): void;
}

export interface LanesOptions {
  /** Agents for one connection. */
  readonly create: () => Agents;
  readonly restMs: number;
  /** A lane that was not used for so long is given up; its connection is closed by then. */
  readonly idleMs: number;
  /** Any clock in ms. */
  readonly now: () => number;
}

interface Lane {
  readonly agents: Agents;
  readonly since: number;
}

/**
 * As many as the requests in flight need while others rest; of those that have rested the one used last is taken, so
 * that those that are not needed age.
 */
export function createLanes({ create, restMs, idleMs, now }: LanesOptions): Lanes {
  /** By the time since when they rest. */
  let resting: readonly Lane[] = [];

  function take(): Agents {
    const rested = resting.findLast(({ since }) => now() - since >= restMs);
    if (rested === undefined) return create();
    resting = resting.filter((lane) => lane !== rested);
    return rested.agents;
  }

  function give(agents: Agents): void {
    const aged = resting.filter(({ since }) => now() - since >= idleMs);
    for (const lane of aged) closeAgents(lane.agents);
    resting = [...resting.filter((lane) => !aged.includes(lane)), { agents, since: now() }];
  }

  return {
    run: async (work) => {
      const agents = take();
      try {
        return await work(agents);
      } finally {
        give(agents);
      }
    },
    close: () => {
      for (const { agents } of resting) closeAgents(agents);
      resting = [];
    },
  };
}

/**
 * Node's own lookup, with one under way for each name however many ask. Node looks up two names at a time, and none can
 * be ended: where a DNS server is silent, those of waiting requests would keep other names waiting, and the process at
 * its end.
 */
export function createSharedLookup(ask: LookupFunction = lookup): LookupFunction {
  const underWay = new Map<string, Parameters<LookupFunction>[2][]>();
  return (hostname, options, callback) => {
    const key = JSON.stringify([hostname, options]);
    const waiting = underWay.get(key);
    if (waiting !== undefined) return void waiting.push(callback);
    const callbacks = [callback];
    underWay.set(key, callbacks);
    ask(hostname, options, (...answer) => {
      underWay.delete(key);
      for (const answered of callbacks) answered(...answer);
    });
  };
}
