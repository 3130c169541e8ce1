import type { Backend } from './backend.js';
import { openEmbeddedBackend } from './embedded-backend.js';
import type { QueueLog } from './log.js';
import { openPostgresBackend } from './postgres-backend.js';
import { openRedisBackend } from './redis-backend.js';

export interface OpenOptions {
  /** `redis(s)://…`, `postgres(ql)://…` or `embedded`. */
  readonly queueUrl: string;
  /** Where the embedded queue keeps its files. */
  readonly dataDir: string;
  readonly log: QueueLog;
  /** First part of every Redis key; for tests that share a server. */
  readonly prefix?: string;
}

export async function openBackend({ queueUrl, dataDir, log, prefix }: OpenOptions): Promise<Backend> {
  if (queueUrl === 'embedded') return openEmbeddedBackend({ dataDir, log });
  if (/^rediss?:\/\//.test(queueUrl)) {
    return openRedisBackend({ url: queueUrl, log, ...(prefix === undefined ? {} : { prefix }) });
  }
  if (/^postgres(ql)?:\/\//.test(queueUrl)) return openPostgresBackend({ url: queueUrl, log });
  // Not the address itself: it may hold a password.
  throw new Error(
    `LAKEFS_MLFLOW_QUEUE_URL must be "embedded" or start with redis://, rediss:// or postgres://`,
  );
}
