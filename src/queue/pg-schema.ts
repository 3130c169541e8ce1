import {
  assertSchemaCompatibility,
  LATEST_SCHEMA_VERSION,
  runMigrations,
  SchemaMigrationRequiredError,
} from 'bullmq';
import { pgSchema } from './pg-pool.js';

/** One session, not a pool. */
type PgSession = Parameters<typeof runMigrations>[0];

/**
 * Makes BullMQ's tables, or brings them up to date, where they are not. Whoever has them complete needs no right to
 * create anything.
 *
 * @throws SchemaVersionMismatchError where a newer BullMQ has made them
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
