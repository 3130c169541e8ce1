import { createPageSize } from '../../http/page-size.js';
import type { Run } from '../../mlflow/types.js';
import { type HeavyRuns, weightOf } from './heavy-runs.js';

/** How many runs to ask for in the next page of a search. */
export interface RunPageSize {
  now(): number;
  /** The page was read: the next may be twice as large, unless its runs were heavy. */
  served(runs: readonly Run[]): void;
  /** The page of so many runs could not be read: the next is an eighth as large, and a few after it no larger. */
  failed(asked: number): void;
}

/** UTF-16 units of params and tags that a page should have: reading 24 MB of JSON holds a process up for 0.1 s. */
const wantedWeight = 24_000_000;

/**
 * @param first runs in the first page
 * @param largest runs in a page
 * @param heavy what all searches of the server have learnt; each page that is read or fails adds to it
 */
export function createRunPageSize(first: number, largest: number, heavy?: HeavyRuns): RunPageSize {
  const size = createPageSize(first, largest);
  return {
    now: () => Math.min(size.now(), heavy?.most() ?? largest),
    served: (runs) => {
      heavy?.served(runs);
      const weight = runs.reduce((sum, run) => sum + weightOf(run), 0);
      size.served(weight === 0 ? undefined : Math.floor((wantedWeight * runs.length) / weight));
    },
    failed: (asked) => {
      heavy?.failed(asked);
      size.failed(asked);
    },
  };
}
