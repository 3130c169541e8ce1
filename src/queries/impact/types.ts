import type { Link } from '../../contract/run.js';
import type { Reach } from '../../domain/status/reach.js';
import type { BranchState, Change } from '../shared/change/types.js';
import type { Looked } from '../shared/consumers.js';
import type { MadeVersion } from '../shared/produced-versions.js';
import type { CommitPlace, RunFacts } from '../shared/types.js';

/** A run that read what was asked about. */
export interface Hit {
  readonly run: RunFacts;
  /** Its links that reach, the nearest first. */
  readonly links: readonly { readonly link: Link; readonly reach: Reach }[];
  readonly versions: readonly MadeVersion[];
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
