import { smallerThan } from '../../http/page-size.js';
import type { Run } from '../../mlflow/types.js';
import { createKnownRuns } from './known-runs.js';

/**
 * What was learnt of one MLflow server's runs that make its answers long, and of pages that it could not serve. All
 * searches over users' runs share it, so that not each finds it out again by pages that fail. A cache.
 */
export interface HeavyRuns {
  /** Runs whose params and tags are 1 MB or more, as far as they are known. */
  ids(): readonly string[];
  has(id: string): boolean;
  /** Runs in a page at most; Infinity where nothing is known. */
  most(): number;
  /** A page was read. */
  served(runs: readonly Run[]): void;
  /** A page of so many runs could not be read. */
  failed(asked: number): void;
}

/** UTF-16 units of params and tags. A usual run has 2,000. */
const heavyFrom = 1_000_000;

/** For so long (ms) pages stay small after one has failed, unless full ones show that more can be served. */
const keepMs = 10 * 60_000;

/** @param now Unix ms */
export function createHeavyRuns(now: () => number): HeavyRuns {
  const known = createKnownRuns<true>();
  let limit = Number.POSITIVE_INFINITY;
  let until = 0;
  return {
    ids: () => known.idsWhere(() => true),
    has: known.has,
    most: () => (now() < until ? limit : Number.POSITIVE_INFINITY),
    served: (runs) => {
      for (const run of runs) if (weightOf(run) >= heavyFrom) known.remember(run.info.run_id, true);
      if (runs.length >= limit) limit = 2 * runs.length;
    },
    failed: (asked) => {
      const earlier = now() < until ? limit : Number.POSITIVE_INFINITY;
      limit = Math.min(earlier, smallerThan(asked));
      until = now() + keepMs;
    },
  };
}

/** How much a run adds to an answer, in UTF-16 units. */
export function weightOf({ data, inputs }: Run): number {
  const texts = [
    ...[data?.params ?? [], data?.tags ?? []].flat().map(({ value }) => value),
    ...(inputs?.dataset_inputs ?? []).flatMap(({ dataset: { source, schema, profile } }) => [
      source,
      schema,
      profile,
    ]),
  ];
  // Releases leave empty texts out.
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
