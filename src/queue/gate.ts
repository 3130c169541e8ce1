import { setTimeout as sleep } from 'node:timers/promises';
import type { Backend } from './backend.js';
import { QueueUnavailableError } from './unavailable.js';

const probeEveryMs = 250;

export interface Gate {
  /** Runs a command of the store; rejects with `QueueUnavailableError` once the backend's patience is over. */
  run<T>(command: () => Promise<T>): Promise<T>;
  problem(): Promise<string | undefined>;
  close(): void;
}

/**
 * BullMQ's producer waits for ever where its store is down at start or hangs, and ioredis's own
 * commandTimeout can make that permanent: the first command of a connection that times out is remembered as
 * the connection's failure. So the waiting is done here. After a timeout nothing more is sent until the store
 * answers a ping, so that a hung store cannot pile up commands in memory.
 */
export function createGate(backend: Backend): Gate {
  let suspect = false;
  let closed = false;

  async function probe(): Promise<void> {
    while (!closed) {
      try {
        await backend.ping();
        suspect = false;
        return;
      } catch {
        await sleep(probeEveryMs, undefined, { ref: false });
      }
    }
  }

  function reason(): string | undefined {
    if (closed) return 'it has been closed';
    return backend.notReady() ?? (suspect ? `${backend.place} does not answer` : undefined);
  }

  async function run<T>(command: () => Promise<T>): Promise<T> {
    const closedBecause = reason();
    if (closedBecause !== undefined) throw new QueueUnavailableError(closedBecause);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        if (!suspect) {
          suspect = true;
          void probe();
        }
        reject(new QueueUnavailableError(`${backend.place} did not answer within ${backend.patienceMs} ms`));
      }, backend.patienceMs);
    });
    try {
      return await Promise.race([command(), late]);
    } catch (error) {
      if (error instanceof QueueUnavailableError) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      throw new QueueUnavailableError(`${backend.place}: ${detail}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    run,
    async problem() {
      try {
        await run(() => backend.ping());
        return await run(() => backend.misconfiguration());
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    close() {
      closed = true;
    },
  };
}
