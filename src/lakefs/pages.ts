import { isTooLarge } from '../http/error.js';
import { createPageSize } from '../http/page-size.js';
import type { QueryValue } from '../http/types.js';
import type { Calls } from './calls.js';
import { ShapeError, toListing, toPagination } from './entities.js';

/** lakeFS answers 400 to more. */
const largestPage = 1000;

/**
 * A page of several items may be this long: 1,000 usual commits are 1 MB, but a commit's message has any length. Reading
 * 8 MB of JSON holds a process up for 0.1 s at most. One item alone may have the 200 MB of any answer.
 */
const maxPageBytes = 8 * 1024 * 1024;

export interface Listing<T> {
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly read: (item: unknown) => T;
  /** Stop after this many items; the first page asks for no more than these. */
  readonly limit?: number | undefined;
}

interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

/**
 * Reads a listing page by page, each only when the one before has been consumed. A page that is too large is asked for
 * again with fewer items.
 */
export async function* pages<T>(calls: Calls, listing: Listing<T>): AsyncGenerator<T, void, undefined> {
  const { path, query, read, limit = Number.POSITIVE_INFINITY } = listing;
  let left = limit;
  let after: string | undefined;
  const size = createPageSize(largestPage, largestPage);

  async function readPage(): Promise<Page<T>> {
    for (;;) {
      const amount = Math.min(left, size.now());
      const maxBytes = amount > 1 ? maxPageBytes : undefined;
      try {
        const page = await calls.json(
          { method: 'GET', path, query: { ...query, amount, after }, maxBytes },
          (data) => toPage(data, read, after),
        );
        size.served();
        return page;
      } catch (error) {
        if (amount === 1 || !isTooLarge(error)) throw error;
        size.failed(amount);
      }
    }
  }

  while (left > 0) {
    const page = await readPage();
    for (const item of page.items) {
      yield item;
      left -= 1;
      if (left === 0) return;
    }
    if (page.next === undefined) return;
    after = page.next;
  }
}

function toPage<T>(data: unknown, read: (item: unknown) => T, after: string | undefined): Page<T> {
  const { results, pagination } = toListing(data);
  const { has_more: more, next_offset: next } = toPagination(pagination);
  const items = results.map(read);
  if (more !== true) return { items, next: undefined };
  if (next === undefined || next === '' || next === after) {
    throw new ShapeError('a listing that has more but does not say from where');
  }
  return { items, next };
}
