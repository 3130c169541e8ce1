import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runMigrations } from 'bullmq';
import type { Backend } from './backend.js';
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded-database.js';
import { takeLock } from './embedded-lock.js';
import { startMaintenance } from './embedded-maintenance.js';
import { createEmbeddedPool } from './embedded-pool.js';
import type { QueueLog } from './log.js';
import { pgSchema } from './pg-pool.js';
import { createPgQueues } from './pg-queues.js';
import { quietErrors } from './quiet-errors.js';

/**
 * Jobs that a killed process left running. BullMQ waits up to a minute to be sure that their worker is gone;
 * with the lock in our hands it is, so the first check of the next worker takes them.
 */
const handBackActive = `
  UPDATE ${pgSchema}.job SET stalled_marked = true, locked_until_ms = 0 WHERE state = 'active';
  DELETE FROM ${pgSchema}.meta WHERE field = 'stalled-check'`;

/**
 * Opens the queue in `<dataDir>/queue`; takes seconds the first time. Throws `EmbeddedQueueInUseError` where
 * another live process has it open.
 */
export async function openEmbeddedBackend({
  dataDir,
  log,
  stop,
}: {
  readonly dataDir: string;
  readonly log: QueueLog;
  /** Ends the opening with its reason, and leaves nothing half made. */
  readonly stop?: AbortSignal | undefined;
}): Promise<Backend> {
  const folder = join(dataDir, 'queue');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(dataDir, 'queue.lock'));
  const place = `the embedded queue in ${folder}`;
  const onError = quietErrors(log, place);
  const database = await openDatabase(folder, stop).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  const maintenance = startMaintenance(database, onError);
  const pool = createEmbeddedPool({
    ...database,
    query(text, values) {
      maintenance.count();
      return database.query(text, values);
    },
  });
  const { queues, startWorker } = createPgQueues(pool, onError);
  return {
    kind: 'embedded',
    queues,
    place,
    notReady: () => database.stopped(),
    // Its end is known at once, so slow means a busy machine, and an event refused for that would be lost.
    patienceMs: 5_000,
    async ping() {
      await database.query('SELECT 1');
    },
    misconfiguration: async () => undefined,
    startWorker,
    async close() {
      maintenance.stop();
      await Promise.allSettled(Object.values(queues).map((queue) => queue.close()));
      await database.close();
      lock.release();
    },
  };
}

async function openDatabase(folder: string, stop: AbortSignal | undefined): Promise<EmbeddedDatabase> {
  let database: EmbeddedDatabase | undefined;
  try {
    if (!existsSync(folder)) await createDatabase(folder, stop);
    database = await startEmbeddedDatabase(folder, stop);
    await database.query(`CREATE SCHEMA IF NOT EXISTS ${pgSchema}; SET search_path TO ${pgSchema}, public`);
    await runMigrations(await createEmbeddedPool(database).connect(), pgSchema);
    await database.query(handBackActive);
    stop?.throwIfAborted();
    return database;
  } catch (error) {
    await database?.close();
    stop?.throwIfAborted();
    const detail = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the embedded queue in ${folder} cannot be opened: ${detail}. It holds only work that is found again ` +
        'by itself: if this stays, move the folder away and start again',
      { cause: error },
    );
  }
}

/**
 * In a thread that ends: the memory that a first start takes, 500 MB more than any later one, goes with it.
 * Under another name until it is complete, so that a process killed meanwhile leaves nothing half made.
 */
async function createDatabase(folder: string, stop: AbortSignal | undefined): Promise<void> {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const database = await startEmbeddedDatabase(unfinished, stop);
  await database.close();
  renameSync(unfinished, folder);
}
