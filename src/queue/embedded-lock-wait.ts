import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedQueueInUseError, type Lock, staleMs } from './embedded-lock.js';
import type { QueueLog } from './log.js';
import { isAlive } from './process-identity.js';

/** A process that was killed is gone within moments; one that was told to stop takes some seconds. */
const patienceMs = 10_000;
const lookEveryMs = 200;

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
  for (let looks = 0; ; looks += 1) {
    try {
      return take();
    } catch (error) {
      if (!(error instanceof EmbeddedQueueInUseError)) throw error;
      const { file, holder } = error;
      const isKnown = holder !== undefined && isAlive(holder) !== undefined;
      const longest = isKnown ? patienceMs : staleMs + patienceMs / 2;
      if (performance.now() - from >= longest) throw error;
      if (looks === 0) {
        log.info(
          { file, pid: holder?.pid, hostname: holder?.hostname, seconds: longest / 1_000 },
          'the embedded queue is still in use; waiting for that process to end',
        );
      }
      await sleep(lookEveryMs);
      stop?.throwIfAborted();
    }
  }
}
