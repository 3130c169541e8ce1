import type { Run } from '../mlflow/types.js';
import { type HeavyRuns, smallerThan, weightOf } from './heavy-runs.js';

/** How many runs to ask for in the next page of a search. */
export interface PageSize {
  now(): number;
  /** The page was read: the next may be twice as large, unless its runs were heavy. */
  served(runs: readonly Run[]): void;
  /** The page of so many runs could not be read: the next is an eighth as large, and a few after it no larger. */
  failed(asked: number): void;
}

/** Heavy runs come in groups: to try more at once after each page would fail every other time. */
const calmPages = 4;

/** UTF-16 units of params and tags that a page should have: reading 24 MB of JSON holds a process up for 0.1 s. */
const wantedWeight = 24_000_000;

/**
 * @param first runs in the first page
 * @param most runs in a page
 * @param heavy what all searches of the server have learnt; each page that is read or fails adds to it
 */
export function createPageSize(first: number, most: number, heavy?: HeavyRuns): PageSize {
  let size = first;
  let calm = 0;
  return {
    now: () => Math.min(size, heavy?.most() ?? size),
    served: (runs) => {
      heavy?.served(runs);
      if (calm > 0) calm -= 1;
      else size = Math.min(2 * size, most);
      const weight = runs.reduce((sum, run) => sum + weightOf(run), 0);
      if (weight > 0) size = Math.max(1, Math.min(size, Math.floor((wantedWeight * runs.length) / weight)));
    },
    failed: (asked) => {
      heavy?.failed(asked);
      size = Math.min(size, smallerThan(asked));
      calm = calmPages;
    },
  };
}
