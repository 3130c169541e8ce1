import { diffTags, type TagDiff } from '../../contract/diff-tags.js';
import { limits } from '../../contract/limits.js';
import { ourTag } from '../../contract/tags.js';
import { becauseText, bestState, type LinkState } from '../status/link-state.js';

/** What became of a commit's data, as its catalog run says it. */
export interface CommitLife {
  /** Judged on the paths that the commit changed. */
  readonly state: LinkState;
  /** Undefined where not known. */
  readonly promotedTo: readonly string[] | undefined;
  /** Of the paths that runs read at this commit; empty where none has. */
  readonly consumed: readonly LinkState[];
}

/** The value of `lakefs.promoted_to`; undefined where there is to be none. */
export function promotedText(branches: readonly string[]): string | undefined {
  return branches.length === 0 ? undefined : branches.slice(0, limits.promotedTo).join(' ');
}

/** The tags of a catalog run that follow the life of its data. What is not known stays as it is. */
export function planCommitLife(tags: ReadonlyMap<string, string>, life: CommitLife): TagDiff {
  const wanted = new Map<string, string>();
  const unwanted = new Set<string>();
  const { status, because } = life.state;
  if (status !== 'unknown') {
    wanted.set(ourTag.status, status);
    if (because !== undefined) wanted.set(ourTag.because, becauseText(because));
    // Where the reason lies too far back to be found, the one that was found in time still holds.
    else if (status !== tags.get(ourTag.status)) unwanted.add(ourTag.because);
  }
  if (life.promotedTo !== undefined) {
    const promoted = promotedText(life.promotedTo);
    if (promoted === undefined) unwanted.add(ourTag.promotedTo);
    else wanted.set(ourTag.promotedTo, promoted);
  }
  const consumed = bestState(life.consumed)?.status;
  if (consumed !== undefined && consumed !== 'unknown') wanted.set(ourTag.consumedStatus, consumed);
  return diffTags(tags, wanted, { mayRemove: (key) => unwanted.has(key) });
}
