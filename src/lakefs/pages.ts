import type { QueryValue } from '../http/types.js';
import type { Calls } from './calls.js';
import { fields, list, ShapeError } from './guards.js';

/** lakeFS answers 400 to more. */
const largestPage = 1000;

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

/** Reads a listing page by page, each only when the one before has been consumed. */
export async function* pages<T>(calls: Calls, listing: Listing<T>): AsyncGenerator<T, void, undefined> {
  const { path, query, read, limit = Number.POSITIVE_INFINITY } = listing;
  let left = limit;
  let after: string | undefined;
  while (left > 0) {
    const page: Page<T> = await calls.json(
      { method: 'GET', path, query: { ...query, amount: Math.min(left, largestPage), after } },
      (data) => toPage(data, read, after),
    );
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
  const answer = fields(data, 'a listing');
  const pagination = fields(answer.pagination, 'the pagination of a listing');
  const items = list(answer, 'results', 'a listing').map(read);
  if (pagination.has_more !== true) return { items, next: undefined };
  const next = pagination.next_offset;
  if (typeof next !== 'string' || next === '' || next === after) {
    throw new ShapeError('a listing that has more but does not say from where');
  }
  return { items, next };
}
