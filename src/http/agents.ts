import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { rootCertificates } from 'node:tls';

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/**
 * uvicorn closes a connection that has been idle for 5 s without saying so; a request sent at that moment
 * would be reset. So ours are dropped before. Only idle connections are bound by this time.
 */
const idleMs = 4_000;

/** Reads `caFile`; throws where it cannot be read. */
export function createAgents(mode: 'reuse' | 'new', caFile?: string): Agents {
  const keepAlive = mode === 'reuse';
  const base = keepAlive ? { keepAlive, timeout: idleMs } : { keepAlive };
  const ca = caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] };
  return { httpAgent: new HttpAgent(base), httpsAgent: new HttpsAgent({ ...base, ...ca }) };
}

export function closeAgents({ httpAgent, httpsAgent }: Agents): void {
  httpAgent.destroy();
  httpsAgent.destroy();
}
