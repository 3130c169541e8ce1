/** How many runs to ask for in the next page of a search. */
export interface PageSize {
  now(): number;
  /** The page was read: the next may be twice as large. */
  served(): void;
  /** The page was too large: the next is half as large, and a few after it no larger. */
  tooLarge(): void;
  /** The page did not come: the next is an eighth as large, because each try costs that time again. */
  tooSlow(): void;
}

/** Large runs come in groups: to try more at once after each page would fail every other time. */
const calmPages = 4;

export function createPageSize(first: number, most: number): PageSize {
  let size = first;
  let calm = 0;
  const shrink = (by: number): void => {
    size = Math.max(1, Math.floor(size / by));
    calm = calmPages;
  };
  return {
    now: () => size,
    served: () => {
      if (calm > 0) calm -= 1;
      else size = Math.min(2 * size, most);
    },
    tooLarge: () => shrink(2),
    tooSlow: () => shrink(8),
  };
}
