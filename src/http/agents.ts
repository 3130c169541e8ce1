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
