import {
  type Flag,
  flags,
  isUntilFlag,
  isVersionFlag,
  type TableVersion,
  versionFlag,
} from '../../contract/flags.js';
import { isReadingKind, type Link, type RunView } from '../../contract/run.js';
import { looksLikeCommit, type RefName } from '../references/lakefs-names.js';
import type { NoReference, Reference } from '../references/reference.js';
import { lateStartOf, readUntil } from './run-window.js';

/** What a reference by branch or tag comes to, as far as lakeFS can tell. */
export type Reading =
  | {
      readonly kind: 'resolved' | 'inferred' | 'ambiguous';
      readonly commit: string;
      readonly flags: readonly Flag[];
    }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * True for a link that may lead to data which the run never read: it never becomes a guide tag, and makes nobody a
 * consumer of the commit.
 */
export function isGuess({ kind, flags: known }: Link): boolean {
  return kind === 'inferred' || kind === 'ambiguous' || known.includes(flags.younger);
}

/** True for a link whose commit has no object at its path: it is never certain, and there is no data to be judged. */
export function holdsNothing({ flags: known }: Pick<Link, 'flags'>): boolean {
  return known.includes(flags.nothingThere);
}

/** True for a link whose data can be judged: where it may be one of several, or nothing is there, it has no status. */
export function hasStatus(link: Link): boolean {
  return link.kind !== 'ambiguous' && !holdsNothing(link);
}

/** What a reference by branch or tag came to at first sight, from the run's own tag: both may have moved since. */
export function firstSight(before: readonly Link[], isFrom: (link: Link) => boolean): Link | undefined {
  return before.find((link) => isReadingKind(link.kind) && isFrom(link));
}

/**
 * The link of a reference that began as the beginning of a commit's id. A branch or tag that is called so since, which
 * lakeFS takes first, changes nothing about it.
 */
export function pinnedBefore(
  before: readonly Link[],
  ref: RefName | undefined,
  isFrom: (link: Link) => boolean,
): Link | undefined {
  if (ref === undefined || !looksLikeCommit(ref.base)) return undefined;
  return before.find((link) => !isReadingKind(link.kind) && isFrom(link) && !isPinnedByOther(link));
}

/** A branch or tag that was read at the commit which the run declares. */
function isPinnedByOther({ ref, flags: known }: Link): boolean {
  return known.includes(`source names ${ref}`);
}

/**
 * What a version of a table led to before. That stays: the branch may be set back, and the table's records cleaned up.
 */
export function versionBefore(before: readonly Link[], version: TableVersion): Reading | undefined {
  const flag = versionFlag(version);
  const link = before.find(({ kind, flags: known }) => kind === 'resolved' && known.includes(flag));
  return link === undefined ? undefined : { kind: 'resolved', commit: link.commit, flags: [flag] };
}

/** False for a link that another version of the table led to: it says nothing about this reference. */
export function mayBeOf(link: Link, version: TableVersion | undefined): boolean {
  const own = version === undefined ? undefined : versionFlag(version);
  return link.flags.filter(isVersionFlag).every((flag) => flag === own);
}

/** True where nothing that lakeFS says now could change the link: it was read up to the run's end. */
export function isSettled(run: RunView, before: Link, nowMs: number): boolean {
  if (before.kind === 'resolved') return false;
  const until = readUntil(run, nowMs);
  return until !== undefined && before.flags.includes(until);
}

/**
 * What was found at first sight stays. A tag may have been moved or deleted since; a branch forgets where it was and what
 * was staged on it. So later readings add doubt, and take none away:
 *
 * - a tag that leads elsewhere by now is flagged, and no longer certain;
 * - an inferred link becomes ambiguous where a later reading finds a reason, and keeps its commit;
 * - an ambiguous link stays ambiguous.
 *
 * @param before the link that the same reference made at first sight
 */
export function settle(run: RunView, before: Link | undefined, now: Reading, nowMs: number): Reading {
  if (now.kind === 'none') return before === undefined ? now : readingOf(before);
  if (before?.kind === 'resolved') {
    const moved = now.kind === 'resolved' && now.commit !== before.commit;
    if (!moved || before.flags.includes(flags.tagMoved)) return readingOf(before);
    return { ...readingOf(before), flags: [...before.flags, flags.tagMoved] };
  }
  // A branch of this name was there at first sight, and is none any more.
  if (now.kind === 'resolved') return before === undefined ? now : readingOf(before);
  const until = readUntil(run, nowMs);
  const seen = before?.kind === 'ambiguous' ? readingOf(before) : now;
  const kept = seen.flags.filter((flag) => !isUntilFlag(flag));
  return {
    kind: seen.kind,
    commit: before?.commit ?? seen.commit,
    flags: until === undefined ? kept : [...kept, until],
  };
}

/**
 * Why a tag, looked up after the run's start for the first time, need not have led to this commit when the run read it.
 * A commit that was made after the start was not there yet when the run began: the tag led elsewhere, or nowhere.
 *
 * @param seconds the date of the commit that the tag leads to, Unix seconds
 */
export function tagDoubts(run: RunView, seconds: number): readonly Flag[] {
  if (run.startTime === undefined) return [flags.noStartTime];
  const startMs = lateStartOf(run)?.startMs ?? run.startTime;
  return seconds * 1_000 > startMs ? [flags.younger] : [];
}

type Read = Exclude<Reading, { kind: 'none' }>;

function readingOf({ kind, commit, flags: known }: Link): Read {
  return { kind: isReadingKind(kind) ? kind : 'ambiguous', commit, flags: known };
}

/** A reference by branch or tag, with what it comes to. */
export interface ReadReference {
  readonly reference: Reference;
  readonly installation: string;
  readonly reading: Reading;
  /** True where it was settled at an earlier reading, so that nothing was looked up. */
  readonly settled: boolean;
  /** Why the version of the table that the run records did not tell the commit. */
  readonly versionUnknown?: string;
}

/** Versions of tables that decided nothing, for `--why`: the link is what the branch alone says. */
export function unknownVersions(readings: readonly ReadReference[]): readonly NoReference[] {
  return readings.flatMap(({ reference: { where, name, version }, versionUnknown: reason }) =>
    version === undefined || reason === undefined
      ? []
      : [{ where, name, text: versionFlag(version), reason }],
  );
}
