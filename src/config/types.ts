/** What the settings come to once they are read and checked. Times are in ms. */

export interface LakefsSettings {
  /** Without `/api/v1`. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** PEM file. */
  readonly caFile?: string;
  /** Where people open lakeFS in a browser; the endpoint where not set. */
  readonly publicUrl: string;
  /** Further hosts whose http(s) addresses name this lakeFS. */
  readonly hosts: readonly string[];
  /** Domains of its S3 gateway, for addresses such as `https://<repository>.<domain>/<ref>/<path>`. */
  readonly s3Domains: readonly string[];
}

export interface MlflowSettings {
  /** May have a path prefix; without a closing slash. */
  readonly trackingUri: string;
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  readonly workspace?: string;
  /** Where people open MLflow in a browser; the tracking URI where not set. */
  readonly publicUrl: string;
  readonly connections: 'auto' | 'reuse' | 'rested' | 'new';
  readonly maxInFlight: number;
  readonly timeoutMs: number;
  /** PEM file. */
  readonly caFile?: string;
}

/** Names a dataset by hand. Globs match a dataset path such as `gold/train_v2/`. */
export interface DatasetRule {
  readonly repository: string;
  readonly path: string;
  readonly name?: string;
}

/** A layout of datasets, beside the usual ones (src/domain/paths/layouts.ts), whose patterns it shares. */
export interface LayoutRule {
  readonly name: string;
  readonly markers?: readonly string[];
  readonly folders?: readonly string[];
  readonly beside?: { readonly one: readonly string[]; readonly other: readonly string[] };
  /** False: what has this layout is no dataset. */
  readonly dataset?: boolean;
}

/** Keeps what at least one pattern names and no `!` pattern names; an empty list keeps all. */
export type Globs = readonly string[];

/** One lakeFS server paired with one MLflow server. */
export interface Installation {
  readonly name: string;
  readonly lakefs: LakefsSettings;
  readonly mlflow: MlflowSettings;
  readonly repositories: Globs;
  readonly branches: Globs;
  /** Empty: the default branch of each repository. */
  readonly promotedBranches: Globs;
  readonly experiments: Globs;
  readonly catalog: string;
  readonly mode: 'write' | 'observe';
  readonly tagModels: boolean;
  /** How long before its start a run may have read a branch. */
  readonly startMarginMs: number;
  /** Tags and params that name data by their key, beside the guide's: `<role>:<key>`. */
  readonly referenceKeys: readonly string[];
  /** A tag or param whose key holds one of these words names what a run writes. */
  readonly outputWords: readonly string[];
  readonly hookTokens: readonly string[];
  readonly rules: readonly DatasetRule[];
  readonly layouts: readonly LayoutRule[];
}

export interface User {
  readonly name: string;
  readonly role: 'viewer' | 'operator';
  readonly hash: string;
}

export interface Settings {
  readonly host: string;
  readonly port: number;
  /** Where people reach us; without a closing slash. */
  readonly publicUrl: string;
  /** User and password are percent-encoded. */
  readonly queueUrl: string;
  /** PEM file. */
  readonly queueCaFile?: string;
  readonly dataDir: string;
  readonly logLevel: string;
  readonly users: readonly User[];
  readonly trustedProxies: readonly string[];
  readonly userHeader?: string;
  readonly sweepIntervalMs: number;
  readonly reconcileIntervalMs: number;
  readonly lapIntervalMs: number;
  readonly concurrency: number;
  readonly shutdownDeadlineMs: number;
  readonly shutdownDrainMs: number;
  readonly installations: readonly Installation[];
}
