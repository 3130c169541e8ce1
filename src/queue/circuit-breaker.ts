import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from '../domain/common/failure.js';
import type { Backend } from './backend.js';

const probeEveryMs = 250;
/** How long one answer to "can it store?" serves everyone who asks, in ms. */
const answerServesMs = 1_000;

export interface CircuitBreaker {
  /** Runs a command of the store; rejects with `QueueUnavailableError` once the backend's patience is over. */
  run<T>(command: () => Promise<T>): Promise<T>;
  /** Like `run`, for a command that stores something: how it ends tells whether the next one would be stored. */
  store<T>(command: () => Promise<T>): Promise<T>;
  /** Undefined where a job that is added now would be stored, else why not. Writes at most once a second. */
  problem(): Promise<string | undefined>;
  close(): void;
}

/**
 * BullMQ's producer waits for ever where its store is down at start or hangs, and ioredis's own
 * commandTimeout can make that permanent: the first command of a connection that times out is remembered as
 * the connection's failure. So the waiting is done here. After a timeout nothing more is sent until the store
 * answers a ping, so that a hung store cannot pile up commands in memory.
 */
export function createCircuitBreaker(backend: Backend): CircuitBreaker {
  let suspect = false;
  let closed = false;
  let known: { readonly at: number; readonly problem: Promise<string | undefined> } | undefined;

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

  async function send<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (error) {
      if (!(await backend.mend(error))) throw error;
      return command();
    }
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
      return await Promise.race([send(command), late]);
    } catch (error) {
      if (error instanceof QueueUnavailableError) throw error;
      throw new QueueUnavailableError(`${backend.place}: ${backend.explain(error)}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  function remember(problem: Promise<string | undefined>): Promise<string | undefined> {
    known = { at: performance.now(), problem };
    return problem;
  }

  return {
    run,
    async store(command) {
      try {
        const result = await run(command);
        void remember(Promise.resolve(undefined));
        return result;
      } catch (error) {
        void remember(Promise.resolve(messageOf(error)));
        throw error;
      }
    },
    async problem() {
      const because = reason();
      if (because !== undefined) return new QueueUnavailableError(because).message;
      if (known !== undefined && performance.now() - known.at < answerServesMs) return known.problem;
      return remember(run(() => backend.tryWrite()).then(() => undefined, messageOf));
    },
    close() {
      closed = true;
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The queue could not be asked, or did not answer in time. After a timeout the job may have been stored all
 * the same: adding it again is safe, because jobs are deduplicated by key.
 */
export class QueueUnavailableError extends Error {
  override readonly name = 'QueueUnavailableError';
  readonly failure: Failure = { kind: 'unavailable' };

  constructor(reason: string, options?: ErrorOptions) {
    super(`the queue is unavailable: ${reason}`, options);
  }
}
