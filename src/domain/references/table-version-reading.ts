import type { TableVersion } from '../../contract/flags.js';
import type { RunView } from '../../contract/run.js';
import type { Head } from '../links/branch-heads.js';
import { lateStartOf } from '../links/run-window.js';
import type { VersionRecord } from './table-version.js';

/** What the record of a version was after one commit that changed it. */
export interface RecordState {
  readonly commit: string;
  /** Undefined where the commit removed it. */
  readonly object: RecordObject | undefined;
}

export interface RecordObject {
  readonly checksum: string;
  /** When it was written, Unix seconds, by lakeFS's clock. */
  readonly seconds: number;
}

export type Origin =
  | {
      readonly kind: 'origin';
      /** The commits that brought the record. */
      readonly commits: readonly string[];
      /** The earliest writing of it, Unix seconds. */
      readonly seconds: number;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Where the record of a version came from. A version has one meaning only where its record is the same in every commit
 * that ever held it, on whatever way it came to the branch: a table that was recreated, or a branch that was set back and
 * written to again, has two of one number, and which of them a run read only dates would tell, which callers may set.
 *
 * @param states of all commits in the branch's history that changed the record
 */
export function originOf(what: string, states: readonly RecordState[]): Origin {
  const held = states.flatMap(({ commit, object }) => (object === undefined ? [] : [{ commit, object }]));
  const [first, ...others] = held;
  if (first === undefined) return unknown(`${what} is in no commit of the branch`);
  if (others.some(({ object }) => object.checksum !== first.object.checksum)) {
    return unknown(`the branch's history has ${what} more than once, with different content`);
  }
  const seconds = Math.min(...held.map(({ object }) => object.seconds));
  return { kind: 'origin', commits: held.map(({ commit }) => commit), seconds };
}

/**
 * Why a run need not have read this version by the branch although its record is unique there; undefined where nothing
 * speaks against it. A record that was written after the run's start may have taken the place of one that a reset
 * removed. One that was there before, but came to the branch later, can have been read only from the branch's own staging
 * area: its next plain commit took it along.
 *
 * @param first the first commit on the branch's line that holds the record
 * @param own true where that commit brought it itself, not a merge
 */
export function whyNotRead(
  run: RunView,
  what: string,
  { seconds }: Extract<Origin, { kind: 'origin' }>,
  { first, own }: { readonly first: Head; readonly own: boolean },
): string | undefined {
  if (run.startTime === undefined) return `the run has no start time, so ${what} may have been written later`;
  const startMs = lateStartOf(run)?.startMs ?? run.startTime;
  if (seconds * 1_000 > startMs) return `${what} was written after the run's start`;
  if (first.seconds * 1_000 > startMs && !(own && first.plain)) {
    return `${what} reached the branch after the run's start`;
  }
  return undefined;
}

/**
 * True where an object that a version may consist of was overwritten: tables never do that, so other programs did, and the
 * record does not tell what was read.
 *
 * @param changed keys of objects whose content differs between the version's first commit and the branch as the run saw it
 */
export function isOverwritten(
  version: TableVersion,
  { directory, key }: VersionRecord,
  changed: readonly string[],
): boolean {
  return changed.some((path) => {
    if (!path.startsWith(directory)) return !/(?:^|\/)[_.][^/]*$/.test(path);
    // Later versions, checkpoints and hints say nothing about this version.
    return version.kind === 'delta' && /\/\d{20}\.json$/.test(path) && path <= key;
  });
}

function unknown(reason: string): Origin {
  return { kind: 'unknown', reason };
}
