import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Backend, endsWithin, quietErrors, serverPatienceMs, sharedRenewal } from './backend.js';
import { clockWarning, readClock } from './clock.js';
import { startHistoryLimit } from './history-limit.js';
import type { QueueLog } from './log.js';
import { clockSql, ensureSchema, heldBack, pgSchema, tryWriteSql } from './pg-pool.js';
import { createPgQueues } from './pg-queues.js';
import { explainPostgres, isMissingSchema, isReadOnly } from './pg-reasons.js';

const firstPauseMs = 1_000;
const longestPauseMs = 5_000;

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
  let notReady: string | undefined = `${place} has not answered yet`;

  async function prepare(): Promise<void> {
    const client = await pool.connect();
    try {
      await ensureSchema(client);
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Tries until it works: BullMQ remembers a first connection that failed, and would never try again. */
  async function open(): Promise<void> {
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
      closing.signal.throwIfAborted();
      try {
        await prepare();
        notReady = undefined;
        return;
      } catch (error) {
        notReady = `${place}: ${explainPostgres(error)}`;
        onError(asError(error));
        await sleep(pause, undefined, { signal: closing.signal });
      }
    }
  }

  const makeSchema = sharedRenewal(async () => {
    await prepare();
    return true;
  });
  const renewConnections = sharedRenewal(async () => {
    await leaveIdle(pool);
    return true;
  });

  async function mend(error: unknown): Promise<boolean> {
    if (isMissingSchema(error)) return makeSchema();
    return isReadOnly(error) ? renewConnections() : false;
  }

  const opened = open();
  opened.catch(() => undefined);
  const { queues, startWorker } = createPgQueues(
    heldBack(pool, opened, closing.signal),
    onError,
    (error) => void mend(error),
  );
  const historyLimit = startHistoryLimit(queues, onError, () => notReady === undefined);
  return {
    kind: 'postgres',
    queues,
    keepsByCount: false,
    place,
    opened,
    notReady: () => notReady,
    patienceMs: serverPatienceMs,
    async ping() {
      await pool.query('SELECT 1');
    },
    async tryWrite() {
      await pool.query(tryWriteSql);
    },
    async warnings() {
      const clock = await readClock(async () => Number((await pool.query(clockSql)).rows[0]?.now_ms));
      const warning = clockWarning(place, clock);
      return warning === undefined ? [] : [warning];
    },
    explain: explainPostgres,
    mend,
    startWorker,
    async close() {
      historyLimit.stop();
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

/** Ends the connections that are not in use: they may lead to a server that is no longer the primary. */
async function leaveIdle(pool: pg.Pool): Promise<void> {
  for (let left = pool.idleCount; left > 0; left -= 1) (await pool.connect()).release(true);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
