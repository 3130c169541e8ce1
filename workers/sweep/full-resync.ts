import type { Pages } from '../../src/facts/common/pages.js';

/** Goes over everything there is, a page at a time, and rests until the next resync is due. */
export interface Resync<T> {
  /**
   * Gives the next page to `work`; does nothing between two resyncs. Throws what reading or `work` throws: the same page
   * is then read again in the next step. Where that has happened too often, `say` gets a line about it.
   */
  step(work: (page: readonly T[]) => Promise<void>, say: (text: string) => Promise<void>): Promise<void>;
}

/** A page that cannot be handled is left out after so many attempts: it must not keep the resync from what follows. */
const maxAttempts = 3;

/** Where a page cannot be read there is no way past it: the resync starts again. A server that is down takes a while. */
const maxReads = 10;

/** The first resync is due at once: a process that is restarted every day must not postpone it for ever. */
export function createResync<T>(begin: () => Pages<T>, intervalMs: number, now: () => number): Resync<T> {
  let current: Pages<T> | undefined;
  let nextAt = 0;
  let failedReads = 0;
  let failedWork = 0;

  async function read(pages: Pages<T>, say: (text: string) => Promise<void>) {
    try {
      const page = await pages.read();
      failedReads = 0;
      return page;
    } catch (error) {
      failedReads += 1;
      if (failedReads < maxReads) throw error;
      current = undefined;
      nextAt = now();
      failedReads = 0;
      failedWork = 0;
      await say(`restarting the full resync: a page could not be read ${maxReads} times in a row`);
      throw error;
    }
  }

  return {
    step: async (work, say) => {
      if (current === undefined) {
        if (now() < nextAt) return;
        current = begin();
        nextAt = now() + intervalMs;
      }
      const pages = current;
      const page = await read(pages, say);
      if (page === undefined) {
        current = undefined;
        return;
      }
      try {
        await work(page);
      } catch (error) {
        failedWork += 1;
        if (failedWork < maxAttempts) throw error;
        failedWork = 0;
        pages.advance();
        await say(`skipping a page until the next full resync: it failed ${maxAttempts} times`);
        throw error;
      }
      failedWork = 0;
      pages.advance();
    },
  };
}
