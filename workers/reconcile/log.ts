import { count } from '../../src/domain/common/text.js';
import type { Moves } from '../../src/domain/sync/reconcile.js';
import type { MissingCommit } from './pass.js';

/** What a check of a repository found. */
export interface Findings {
  readonly branches: number;
  /** Branches whose head was walked. */
  readonly looked: number;
  /** Commits that were not settled. */
  readonly commits: number;
  readonly queued: number;
  /** Commits whose job failed: a person has to act, so no other is queued. */
  readonly failed: number;
  /** Heads whose commits were queued before. */
  readonly waiting: number;
  /** Heads that lakeFS does not answer for now. */
  readonly unreadable: number;
  /** Branches that were deleted or reset. */
  readonly lost: number;
  /** Heads that became complete. */
  readonly completed: number;
}

const maxNamed = 10;

/** Names as a person lists them: at most ten. */
export function named(names: readonly string[]): string {
  const more = names.length - maxNamed;
  return `${names.slice(0, maxNamed).join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`;
}

/** How branches moved, in words; none where nothing did. */
export function describeMoves({ made, moved, deleted }: Moves): readonly string[] {
  const moves: readonly (readonly [string, readonly string[]])[] = [
    ['new', made],
    ['moved', moved],
    ['deleted', deleted],
  ];
  return moves.filter(([, names]) => names.length > 0).map(([word, names]) => `${word}: ${named(names)}`);
}

/** The commits that were queued, or left alone. */
export function describeMissing(missing: readonly MissingCommit[]): string {
  const names = missing.map(
    ({ commit, branch }) => `${branch === undefined ? '' : `${branch}@`}${commit.slice(0, 12)}`,
  );
  return `not in the catalog, oldest first: ${named(names)}`;
}

/** What a check came to, in one line. */
export function summaryOf(findings: Findings): string {
  const { branches, commits, queued, failed, waiting, unreadable, completed } = findings;
  const parts = [
    ...(queued > 0 ? [`queued ${count(queued, 'commit')} missing from the catalog`] : []),
    ...(waiting > 0 ? [`${count(waiting, 'branch head')} waiting for commits that were queued before`] : []),
    ...(failed > 0 ? [`skipped ${count(failed, 'commit')} whose jobs failed (lakefs-mlflow replay)`] : []),
    ...(unreadable > 0 ? [`lakeFS does not return ${count(unreadable, 'branch head')} at the moment`] : []),
    ...(completed > 0 ? [`marked ${count(completed, 'branch head')} as complete`] : []),
  ];
  const start = `checked ${count(branches, 'branch head')}`;
  if (parts.length > 0) return `${start}: ${parts.join(', ')}`;
  return commits === 0
    ? `${start}: nothing is missing`
    : `${start}: ${count(commits, 'commit')} new, none missing`;
}

/** What a recheck came to, in one line. */
export function recheckSummary({
  branches,
  commits,
  queued,
  failed,
  completed,
  unreadable,
  wrong,
}: Omit<Findings, 'waiting' | 'lost'> & { readonly wrong: number }): string {
  const parts = [
    ...(queued > 0 ? [`queued ${count(queued, 'commit')} missing from the catalog`] : []),
    ...(failed > 0 ? [`skipped ${count(failed, 'commit')} whose jobs failed (lakefs-mlflow replay)`] : []),
    ...(wrong > 0 ? [`removed ${count(wrong, 'wrong mark')}`] : []),
    ...(unreadable > 0 ? [`lakeFS does not return ${count(unreadable, 'branch head')} at the moment`] : []),
    ...(completed > 0 ? [`marked ${count(completed, 'branch head')} as complete`] : []),
  ];
  const start = `rechecked ${count(commits, 'commit')} from ${count(branches, 'branch head')}`;
  return `${start}: ${parts.length > 0 ? parts.join(', ') : 'nothing is missing'}`;
}

export function horizonLine(repository: string, heads: number): string {
  return (
    `first check of this repository: it is followed from ${heads === 1 ? 'its branch head' : `its ${heads.toLocaleString('en')} branch heads`} on. ` +
    `To register older commits too, run: lakefs-mlflow backfill ${repository}`
  );
}

/** For a catalog in which an earlier process stored only part of where it begins. */
export function tornLine(heads: number): string {
  return (
    `the first check of this repository was interrupted: it is followed from the ${count(heads, 'branch head')} stored by then, ` +
    'and other branches from where they left those. More commits than needed may be registered'
  );
}
