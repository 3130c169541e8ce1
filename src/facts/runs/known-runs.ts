import { createPageSize, smallerThan } from '../../http/page-size.js';
import type { Run } from '../../mlflow/types.js';

/** Runs of MLflow of which something is remembered: the last so many. A cache: what it forgets is read. */
export interface KnownRuns<T> {
  /** One that is remembered again counts as new. */
  remember(id: string, what: T): void;
  has(id: string): boolean;
  idsWhere(holds: (what: T) => boolean): readonly string[];
}

/** To leave a run out costs MLflow 0.04 ms, to read it half a millisecond and more; it takes some 5,000 ids. */
const maxRuns = 1_000;

export function createKnownRuns<T>(): KnownRuns<T> {
  const known = new Map<string, T>();
  return {
    remember: (id, what) => {
      known.delete(id);
      known.set(id, what);
      const [oldest] = known.keys();
      if (known.size > maxRuns && oldest !== undefined) known.delete(oldest);
    },
    has: (id) => known.has(id),
    idsWhere: (holds) => [...known].filter(([, what]) => holds(what)).map(([id]) => id),
  };
}

/** The end of a filter that leaves runs out; empty where there are none. */
export function without(ids: readonly string[]): string {
  return ids.length === 0 ? '' : ` AND ${noneOf(ids)}`;
}

/** A filter that leaves runs out. */
export function noneOf(ids: readonly string[]): string {
  return `attributes.run_id NOT IN (${quoted(ids)})`;
}

/** A filter that keeps some runs. */
export function someOf(ids: readonly string[]): string {
  return `attributes.run_id IN (${quoted(ids)})`;
}

function quoted(ids: readonly string[]): string {
  return ids.map((id) => `'${id}'`).join(',');
}

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
function weightOf({ data, inputs }: Run): number {
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
