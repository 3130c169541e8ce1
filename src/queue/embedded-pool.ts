import { EventEmitter } from 'node:events';
import type { EmbeddedDatabase } from './embedded-database.js';
import { type PgClient, type PgPool, pgSchema } from './pg-pool.js';

export interface EmbeddedPool extends PgPool {
  /** Tells all clients that their session has ended, so that they listen again in the new one. */
  renew(): void;
}

/**
 * Makes the one session of the embedded database look like pg's pool. All clients share the session, which
 * is enough for BullMQ: outside its migrations it has no transaction of several statements, and listening
 * clients pick their own channel from the notifications.
 */
export function createEmbeddedPool(database: EmbeddedDatabase): EmbeddedPool {
  const clients = new Set<EventEmitter>();
  database.onNotification((channel, payload) => {
    for (const client of clients) client.emit('notification', { channel, payload });
  });

  function query(text: string, values?: readonly unknown[]): Promise<{ rows: never[]; rowCount: number }> {
    return database.query(text, values) as Promise<{ rows: never[]; rowCount: number }>;
  }

  function connect(): PgClient {
    const emitter = new EventEmitter().setMaxListeners(0);
    clients.add(emitter);
    return Object.assign(emitter, {
      query,
      // There is no socket to lose. BullMQ polls a connection without keep-alive every ten seconds.
      connection: { stream: { setKeepAlive: () => undefined } },
      release: () => void clients.delete(emitter),
    });
  }

  const pool: EmbeddedPool = {
    query,
    connect: async () => connect(),
    end: async () => undefined,
    on: () => pool,
    removeAllListeners: () => pool,
    renew() {
      for (const client of clients) {
        if (client.listenerCount('error') > 0) client.emit('error', new Error('the session has ended'));
      }
    },
  };
  return pool;
}

const everyMs = 60_000;
/** Fewer statements leave nothing worth cleaning. */
const busyStatements = 500;

export interface Maintenance {
  /** To be called for each statement. */
  count(): void;
  stop(): void;
}

/**
 * The embedded database neither vacuums nor writes checkpoints by itself: without this, its folder grows to
 * several times the size. Table by table, so that jobs get in between.
 */
export function startMaintenance(database: EmbeddedDatabase, onError: (error: Error) => void): Maintenance {
  let statements = 0;
  let running = false;

  async function run(): Promise<void> {
    await database.query(`DELETE FROM ${pgSchema}.dedup WHERE expire_at_ms < $1`, [Date.now()]);
    const { rows } = await database.query(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = $1`,
      [pgSchema],
    );
    for (const { name } of rows) await database.query(`VACUUM (ANALYZE) ${pgSchema}.${String(name)}`);
    await database.query('CHECKPOINT');
  }

  const timer = setInterval(() => {
    if (running || statements < busyStatements || database.stopped() !== undefined) return;
    running = true;
    statements = 0;
    run()
      .catch((error: unknown) => onError(error instanceof Error ? error : new Error(String(error))))
      .finally(() => {
        running = false;
      });
  }, everyMs);
  timer.unref();
  return {
    count() {
      statements += 1;
    },
    stop: () => clearInterval(timer),
  };
}
