import type { LakefsCommit } from '../../lakefs/types.js';
import type { Looked } from '../shared/consumers.js';
import type { Place } from '../shared/place.js';
import type { CommitPlace, DataReader } from '../shared/types.js';

/** Objects under a path that a commit changed. */
export interface PathCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** True where there are more than were counted. */
  readonly cut: boolean;
}

/** The data under a path from one commit that changed it to the next. */
export interface PathVersion {
  readonly commit: LakefsCommit;
  readonly counts: PathCounts;
  /** Nothing is left under the path. */
  readonly emptied: boolean;
  /** An older version of the same bytes: one dataset version with two names. */
  readonly sameAs: string | undefined;
  /** Commits that runs read and that hold the same bytes under the path, or under the part that was read. */
  readonly alsoKnownAs: readonly string[];
  readonly readers: readonly DataReader[];
}

/** What `lineage` answers about a path: its history on a ref. */
export interface PathLineage {
  readonly kind: 'path';
  readonly asked: string;
  readonly place: CommitPlace;
  readonly ref: string;
  readonly refKind: Place['refKind'];
  readonly path: string;
  /** Whether something is at the path now. */
  readonly there: boolean;
  /** Newest first. */
  readonly versions: readonly PathVersion[];
  /** Commits that were looked through, and whether there are older ones. */
  readonly walked: number;
  readonly cut: boolean;
  /** Runs that read older versions of the path, or other bytes on other branches. */
  readonly others: readonly DataReader[];
  readonly looked: Looked;
}
