import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runMigrations } from 'bullmq';
import { type Backend, quietErrors } from './backend.js';
import { DataDirError, inDataDir, roomProblem } from './data-dir.js';
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded-database.js';
import { takeLock, waitForLock } from './embedded-lock.js';
import { createEmbeddedPool, startMaintenance } from './embedded-pool.js';
import { keepOpen } from './embedded-store.js';
import { startHistoryLimit } from './history-limit.js';
import type { QueueLog } from './log.js';
import { pgSchema, tryWriteSql } from './pg-pool.js';
import { createPgQueues } from './pg-queues.js';
import { explainPostgres } from './pg-reasons.js';

/**
 * Jobs that a killed process left running. BullMQ waits up to a minute to be sure that their worker is gone;
 * with the lock in our hands it is, so the first check of the next worker takes them.
 */
const handBackActive = `
  UPDATE ${pgSchema}.job SET stalled_marked = true, locked_until_ms = 0 WHERE state = 'active';
  DELETE FROM ${pgSchema}.meta WHERE field = 'stalled-check'`;

/** Bytes. */
const leastRoom = 1_000_000;

/**
 * Opens the queue in `<dataDir>/queue`; takes seconds the first time, and some more where the last process is about to
 * end. Throws `EmbeddedQueueInUseError` where another live process has it open.
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
  const place = `the embedded queue in ${folder}`;
  const onError = quietErrors(log, place);
  function onLost(): void {
    log.error({ place }, 'another process has taken over the embedded queue: this one stops using it');
    void database.abandon(`another process has taken over ${place}: stop one of them`);
  }
  const file = join(dataDir, 'queue.lock');
  const lock = await waitForLock(() => inDataDir(dataDir, () => takeLock(file, onLost)), log, stop);
  const database = await keepOpen({
    folder,
    open: () => openDatabase(folder, stop),
    onReopened: () => pool.renew(),
    onError,
  })
    .then(async (opened) => {
      await opened.query(handBackActive);
      return opened;
    })
    .catch((error: unknown) => {
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
  const { queues, startWorker } = createPgQueues(() => pool, onError);
  const historyLimit = startHistoryLimit(queues, onError, () => database.stopped() === undefined);
  return {
    kind: 'embedded',
    queues,
    keepsByCount: false,
    place,
    opened: Promise.resolve(),
    notReady: () => database.stopped(),
    // Its end is known at once, so slow means a busy machine, and an event refused for that would be lost.
    patienceMs: 5_000,
    async ping() {
      await database.query('SELECT 1');
    },
    async tryWrite() {
      await assertRoom(folder);
      await database.query(tryWriteSql);
    },
    warnings: async () => [],
    explain: explainPostgres,
    // The database looks after itself, see `keepOpen`.
    mend: async () => false,
    startWorker,
    async close() {
      maintenance.stop();
      historyLimit.stop();
      await Promise.allSettled(Object.values(queues).map((queue) => queue.close()));
      await database.close();
      lock.release();
    },
  };
}

/** A small row finds a place in a page that is there already; the next event may not. */
async function assertRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < leastRoom) throw new Error('ENOSPC: less than 1 MB is left on the device');
}

async function openDatabase(folder: string, stop: AbortSignal | undefined): Promise<EmbeddedDatabase> {
  let database: EmbeddedDatabase | undefined;
  try {
    if (!existsSync(join(folder, 'PG_VERSION'))) await createDatabase(folder, stop);
    database = await startEmbeddedDatabase(folder, stop);
    await database.query(`CREATE SCHEMA IF NOT EXISTS ${pgSchema}; SET search_path TO ${pgSchema}, public`);
    await runMigrations(await createEmbeddedPool(database).connect(), pgSchema);
    stop?.throwIfAborted();
    return database;
  } catch (error) {
    await database?.close();
    stop?.throwIfAborted();
    if (error instanceof DataDirError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    // A full disk has no words of its own there.
    const detail = said || roomProblem(dirname(folder)) || 'no reason was given';
    throw new DataDirError(
      `the embedded queue in ${folder} cannot be opened: ${detail}. It holds only work that the service finds again ` +
        'by itself: if this persists, move the folder away and start again',
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
  const noRoom = roomProblem(dirname(folder));
  if (noRoom !== undefined) throw new DataDirError(noRoom);
  mkdirSync(unfinished, { mode: 0o700 });
  try {
    const database = await startEmbeddedDatabase(unfinished, stop);
    await database.close();
    renameSync(unfinished, folder);
  } catch (error) {
    // It may be what fills the disk.
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}
