import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedDatabase } from './embedded-database.js';

const watchEveryMs = 1_000;
const longestPauseMs = 30_000;

export interface EmbeddedStoreOptions {
  readonly folder: string;
  /** Opens the database in the folder, and makes it where there is none. */
  readonly open: () => Promise<EmbeddedDatabase>;
  /** The session is another one from now on: what was listened to must be listened to again. */
  readonly onReopened: () => void;
  readonly onError: (error: Error) => void;
}

/**
 * The database of a folder, for as long as it is wanted: reopened where its thread has died (no memory, a damaged
 * file) or somebody has removed its files. What it held is then found again by reconciling and sweeping.
 */
export async function keepOpen(options: EmbeddedStoreOptions): Promise<EmbeddedDatabase> {
  const { folder, open, onReopened, onError } = options;
  const listeners: ((channel: string, payload: string) => void)[] = [];
  let current = await listenedTo(open);
  let closed = false;
  let opening: Promise<void> | undefined;
  let failure: string | undefined;
  let pauseMs = watchEveryMs;
  let notBefore = 0;

  async function listenedTo(start: () => Promise<EmbeddedDatabase>): Promise<EmbeddedDatabase> {
    const database = await start();
    database.onNotification((channel, payload) => {
      for (const listener of listeners) listener(channel, payload);
    });
    return database;
  }

  function stopped(): string | undefined {
    const reason = failure ?? current.stopped();
    if (reason !== undefined) return reason;
    return existsSync(join(folder, 'PG_VERSION'))
      ? undefined
      : `the files of the embedded queue in ${folder} were removed: creating it again`;
  }

  async function reopen(): Promise<void> {
    await current.abandon(stopped() ?? '');
    current = await listenedTo(open);
    failure = undefined;
    onReopened();
  }

  const watch = setInterval(() => {
    if (closed || opening !== undefined || performance.now() < notBefore || stopped() === undefined) return;
    opening = reopen()
      .then(
        () => {
          pauseMs = watchEveryMs;
        },
        (error: unknown) => {
          failure = error instanceof Error ? error.message : String(error);
          notBefore = performance.now() + pauseMs;
          pauseMs = Math.min(pauseMs * 2, longestPauseMs);
          onError(error instanceof Error ? error : new Error(String(error)));
        },
      )
      .finally(() => {
        opening = undefined;
      });
  }, watchEveryMs);
  watch.unref();

  return {
    query: (text, values) => current.query(text, values),
    onNotification: (listener) => void listeners.push(listener),
    stopped,
    async abandon(reason) {
      closed = true;
      failure = reason;
      clearInterval(watch);
      await opening;
      await current.abandon(reason);
    },
    async close() {
      closed = true;
      clearInterval(watch);
      await opening;
      await current.close();
    },
  };
}
