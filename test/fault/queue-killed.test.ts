import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createQueues, type QueueHouse } from '../../src/queue/create-queues.js';
import { silentLog } from '../integration/queue/silent-log.js';
import { type Started, start, waitFor } from '../support/process.js';

let dataDir: string;
let child: Started;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'killed-queue-'));
  child = start(process.execPath, ['--import', 'tsx', 'test/integration/queue/add-forever.ts', dataDir]);
});

afterEach(async () => {
  await child.stop('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

const open = (): Promise<QueueHouse> => createQueues({ queueUrl: 'embedded', dataDir, log: silentLog });

const answered = (): string[] =>
  [...child.output().matchAll(/^added (\S+)$/gm)].flatMap(([, id]) => id ?? []);

test('every job that the embedded queue has answered is there after kill -9, round after round', async () => {
  const ids = new Set<string>();
  for (const round of [1, 2]) {
    await waitFor(`adds of round ${round}`, () => answered().length >= 40 || ended(), 60_000);
    await child.stop('SIGKILL');
    for (const id of answered()) ids.add(id);
    const queues = await open();
    const [links] = queues.bullQueues().filter(({ name }) => name === 'link-run');
    const kept = await Promise.all([...ids].map((id) => links!.getJob(id)));
    expect(kept.filter((job) => job === undefined)).toEqual([]);
    await queues.close();
    if (round === 1) {
      // Of keys that still wait, the second process is answered with the ids of the first.
      child = start(process.execPath, ['--import', 'tsx', 'test/integration/queue/add-forever.ts', dataDir]);
    }
  }
  expect(ids.size).toBeGreaterThanOrEqual(40);
});

test('a second process is kept out of the embedded queue, and told by whom', async () => {
  await waitFor('the first process', () => child.output().includes('open') || ended(), 60_000);
  const refused = await open().catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'EmbeddedQueueInUseError', holder: { pid: child.child.pid } });
  expect(String(refused)).toContain('LAKEFS_MLFLOW_QUEUE_URL');
});

function ended(): false {
  if (child.child.exitCode !== null) throw new Error(child.output());
  return false;
}
