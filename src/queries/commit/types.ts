import type { DatasetPath } from '../../domain/paths/dataset-paths.js';
import type { BranchState } from '../shared/change/types.js';
import type { Looked } from '../shared/consumers.js';
import type { Place } from '../shared/place.js';
import type { CommitPlace, DataReader } from '../shared/types.js';

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
