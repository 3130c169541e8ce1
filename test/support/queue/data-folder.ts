import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createQueues } from '../../../src/queue/create-queues.js';
import { silentLog } from '../silent-log.js';

export interface DataFolder {
  readonly path: string;
  remove(): void;
}

/** Tests of one file may ask at the same time. */
let starting: Promise<void> | undefined;

/**
 * A new data folder in which the embedded queue has been open before. Its very first start takes five seconds of
 * processor time, which is done once in a test run, and copied.
 */
export async function newDataFolder(): Promise<DataFolder> {
  const first = join(inject('folder'), 'data-folder');
  if (!existsSync(first)) {
    starting ??= startOnce(first);
    await starting;
  }
  const path = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-data-'));
  cpSync(first, path, { recursive: true });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

async function startOnce(folder: string): Promise<void> {
  const own = `${folder}-${process.pid}`;
  const queues = await createQueues({ queueUrl: 'embedded', dataDir: own, log: silentLog });
  await queues.close();
  try {
    renameSync(own, folder);
  } catch (error) {
    // A file that runs beside this one was first.
    if (!existsSync(folder)) throw error;
  }
}
