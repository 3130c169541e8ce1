import type { Link } from '../../contract/run.js';
import type { Address } from '../../domain/references/address.js';
import type { LinkState } from '../../domain/status/link-state.js';
import type { LakefsCommit } from '../../lakefs/types.js';
import type { MadeVersion } from '../shared/produced-versions.js';
import type { AskedModel } from '../shared/run-of.js';

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

export interface ModelFacts extends AskedModel {
  /** Its page in MLflow; undefined for a logged model. */
  readonly page: string | undefined;
}

export interface RunFacts {
  readonly id: string;
  readonly name: string;
  readonly experimentId: string;
  readonly experiment: string;
  readonly status: string;
  readonly deleted: boolean;
  /** Unix ms. */
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  /** Its page in MLflow. */
  readonly page: string;
}

/** A commit in a lakeFS server, with what is known of it. */
export interface CommitPlace {
  readonly repository: string;
  readonly commit: string;
  /** Undefined where the installation is no longer configured. */
  readonly server:
    | { readonly installation: string; readonly endpoint: string; readonly publicUrl: string }
    | undefined;
  /** Undefined where lakeFS does not have it any more. */
  readonly facts: LakefsCommit | undefined;
  /** A branch that holds it: a label, no evidence. */
  readonly branch: string | undefined;
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

export interface LookedAt {
  readonly where: Link['where'];
  /** The dataset's name, or the tag's key. */
  readonly name: string;
  readonly context: string | undefined;
  readonly text: string;
  readonly address: Address | undefined;
  /** For `parent`: the id of the run that says it. */
  readonly run?: string;
  readonly verdict:
    | { readonly kind: 'commit'; readonly installation: string; readonly commit: string }
    | { readonly kind: 'none'; readonly reason: string };
}
