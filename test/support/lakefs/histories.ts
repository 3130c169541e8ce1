import fc from 'fast-check';
import type { HistoryCommit } from '../../../src/domain/sync/reconcile.js';

/** A history that grew commit by commit; a commit's parents come before it. */
export interface RandomHistory {
  readonly commits: readonly HistoryCommit[];
}

/** Forks, merges and merges of merges from one root; ids are numbers, dates in any order. */
export const histories: fc.Arbitrary<RandomHistory> = fc
  .array(fc.tuple(fc.nat(), fc.option(fc.nat(), { freq: 3 }), fc.nat(1_000)), { minLength: 1, maxLength: 60 })
  .map((steps) => {
    const commits: HistoryCommit[] = [{ id: 'c0', parents: [], creation_date: 0 }];
    for (const [first, second, date] of steps) {
      const at = commits.length;
      // Mostly on top of what is young, as people work.
      const parent = commits[Math.max(0, at - 1 - (first % Math.min(at, 6)))]?.id ?? 'c0';
      const other = second === null ? undefined : commits[second % at]?.id;
      const parents = other === undefined || other === parent ? [parent] : [parent, other];
      commits.push({ id: `c${at}`, parents, creation_date: date });
    }
    return { commits };
  });

/** Each given commit and all before it. */
export function ancestors(
  known: ReadonlyMap<string, HistoryCommit>,
  from: Iterable<string>,
): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(known.get(id)?.parents ?? []));
  }
  return seen;
}

export function byId(commits: readonly HistoryCommit[]): ReadonlyMap<string, HistoryCommit> {
  return new Map(commits.map((commit) => [commit.id, commit]));
}
