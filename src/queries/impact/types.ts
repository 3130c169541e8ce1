import type { Link } from '../../contract/run.js';
import type { DatasetPath } from '../../domain/paths/dataset-paths.js';
import type { ChangedPath, Reach } from '../../domain/status/reach.js';
import type { CommitPlace, RunFacts } from '../run/types.js';
import type { Looked } from '../shared/consumers.js';
import type { MadeVersion } from '../shared/produced-versions.js';

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

/** A run that read what was asked about. */
export interface Hit {
  readonly run: RunFacts;
  /** Its links that reach, the nearest first. */
  readonly links: readonly { readonly link: Link; readonly reach: Reach }[];
  readonly versions: readonly MadeVersion[];
}

/** A branch, and what became of the change there. */
export interface BranchState {
  readonly branch: string;
  readonly reach: Reach['kind'];
}

export interface Impact {
  readonly asked: string;
  readonly place: CommitPlace;
  readonly change: Change;
  /** What the words of the answer call it: `commit …`, `branch …`, `path …`. */
  readonly ref: string;
  readonly path: string;
  readonly branches: readonly BranchState[];
  readonly branchesCut: boolean;
  /** Sorted by what matters: models under an alias first. */
  readonly hits: readonly Hit[];
  /** Runs whose data comes after the change and may hold it: other bytes were written since, or too much differs. */
  readonly maybe: readonly Hit[];
  /** Runs that read the same paths after the change was undone. */
  readonly spared: number;
  /** True where more commits were read than were judged. */
  readonly commitsCut: boolean;
  readonly looked: Looked;
}
