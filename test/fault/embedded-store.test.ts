import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
let queues: OpenQueues | undefined;
let said: string[];
let added = 0;

beforeEach(async () => {
  folder = await newDataFolder();
  said = [];
});
afterEach(async () => {
  await queues?.close();
  queues = undefined;
  folder.remove();
});

async function open(dataDir = folder.path): Promise<OpenQueues> {
  const log = { ...silentLog, info: (_data: object, message: string) => void said.push(message) };
  queues = await createQueues({ queueUrl: 'embedded', dataDir, log });
  return queues;
}

async function add(size = 1): Promise<void> {
  const run = `run-${added++}${'x'.repeat(size)}`;
  await queues?.add({ name: 'link-run', payload: { v: 1, server: 'default', run }, cause: 'hook' });
}

test('when the files of the embedded queue are removed, it says so, recreates them, and hooks and workers go on', async () => {
  const { startWorkers } = await open();
  const ran: string[] = [];
  const workers = startWorkers(notingHandlers(ran));
  await add();
  await waitFor('the first job', () => ran.length === 1);
  rmSync(join(folder.path, 'queue'), { recursive: true });
  expect(await queues?.problem()).toMatch(/the files of the embedded queue in .* were removed/);
  await expect(add()).rejects.toMatchObject({ name: 'QueueUnavailableError' });
  await waitFor('a new queue', async () => (await queues?.problem()) === undefined, 60_000);
  await add();
  await waitFor('the second job', () => ran.length === 2);
  await workers.close(1_000);
});

/** A small disk of its own; only root may have one. */
function smallDisk(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const disk = mkdtempSync(join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=110m', 'tmpfs', disk], { stdio: 'ignore' });
    return disk;
  } catch {
    rmSync(disk, { recursive: true });
    return undefined;
  }
}

test('on a full disk an event is refused with that reason and the service is not ready; with space again it goes on', async (context) => {
  const disk = smallDisk();
  if (disk === undefined) return context.skip('needs the right to mount a tmpfs');
  try {
    const dataDir = join(disk, 'data');
    mkdirSync(dataDir);
    await open(dataDir);
    await add();
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'fill'), Buffer.alloc(bavail * bsize));
    const refused = await waitFor('a refusal', () => add(3_000).then(() => undefined, String));
    expect(refused).toMatch(/its disk is full: free some space \(.*No space left/);
    expect(await queues?.problem()).toMatch(/its disk is full/);
    // How the last event went answers for a second; from then on a write does.
    const later = performance.now() + 1_500;
    await waitFor('an answer of its own', () => performance.now() > later);
    expect(await queues?.problem()).toMatch(/its disk is full/);
    rmSync(join(disk, 'fill'));
    await waitFor('room', async () => (await queues?.problem()) === undefined);
    await add();
  } finally {
    await queues?.close();
    queues = undefined;
    execFileSync('/bin/umount', [disk], { stdio: 'ignore' });
    rmSync(disk, { recursive: true });
  }
});

test('a start right after SIGKILL gets the queue, even before the killed process is reaped', async () => {
  const program = 'test/integration/queue/work-forever.mjs';
  // The shell becomes a program that collects nobody.
  const command = `${process.execPath} ${program} ${folder.path} & echo "pid $!"; exec sleep 100`;
  const parent: Started = start('sh', ['-c', command]);
  try {
    await waitFor('the job', () => parent.output().includes('running'), 60_000);
    process.kill(Number(/pid (\d+)/.exec(parent.output())?.[1]), 'SIGKILL');
    await open();
    expect(await queues?.problem()).toBeUndefined();
  } finally {
    await parent.stop('SIGKILL');
  }
});

test('a start while the previous process is stopping waits for it, and says so', async () => {
  const last = start(process.execPath, ['test/integration/queue/work-forever.mjs', folder.path]);
  await waitFor('the job', () => last.output().includes('running'), 60_000);
  const opening = open();
  await waitFor('the line', () => said.some((line) => line.includes('waiting for that process to end')));
  await last.stop('SIGKILL');
  await opening;
  expect(await queues?.problem()).toBeUndefined();
});
