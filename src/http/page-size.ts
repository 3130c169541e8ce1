/** How much to ask for in the next page of a listing. */
export interface PageSize {
  now(): number;
  /** The page was read: the next may be twice as large, but no larger than `most`. */
  served(most?: number): void;
  /** The page of so many could not be read: the next is an eighth as large, and a few after it no larger. */
  failed(asked: number): void;
}

/** What is heavy comes in groups: to try more at once after each page would fail every other time. */
const calmPages = 4;

/**
 * @param first items in the first page
 * @param largest items in a page
 */
export function createPageSize(first: number, largest: number): PageSize {
  let size = first;
  let calm = 0;
  return {
    now: () => size,
    served: (most = largest) => {
      if (calm > 0) calm -= 1;
      else size = Math.min(2 * size, largest);
      size = Math.max(1, Math.min(size, most));
    },
    failed: (asked) => {
      size = Math.min(size, smallerThan(asked));
      calm = calmPages;
    },
  };
}

/**
 * How much to ask for after a page of so many did not come. Each try may cost the server half a minute and its memory:
 * halving would take many.
 */
export function smallerThan(asked: number): number {
  return Math.max(1, Math.floor(asked / 8));
}
