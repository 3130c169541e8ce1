import type { Link } from '../../contract/run.js';
import type { DatasetPath } from '../../domain/paths/dataset-paths.js';
import type { LakefsCommit } from '../../lakefs/types.js';
import type { BranchState } from '../impact/types.js';
import type { CommitPlace, RunFacts } from '../run/types.js';
import type { Looked } from '../shared/consumers.js';
import type { Place } from '../shared/place.js';
import type { MadeVersion } from '../shared/produced-versions.js';

/** A run that read the data, and the models that it made. */
export interface DataReader {
  readonly run: RunFacts;
  readonly links: readonly Link[];
  readonly versions: readonly MadeVersion[];
}

/** What `lineage` answers about a commit, or about the one that a ref leads to. */
export interface CommitLineage {
  readonly kind: 'commit';
  readonly asked: string;
  readonly place: CommitPlace;
  readonly ref: string;
  readonly refKind: Place['refKind'];
  /** Dataset paths that it changed and that hold data: the candidates. */
  readonly candidates: readonly DatasetPath[];
  readonly emptied: readonly DatasetPath[];
  /** Runs that its metadata says have made it. */
  readonly makers: readonly string[];
  /** What the heads of branches hold of its change. */
  readonly branches: readonly BranchState[];
  readonly branchesCut: boolean;
  readonly readers: readonly DataReader[];
  readonly looked: Looked;
}

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
