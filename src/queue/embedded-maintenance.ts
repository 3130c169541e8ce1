import type { EmbeddedDatabase } from './embedded-database.js';
import { pgSchema } from './pg-pool.js';

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
