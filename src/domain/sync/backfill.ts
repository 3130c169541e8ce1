import type { HistoryCommit } from './reconcile.js';

export interface BackfillChoice {
  /** Unix seconds: only commits made then or later. */
  readonly since?: number | undefined;
  /** Only so many, the newest. */
  readonly limit?: number | undefined;
}

/** The commits to register, in the order of `history` (parents before children). Dates are those of the commits. */
export function chooseCommits(
  history: readonly HistoryCommit[],
  { since, limit = Number.POSITIVE_INFINITY }: BackfillChoice,
): readonly HistoryCommit[] {
  const young = history.filter(({ creation_date = 0 }) => since === undefined || creation_date >= since);
  if (young.length <= limit) return young;
  const place = new Map(young.map((commit, index) => [commit.id, index]));
  const newest = [...young].sort(
    (a, b) =>
      (b.creation_date ?? 0) - (a.creation_date ?? 0) || (place.get(b.id) ?? 0) - (place.get(a.id) ?? 0),
  );
  const kept = new Set(newest.slice(0, limit).map(({ id }) => id));
  return young.filter(({ id }) => kept.has(id));
}
