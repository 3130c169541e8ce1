import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runMigrations } from 'bullmq';
import pg from 'pg';
import { type Backend, serverPatienceMs } from './backend.js';
import { endsWithin } from './ends-within.js';
import type { QueueLog } from './log.js';
import { type PgPool, pgSchema } from './pg-pool.js';
import { createPgQueues } from './pg-queues.js';
import { quietErrors } from './quiet-errors.js';

/** How long a server that hangs is waited for when the queue is closed, in ms. */
const serverCloseMs = 500;

/** Returns at once, whether or not PostgreSQL can be reached. */
export function openPostgresBackend({ url, log }: { readonly url: string; readonly log: QueueLog }): Backend {
  const place = `PostgreSQL at ${new URL(url).host}`;
  const onError = quietErrors(log, place);
  const sockets = new Set<Socket>();
  const pool = new pg.Pool({
    connectionString: url,
    stream: () => keptIn(sockets),
    // Each worker keeps one for LISTEN.
    max: 12,
    connectionTimeoutMillis: 2_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options: `-c search_path=${pgSchema}`,
  });
  // Every queue and worker adds a listener of its own.
  pool.setMaxListeners(0);
  pool.on('error', onError);
  const closing = new AbortController();
  let prepared = false;
  const schemaReady = prepareSchema(pool, closing.signal, onError).then(() => {
    prepared = true;
  });
  schemaReady.catch(() => undefined);
  const { queues, startWorker } = createPgQueues(afterwards(pool, schemaReady), onError);
  return {
    kind: 'postgres',
    queues,
    place,
    notReady: () => (prepared ? undefined : `${place} has not been reached yet`),
    patienceMs: serverPatienceMs,
    async ping() {
      await pool.query('SELECT 1');
    },
    misconfiguration: async () => undefined,
    startWorker,
    async close() {
      closing.abort(new Error('the queue has been closed'));
      await Promise.allSettled(Object.values(queues).map((queue) => queue.close()));
      if (!(await endsWithin(pool.end(), serverCloseMs))) for (const socket of sockets) socket.destroy();
    },
  };
}

/** A new socket, there as long as it is not closed. */
function keptIn(sockets: Set<Socket>): Socket {
  const socket = new Socket();
  sockets.add(socket);
  return socket.once('close', () => sockets.delete(socket));
}

/** Tries until it works: BullMQ remembers a first connection that failed, and would never try again. */
async function prepareSchema(
  pool: pg.Pool,
  closing: AbortSignal,
  onError: (error: Error) => void,
): Promise<void> {
  for (;;) {
    closing.throwIfAborted();
    try {
      const client = await pool.connect();
      try {
        await runMigrations(client, pgSchema);
        return;
      } finally {
        client.release();
      }
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
      await sleep(1_000, undefined, { signal: closing });
    }
  }
}

/**
 * The pool, with the first connections held back until the schema is there. The cast: pg's own types and
 * BullMQ's description of them differ in optional arguments only.
 */
function afterwards(pool: pg.Pool, schemaReady: Promise<void>): PgPool {
  return {
    query: pool.query.bind(pool),
    async connect() {
      await schemaReady;
      return pool.connect();
    },
    end: pool.end.bind(pool),
    on: pool.on.bind(pool),
    removeAllListeners: () => undefined,
    options: pool.options,
  } as unknown as PgPool;
}
