/** Runs of MLflow of which something is remembered: the last so many. A cache: what it forgets is read. */
export interface KnownRuns<T> {
  /** One that is remembered again counts as new. */
  remember(id: string, what: T): void;
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
    idsWhere: (holds) => [...known].filter(([, what]) => holds(what)).map(([id]) => id),
  };
}

/** The end of a filter that leaves runs out; empty where there are none. */
export function without(ids: readonly string[]): string {
  return ids.length === 0 ? '' : ` AND attributes.run_id NOT IN (${ids.map((id) => `'${id}'`).join(',')})`;
}
