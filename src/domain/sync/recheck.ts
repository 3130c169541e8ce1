import type { EntryState, HistoryCommit } from './reconcile.js';

/** Commits by id; parents before children. */
export type Commits = ReadonlyMap<string, HistoryCommit>;

export interface OldestEdge {
  readonly edge: readonly string[];
  /** The edge and what came after it. */
  readonly above: Commits;
}

/**
 * Where the horizon of a catalog is whose edge was never stored. There the oldest registered commits are the edge:
 * those with no registered commit in their history. Only what comes before one of them is below the horizon, so
 * whatever a wrong mark cut off is above it. Where a run read an old commit, or one was registered by `backfill`, all
 * that came after it is above it too: more than needed, never less.
 *
 * Where nothing is registered, only the heads count.
 *
 * @param history everything in the history of the heads, parents first
 */
export function aboveOldest(
  history: Commits,
  isRegistered: (commit: string) => boolean,
  heads: readonly string[],
): OldestEdge {
  const hasRegistered = new Set<string>();
  const oldest: HistoryCommit[] = [];
  for (const commit of history.values()) {
    const isAbove = commit.parents.some((parent) => hasRegistered.has(parent));
    if (isRegistered(commit.id) && !isAbove) oldest.push(commit);
    if (isAbove || isRegistered(commit.id)) hasRegistered.add(commit.id);
  }
  if (oldest.length === 0) {
    return { edge: heads, above: new Map(heads.flatMap((head) => [...pick(history, head)])) };
  }
  const below = new Set<string>();
  const open = oldest.flatMap(({ parents }) => parents);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (below.has(id)) continue;
    below.add(id);
    for (const parent of history.get(id)?.parents ?? []) open.push(parent);
  }
  return { edge: oldest.map(({ id }) => id), above: new Map([...history].filter(([id]) => !below.has(id))) };
}

function pick(history: Commits, id: string): readonly (readonly [string, HistoryCommit])[] {
  const commit = history.get(id);
  return commit === undefined ? [] : [[id, commit]];
}

export interface CatalogCheck {
  /** Commits that need a job, oldest first. */
  readonly missing: readonly string[];
  /** Commits marked complete although their history is not, or cannot be seen from any branch. */
  readonly wrong: readonly string[];
  /** Heads with nothing missing in their history. */
  readonly complete: readonly string[];
}

/** Compares all commits above the horizon with the catalog, whatever is marked there. */
export function checkCatalog(
  above: Commits,
  stateOf: (commit: string) => EntryState,
  marked: Iterable<string>,
  heads: readonly string[],
): CatalogCheck {
  const missing: string[] = [];
  /** Missing, or with something missing in their history. */
  const incomplete = new Set<string>();
  for (const { id, parents } of above.values()) {
    const isMissing = stateOf(id) === 'absent' || stateOf(id) === 'unfinished';
    if (isMissing) missing.push(id);
    if (isMissing || parents.some((parent) => incomplete.has(parent))) incomplete.add(id);
  }
  const isComplete = (commit: string): boolean => above.has(commit) && !incomplete.has(commit);
  return {
    missing,
    wrong: [...marked].filter((commit) => !isComplete(commit)),
    complete: heads.filter(isComplete),
  };
}
