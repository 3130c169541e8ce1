import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EmbeddedQueueInUseError, takeLock } from '../../../src/queue/embedded-lock.js';
import { type ProcessIdentity, processIdentity, thisProcess } from '../../../src/queue/process-identity.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'queue-lock-'));
  file = join(folder, 'queue.lock');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function heldBy(identity: Partial<ProcessIdentity>, ageMs = 0): void {
  writeFileSync(file, JSON.stringify({ ...thisProcess(), ...identity }));
  const at = new Date(Date.now() - ageMs);
  utimesSync(file, at, at);
}

/** The pid of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('a lock is taken once, and again after its release', () => {
  const lock = takeLock(file);
  expect(() => takeLock(file)).toThrow(EmbeddedQueueInUseError);
  lock.release();
  expect(existsSync(file)).toBe(false);
  takeLock(file).release();
});

test('the error names the holder, the file and the way out', () => {
  const lock = takeLock(file);
  expect(() => takeLock(file)).toThrow(
    new RegExp(`in use by process ${process.pid} on .*${file}.*LAKEFS_MLFLOW_QUEUE_URL`),
  );
  lock.release();
});

/** The file then names this process. */
function expectTakeover(): void {
  const lock = takeLock(file);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
  lock.release();
}

test('the lock of a process that has died is taken over', () => {
  heldBy({ pid: deadPid() });
  expectTakeover();
});

test.runIf(thisProcess().startedAt !== '')(
  'the lock of a process that was killed and that its parent has not collected yet is taken over',
  async () => {
    // The shell becomes a program that collects nobody.
    const parent = spawn('sh', ['-c', 'sleep 30 & echo $!; exec sleep 30']);
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    heldBy(processIdentity(pid));
    expect(() => takeLock(file)).toThrow(EmbeddedQueueInUseError);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z '));
    takeLock(file).release();
    parent.kill('SIGKILL');
  },
);

test.runIf(thisProcess().startedAt !== '')('a pid that was given to another process is no holder', () => {
  heldBy({ startedAt: '1' });
  expectTakeover();
});

test.each([{ hostname: 'another-host' }, { pidSpace: 'another container' }])(
  'a holder that cannot be looked up, %o, holds as long as its heartbeat is fresh',
  (identity) => {
    heldBy({ ...identity, pid: deadPid() });
    expect(() => takeLock(file)).toThrow(EmbeddedQueueInUseError);
    heldBy({ ...identity, pid: deadPid() }, 31_000);
    takeLock(file).release();
  },
);

test('a file that was cut off while it was written holds for half a minute, not for ever', () => {
  writeFileSync(file, '{"hostna');
  expect(() => takeLock(file)).toThrow(EmbeddedQueueInUseError);
  const at = new Date(Date.now() - 31_000);
  utimesSync(file, at, at);
  takeLock(file).release();
});

test('a holder whose lock was taken over learns it within five seconds', () => {
  vi.useFakeTimers();
  try {
    const lost = vi.fn();
    const lock = takeLock(file, lost);
    vi.advanceTimersByTime(5_000);
    expect(lost).not.toHaveBeenCalled();
    heldBy({ pid: 1, startedAt: 'other' });
    vi.advanceTimersByTime(60_000);
    expect(lost).toHaveBeenCalledTimes(1);
    lock.release();
  } finally {
    vi.useRealTimers();
  }
});

test('a lock that someone else has taken meanwhile is not removed by a release', () => {
  const lock = takeLock(file);
  heldBy({ pid: 1, startedAt: 'other' });
  lock.release();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: 1 });
});
