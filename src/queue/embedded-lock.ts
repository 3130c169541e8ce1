import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueLog } from './log.js';
import { isAlive, type ProcessIdentity, thisProcess } from './process-identity.js';

const heartbeatMs = 5_000;
/** A holder that cannot be looked up (another host or container) counts as gone when its heartbeat is older. */
const staleMs = 30_000;

/** Two processes on one embedded database silently lose each other's rows, so the second one stays out. */
export class EmbeddedQueueInUseError extends Error {
  override readonly name = 'EmbeddedQueueInUseError';
  readonly file: string;
  readonly holder: ProcessIdentity | undefined;

  constructor(file: string, holder: ProcessIdentity | undefined) {
    const who = holder ? `process ${holder.pid} on ${holder.hostname}` : 'another process';
    super(
      `the embedded queue is in use by ${who} (${file}): stop that process, or give several processes one ` +
        'queue with LAKEFS_MLFLOW_QUEUE_URL=redis://… or postgres://…',
    );
    this.file = file;
    this.holder = holder;
  }
}

export interface Lock {
  release(): void;
}

/**
 * Takes the lock file, or throws `EmbeddedQueueInUseError`. A lock whose holder has died is taken over.
 *
 * @param onLost called once where another process has taken it over: it saw no heartbeat for long
 */
export function takeLock(file: string, onLost: () => void = () => undefined): Lock {
  const own = JSON.stringify(thisProcess());
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeFileSync(file, own, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      if (attempt === 3) throw new EmbeddedQueueInUseError(file, undefined);
      removeIfDead(file);
    }
  }
  const heartbeat = setInterval(() => {
    try {
      const found = readLock(file);
      if (found !== undefined && found.text !== own) {
        clearInterval(heartbeat);
        onLost();
        return;
      }
      utimesSync(file, new Date(), new Date());
    } catch {
      // Someone removed the file; the next start is then unguarded, which is what they asked for.
    }
  }, heartbeatMs);
  heartbeat.unref();
  return {
    release() {
      clearInterval(heartbeat);
      if (readLock(file)?.text === own) rmSync(file, { force: true });
    },
  };
}

function removeIfDead(file: string): void {
  const found = readLock(file);
  if (found === undefined) return;
  if (isHeld(found)) throw new EmbeddedQueueInUseError(file, found.holder);
  // Two starters may both see a dead holder: whoever moves the dead one's file away goes on, and one that
  // finds it has moved the other's fresh file puts it back.
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved = readLock(aside);
  if (moved !== undefined && moved.text !== found.text) {
    renameSync(aside, file);
    throw new EmbeddedQueueInUseError(file, moved.holder);
  }
  rmSync(aside, { force: true });
}

interface Found {
  readonly text: string;
  readonly holder: ProcessIdentity | undefined;
  readonly ageMs: number;
}

function isHeld({ holder, ageMs }: Found): boolean {
  const alive = holder === undefined ? undefined : isAlive(holder);
  return alive ?? ageMs < staleMs;
}

function readLock(file: string): Found | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return { text, holder: parseHolder(text), ageMs: Date.now() - statSync(file).mtimeMs };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Undefined for a file that was cut off while it was written. */
function parseHolder(text: string): ProcessIdentity | undefined {
  try {
    const value: Partial<ProcessIdentity> = JSON.parse(text);
    const { hostname, pidSpace, pid, startedAt } = value;
    if (typeof pid !== 'number' || typeof hostname !== 'string') return undefined;
    return { hostname, pid, pidSpace: String(pidSpace), startedAt: String(startedAt) };
  } catch {
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** A process that was killed is gone within moments; one that was told to stop takes some seconds. */
const patienceMs = 10_000;
const retryEveryMs = 200;

/**
 * Takes the lock, and waits for a process that is about to end: supervisors start the next one at once. Where the
 * holder cannot be looked up (the last pod had another name), waits until its heartbeat is old.
 *
 * @param take `takeLock` for the file
 * @param stop ends the wait with its reason
 * @throws EmbeddedQueueInUseError where it is still held then
 */
export async function waitForLock(take: () => Lock, log: QueueLog, stop?: AbortSignal): Promise<Lock> {
  const from = performance.now();
  for (let tries = 0; ; tries += 1) {
    try {
      return take();
    } catch (error) {
      if (!(error instanceof EmbeddedQueueInUseError)) throw error;
      const { file, holder } = error;
      const isKnown = holder !== undefined && isAlive(holder) !== undefined;
      const longest = isKnown ? patienceMs : staleMs + patienceMs / 2;
      if (performance.now() - from >= longest) throw error;
      if (tries === 0) {
        log.info(
          { file, pid: holder?.pid, hostname: holder?.hostname, seconds: longest / 1_000 },
          'the embedded queue is still in use; waiting for that process to end',
        );
      }
      await sleep(retryEveryMs);
      stop?.throwIfAborted();
    }
  }
}
