import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { PgPool } from './pg-pool.js';

const pauseMs = 1_000;

/**
 * The pool, as one queue or worker uses it: its first connection is held back until the schema is there. BullMQ only
 * looks at the schema with that one, and remembers for ever if it fails, so it fails only when the queue is closed.
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
