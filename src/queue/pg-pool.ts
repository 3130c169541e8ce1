import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  assertSchemaCompatibility,
  type createPostgresBackend,
  LATEST_SCHEMA_VERSION,
  runMigrations,
  SchemaMigrationRequiredError,
} from 'bullmq';

type ConnectionOf<F> = F extends (name: string, options: infer O, ...rest: never[]) => unknown
  ? O extends { connection: infer C }
    ? C
    : never
  : never;

/** What BullMQ takes for a pool of PostgreSQL connections: pg's own, or anything that behaves like it. */
export type PgPool = Extract<
  ConnectionOf<typeof createPostgresBackend>,
  { connect: () => Promise<unknown>; query: unknown; end: unknown }
>;
export type PgClient = Awaited<ReturnType<PgPool['connect']>>;

/** BullMQ's schema for a pool that is handed in. */
export const pgSchema = 'bullmq';

/** An error code of our own, which PostgreSQL gives to nothing else. */
const takenBack = 'LMP01';

/**
 * Stores a job by the function that stores every job, and takes it back, as one statement: what can be read later is
 * the same as before, no worker is woken, and no session is left in a transaction.
 */
export const tryWriteSql = `
DO $probe$
BEGIN
  PERFORM add_job('probe', 'probe', 'probe', '{}', '{}', 0, 0, 0, 1, NULL, NULL, NULL, NULL, NULL, false);
  RAISE EXCEPTION 'taken back' USING ERRCODE = '${takenBack}';
EXCEPTION WHEN SQLSTATE '${takenBack}' THEN
  NULL;
END
$probe$`;

/** PostgreSQL's time in Unix ms, as `now_ms`. */
export const clockSql = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms';

/** One session, not a pool. */
type PgSession = Parameters<typeof runMigrations>[0];

/**
 * Makes BullMQ's tables, or brings them up to date, where they are not. Whoever has them complete needs no right to
 * create anything.
 *
 * @throws SchemaVersionMismatchError where a newer BullMQ created them
 */
export async function ensureSchema(client: PgSession): Promise<void> {
  if ((await versionOf(client)) < LATEST_SCHEMA_VERSION) await runMigrations(client, pgSchema);
}

async function versionOf(client: PgSession): Promise<number> {
  try {
    return await assertSchemaCompatibility(client, pgSchema);
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return 0;
    throw error;
  }
}

import type pg from 'pg';

const pauseMs = 1_000;

/**
 * The pool, as one queue or worker uses it: its first connection is held back until the schema is there. BullMQ only
 * checks the schema with that one, and remembers for ever if it fails, so it fails only when the queue is closed.
 */
export function heldBack(pool: pg.Pool, opened: Promise<void>, closing: AbortSignal): () => PgPool {
  async function untilItWorks(text: string, values?: readonly unknown[]): Promise<pg.QueryResult> {
    await opened;
    for (;;) {
      try {
        return await pool.query(text, values === undefined ? undefined : [...values]);
      } catch {
        await sleep(pauseMs, undefined, { signal: closing });
      }
    }
  }

  return () => {
    let isFirst = true;
    // The cast: pg's own types and BullMQ's description of them differ in optional arguments only.
    return {
      query: pool.query.bind(pool),
      async connect() {
        if (!isFirst) return pool.connect();
        isFirst = false;
        return Object.assign(new EventEmitter(), { query: untilItWorks, release: () => undefined });
      },
      end: pool.end.bind(pool),
      on: pool.on.bind(pool),
      removeAllListeners: () => undefined,
      options: pool.options,
    } as unknown as PgPool;
  };
}
