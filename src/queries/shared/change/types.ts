import type { DatasetPath } from '../../../domain/paths/dataset-paths.js';
import type { ChangedPath } from '../../../domain/status/reach.js';

/** What was asked about, as a change: from a state of the repository to another. */
export interface Change {
  /** `default`: all that the default branch holds. */
  readonly kind: 'commit' | 'branch' | 'default' | 'path';
  readonly repository: string;
  /** Undefined where it began from nothing, and for a path: then it is a state, not a change. */
  readonly base: string | undefined;
  readonly tip: string;
  /** Commits that are the change itself: one, or those of the branch alone. */
  readonly own: ReadonlySet<string>;
  /** Objects that it changed; markers and lakeFS's action files are left out. */
  readonly changed: readonly ChangedPath[];
  /** The dataset paths that hold them: listings are asked for by these. */
  readonly prefixes: readonly string[];
  readonly paths: readonly DatasetPath[];
  /** True where there was too much to read one by one. */
  readonly cut: boolean;
}
