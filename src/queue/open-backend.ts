import { readFileSync } from 'node:fs';
import type { Backend } from './backend.js';
import type { QueueLog } from './log.js';

export interface OpenOptions {
  /** `redis(s)://…`, `postgres(ql)://…` or `embedded`. */
  readonly queueUrl: string;
  /** PEM file of the authority that signed the server's certificate. */
  readonly caFile?: string | undefined;
  /** Where the embedded queue keeps its files. */
  readonly dataDir: string;
  readonly log: QueueLog;
  /** First part of every Redis key; for tests that share a server. */
  readonly prefix?: string;
  /** Ends an opening that is under way: it rejects with the reason. */
  readonly stop?: AbortSignal | undefined;
}

/** Each store's driver is loaded only where it is used: together they would cost 25 MB of memory. */
export async function openBackend({
  queueUrl,
  caFile,
  dataDir,
  log,
  prefix,
  stop,
}: OpenOptions): Promise<Backend> {
  if (queueUrl === 'embedded') {
    const { openEmbeddedBackend } = await import('./embedded-backend.js');
    return openEmbeddedBackend({ dataDir, log, stop });
  }
  if (/^rediss?:\/\//.test(queueUrl)) {
    const { openRedisBackend } = await import('./redis-backend.js');
    const authority = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
    return openRedisBackend({ url: queueUrl, authority, log, ...(prefix === undefined ? {} : { prefix }) });
  }
  if (/^postgres(ql)?:\/\//.test(queueUrl)) {
    const { openPostgresBackend } = await import('./postgres-backend.js');
    return openPostgresBackend({ url: withAuthority(queueUrl, caFile), log });
  }
  // Not the address itself: it may hold a password.
  throw new Error(
    `LAKEFS_MLFLOW_QUEUE_URL must be "embedded" or start with redis://, rediss:// or postgres://`,
  );
}

/** In the address, because what stands there wins over options of the driver. */
function withAuthority(address: string, caFile: string | undefined): string {
  if (caFile === undefined) return address;
  const url = new URL(address);
  if (!url.searchParams.has('sslrootcert')) url.searchParams.set('sslrootcert', caFile);
  return url.href;
}
