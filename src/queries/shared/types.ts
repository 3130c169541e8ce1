import type { Link } from '../../contract/run.js';
import type { Address } from '../../domain/references/address.js';
import type { LakefsCommit } from '../../lakefs/types.js';
import type { MadeVersion } from './produced-versions.js';
import type { AskedModel } from './run-of.js';

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

/** A run that read the data, and the models that it made. */
export interface DataReader {
  readonly run: RunFacts;
  readonly links: readonly Link[];
  readonly versions: readonly MadeVersion[];
}

export interface ModelFacts extends AskedModel {
  /** Its page in MLflow; undefined for a logged model. */
  readonly page: string | undefined;
}

export interface DataOptions {
  /** How many of the newest runs are looked at whether or not they have tags of ours. */
  readonly scan: number;
  readonly onProgress: (text: string) => void;
}
