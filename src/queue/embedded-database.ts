import { createRequire } from 'node:module';
import { Worker as Thread } from 'node:worker_threads';
import { endsWithin } from './backend.js';
import { threadProgram } from './embedded-thread.js';

export interface DatabaseResult {
  readonly rows: Record<string, unknown>[];
  readonly rowCount: number;
}

export interface EmbeddedDatabase {
  query(text: string, values?: readonly unknown[]): Promise<DatabaseResult>;
  onNotification(listener: (channel: string, payload: string) => void): void;
  /** Undefined while it runs, else why it stopped. */
  stopped(): string | undefined;
  close(): Promise<void>;
  /** Ends it without another write to its files; `stopped` answers with the reason then. */
  abandon(reason: string): Promise<void>;
}

interface PlainError {
  readonly message: string;
  readonly code?: string;
  readonly detail?: string;
}

type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly error: PlainError }
  | { readonly type: 'notification'; readonly channel: string; readonly payload: string }
  | { readonly type: 'error'; readonly id: number; readonly error: PlainError }
  | ({ readonly type: 'result'; readonly id: number } & DatabaseResult);

interface Waiting {
  resolve(result: DatabaseResult): void;
  reject(error: Error): void;
}

/** What closing may take, in ms. A database that is only stopped recovers at its next start, as one that was killed. */
const closeMs = 1_000;

/**
 * Starts PostgreSQL on a folder in a thread; rejects where it cannot open the folder.
 *
 * @param stop ends the start, which takes seconds, with its reason
 */
export async function startEmbeddedDatabase(folder: string, stop?: AbortSignal): Promise<EmbeddedDatabase> {
  stop?.throwIfAborted();
  const require = createRequire(import.meta.url);
  const thread = new Thread(threadProgram, {
    eval: true,
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: {
      folder,
      pglite: require.resolve('@electric-sql/pglite'),
      nodefs: require.resolve('@electric-sql/pglite/nodefs'),
    },
  });
  const waiting = new Map<number, Waiting>();
  const listeners: ((channel: string, payload: string) => void)[] = [];
  let lastId = 0;
  let stopped: string | undefined;

  function fail(reason: string): void {
    stopped ??= reason;
    for (const { reject } of waiting.values()) reject(new Error(stopped));
    waiting.clear();
  }

  function send(message: object): Promise<DatabaseResult> {
    if (stopped !== undefined) return Promise.reject(new Error(stopped));
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      thread.postMessage({ id, ...message });
    });
  }

  await new Promise<void>((resolve, reject) => {
    stop?.addEventListener('abort', () => reject(stop.reason), { once: true });
    thread.on('message', (message: FromThread) => {
      if (message.type === 'ready') resolve();
      else if (message.type === 'failed') reject(withCode(message.error));
      else if (message.type === 'notification') {
        for (const listener of listeners) listener(message.channel, message.payload);
      } else {
        const waiter = waiting.get(message.id);
        waiting.delete(message.id);
        if (message.type === 'result') waiter?.resolve({ rows: message.rows, rowCount: message.rowCount });
        else waiter?.reject(withCode(message.error));
      }
    });
    thread.once('error', (error) => {
      fail(`the embedded queue failed: ${error.message}`);
      reject(error);
    });
    thread.once('exit', (code) => {
      fail(`the thread of the embedded queue has ended (code ${code})`);
      reject(new Error(stopped));
    });
  }).catch(async (error: unknown) => {
    await thread.terminate();
    throw error;
  });

  return {
    query: (text, values) => send({ text, values: values ?? [] }),
    onNotification: (listener) => void listeners.push(listener),
    stopped: () => stopped,
    async close() {
      if (stopped !== undefined) return;
      await endsWithin(send({ close: true }), closeMs);
      stopped = 'the embedded queue has been closed';
      await thread.terminate();
    },
    async abandon(reason) {
      fail(reason);
      await thread.terminate();
    },
  };
}

/** BullMQ tells its own failures by `code` and `detail`. */
function withCode({ message, code, detail }: PlainError): Error {
  return Object.assign(new Error(message), { code, detail });
}
