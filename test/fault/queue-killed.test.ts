import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQueues, type OpenQueues } from '../../src/queue/create-queues.js';
import { type DataFolder, newDataFolder } from '../support/queue/data-folder.js';
import { notingHandlers } from '../support/queue/handlers.js';
import { type Started, start, waitFor } from '../support/servers/process.js';
import { silentLog } from '../support/silent-log.js';

// Each test starts a database or two.
vi.setConfig({ testTimeout: 120_000 });

let folder: DataFolder;
let dataDir: string;
let child: Started | undefined;

beforeEach(async () => {
  folder = await newDataFolder();
  dataDir = folder.path;
});

afterEach(async () => {
  await child?.stop('SIGKILL');
  folder.remove();
});

const open = (): Promise<OpenQueues> => createQueues({ queueUrl: 'embedded', dataDir, log: silentLog });

function answered(adding: Started): string[] {
  return [...adding.output().matchAll(/^added (\S+)$/gm)].flatMap(([, id]) => id ?? []);
}

test('every job that the embedded queue has answered is there after kill -9, round after round', async () => {
  const ids = new Set<string>();
  // Of keys that still wait, the process of the second round is answered with the ids of the first.
  for (const round of [1, 2]) {
    const adding = run('add-forever');
    await waitFor(`adds of round ${round}`, () => answered(adding).length >= 40 || ended(adding), 60_000);
    await adding.stop('SIGKILL');
    for (const id of answered(adding)) ids.add(id);
    const queues = await open();
    const links = queues.bullQueues().find(({ name }) => name === 'link-run')!;
    const kept = await Promise.all([...ids].map((id) => links.getJob(id)));
    expect(kept.filter((job) => job === undefined)).toEqual([]);
    await queues.close();
  }
  expect(ids.size).toBeGreaterThanOrEqual(40);
});

test('a process killed during its very first start does not block the next start', async () => {
  dataDir = join(folder.path, 'never-used');
  const first = run('add-forever');
  await waitFor(
    'the first files',
    () => existsSync(join(dataDir, 'queue.new', 'base')) || ended(first),
    60_000,
  );
  await first.stop('SIGKILL');
  const queues = await open();
  expect(await queues.problem()).toBeUndefined();
  await queues.close();
});

test('a second process is kept out of the embedded queue; the error names the process that holds it', async () => {
  const first = run('add-forever');
  await waitFor('the first process', () => first.output().includes('open') || ended(first), 60_000);
  const refused = await open().catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'EmbeddedQueueInUseError', holder: { pid: first.child.pid } });
  expect(String(refused)).toContain('LAKEFS_MLFLOW_QUEUE_URL');
});

test('a job that a killed process was running is run at once by the next', async () => {
  const killed = run('work-forever');
  await waitFor('the job', () => killed.output().includes('running') || ended(killed), 60_000);
  await killed.stop('SIGKILL');
  const queues = await open();
  const ran: string[] = [];
  const workers = queues.startWorkers(notingHandlers(ran));
  // BullMQ's own check would take 30 s or more.
  await waitFor('the interrupted job', () => ran.includes('interrupted'), 25_000);
  await workers.close(5_000);
  await queues.close();
});

function run(program: 'add-forever' | 'work-forever'): Started {
  child = start(process.execPath, [`test/integration/queue/${program}.mjs`, dataDir]);
  return child;
}

function ended({ child: process, output }: Started): false {
  if (process.exitCode !== null) throw new Error(output());
  return false;
}
