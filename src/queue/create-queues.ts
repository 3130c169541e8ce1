import { readFileSync } from 'node:fs';
import type { Queue } from 'bullmq';
import type { Backend } from './backend.js';
import { type BroughtForward, bringForward, type Wanted } from './bring-forward.js';
import { createCircuitBreaker } from './circuit-breaker.js';
import { createJobAdmin, type JobAdmin } from './job-admin.js';
import { jobNames } from './jobs.js';
import { createFailedJobs } from './keys.js';
import type { QueueLog } from './log.js';
import { createPayloadReader } from './payloads.js';
import { createProducer } from './producer.js';
import type { JobHandlers, Queues, Workers } from './types.js';
import { startWorkers, type WorkerSettings } from './workers.js';

export interface OpenQueues extends Queues {
  readonly backend: Backend['kind'];
  /** What puts jobs at risk although events are taken, a line each; as of a minute ago at most. Costs nothing. */
  warnings(): readonly string[];
  /** For the dashboard, one per job name. */
  bullQueues(): readonly Queue[];
  startWorkers(handlers: JobHandlers, settings?: WorkerSettings): Workers;
  /** What became of single jobs, and another try for those that failed. */
  readonly admin: JobAdmin;
  /** Lets jobs run now that are put off, and gives failed ones another try. */
  bringForward(wanted: Wanted): Promise<BroughtForward>;
}

/**
 * Opens the queue. With Redis and PostgreSQL this returns at once even if the server is down: `add` then
 * rejects until it is up, and workers wait. The embedded one is open when this returns.
 *
 * Close workers first, then the queues.
 *
 * @throws EmbeddedQueueInUseError where another process has the embedded queue open
 * @throws the reason of `stop`
 */
export async function createQueues(options: OpenOptions): Promise<OpenQueues> {
  const backend = await openBackend(options);
  const breaker = createCircuitBreaker(backend);
  const payloads = createPayloadReader();
  const failed = createFailedJobs(backend.queues);
  return {
    ...createProducer(backend, breaker, payloads, failed),
    backend: backend.kind,
    admin: createJobAdmin(backend, breaker),
    warnings: watchWarnings(backend, options.log),
    bringForward: (wanted) => bringForward(backend, breaker, wanted),
    bullQueues: () => jobNames.map((name) => backend.queues[name]),
    startWorkers: (handlers, settings = {}) =>
      startWorkers({ backend, payloads, failed, log: options.log }, handlers, settings),
    async close() {
      breaker.close();
      await backend.close();
    },
  };
}

const freshMs = 60_000;

/**
 * Returns the warnings of the last check of the store, and checks again in the background where that is older than a
 * minute: whoever asks for readiness never waits for it. Each warning is logged when it first comes up.
 */
function watchWarnings(
  backend: Pick<Backend, 'opened' | 'notReady' | 'warnings' | 'place'>,
  log: QueueLog,
): () => readonly string[] {
  const logged = new Set<string>();
  let known: readonly string[] = [];
  let checkedAt = Number.NEGATIVE_INFINITY;

  async function check(): Promise<void> {
    checkedAt = performance.now();
    known = await backend.warnings();
    for (const problem of known) {
      if (logged.has(problem)) continue;
      logged.add(problem);
      log.warn({ place: backend.place, problem }, 'the queue takes events, but jobs in it are at risk');
    }
  }

  function checkUnlessFresh(): void {
    if (performance.now() - checkedAt < freshMs || backend.notReady() !== undefined) return;
    check().catch((error: unknown) =>
      log.debug({ error: String(error) }, 'the queue store could not be checked'),
    );
  }

  backend.opened.then(checkUnlessFresh, () => undefined);
  return () => {
    checkUnlessFresh();
    return known;
  };
}

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
async function openBackend({ queueUrl, caFile, dataDir, log, prefix, stop }: OpenOptions): Promise<Backend> {
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
