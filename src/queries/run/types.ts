import type { Link } from '../../contract/run.js';
import type { Address } from '../../domain/references/address.js';
import type { LinkState } from '../../domain/status/link-state.js';
import type { MadeVersion } from '../shared/produced-versions.js';
import type { CommitPlace, LookedAt, ModelFacts, RunFacts } from '../shared/types.js';

/** What `lineage` answers about one run, or about a model and the run that made it. */
export interface Lineage {
  readonly model: ModelFacts | undefined;
  readonly run: RunFacts;
  /** What a person should know beside the answer: the run still runs, is deleted … */
  readonly notes: readonly string[];
  /** Set for a run of the catalog, which stands for a commit and reads nothing. */
  readonly catalog: CatalogFacts | undefined;
  readonly links: readonly FoundLink[];
  /** Everything that was looked at, in the order of the run. */
  readonly references: readonly LookedAt[];
  readonly made: Made;
  /** Where nothing is known: what the run names in a repository that is there, though no commit of it. */
  readonly hint: Address | undefined;
}

/** What was made from a run. */
export interface Made {
  readonly versions: readonly MadeVersion[];
  /** Ids of MLflow 3's logged models. */
  readonly loggedModels: readonly string[];
  /** Commits whose metadata names the run, as the service found them. */
  readonly produced: readonly { readonly repository: string; readonly commit: string }[];
}

export interface FoundLink {
  readonly link: Link;
  readonly place: CommitPlace;
  /** Why it cannot be checked now, for a link that was found earlier and is kept. */
  readonly kept: string | undefined;
  /** Whether the data is still good. */
  readonly state: LinkState;
  /** Other commits that the run names, at which the path holds the same bytes: one dataset version. */
  readonly sameAs: readonly string[];
}

export interface CatalogFacts {
  readonly place: CommitPlace;
  readonly candidates: readonly { readonly name: string; readonly path: string }[];
  /** Runs that consumed it, as the service counted them last. */
  readonly consumers: number | undefined;
  /** One of two that were made for the same commit: it no longer counts. */
  readonly double: boolean;
}
