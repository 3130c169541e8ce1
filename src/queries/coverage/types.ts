import type { EvidenceKind } from '../../contract/words.js';
import type { Address } from '../../domain/references/address.js';

/** The weakest evidence of a run's links; `nothing` where it has none, `unknown` where it could not be judged now. */
export type CoverageWord = EvidenceKind | 'nothing' | 'unknown';

/** Why a run is not covered, as a code that stays. */
export type CoverageCause =
  /** MLflow shares one source among runs whose dataset has the same name and digest. */
  | 'shared-source'
  /** A lakeFS tag that has moved since. */
  | 'moved-tag'
  /** A branch: its head around the run's start, never certain. */
  | 'moving-branch'
  /** A branch whose data changed around the run. */
  | 'changed-branch'
  /** A branch with uncommitted changes, which a read also returns. */
  | 'uncommitted-read'
  /** Source and tags name different commits with different bytes. */
  | 'contradiction'
  /** A branch or tag of a repository of ours from which no commit could be told. */
  | 'unpinned-ref'
  /** A commit that its repository does not have. */
  | 'unknown-commit'
  /** `lakefs_commit` without `lakefs_repo`, or with a value that is no commit id. */
  | 'incomplete-tags'
  /** An address in no lakeFS repository of ours: a plain bucket, another server. */
  | 'unknown-repository'
  /** A dataset whose source is the code that made it: autolog's. */
  | 'code-source'
  /** The source of a dataset, or an address in a tag or param, is none of data in lakeFS. */
  | 'other-source'
  /** No dataset input and no tag. */
  | 'no-dataset'
  /** A model version that no run made, as far as MLflow knows. */
  | 'no-run'
  /** A server is down or refuses our keys. */
  | 'unreadable';

/** What became of one run. */
export interface CoverageJudgement {
  readonly word: CoverageWord;
  readonly covered: boolean;
  /** Undefined where the run is covered. */
  readonly cause: CoverageCause | undefined;
  /** What the run says, or why it could not be read. */
  readonly detail: string;
  /** For the lines that mend it. */
  readonly hint: Address | undefined;
  /** True where it also logged a dataset of which nothing is known. */
  readonly beside: boolean;
}

/** A run, or a version of a model, that is counted. */
export interface CoverageUnit {
  /** Undefined for a model version without a run. */
  readonly run: string | undefined;
  readonly name: string;
  readonly page: string | undefined;
  readonly running: boolean;
}

export interface CoverageExample {
  readonly unit: CoverageUnit;
  readonly detail: string;
}

/** Runs that are not covered for one reason. */
export interface CoverageGroup {
  readonly word: CoverageWord;
  readonly cause: CoverageCause;
  readonly runs: number;
  readonly hint: Address | undefined;
  /** A few. */
  readonly examples: readonly CoverageExample[];
}

export interface CoverageScope {
  readonly kind: 'all' | 'experiment' | 'model';
  /** Of the experiment or model. */
  readonly name: string | undefined;
  readonly page: string | undefined;
  /** Experiments that were looked at. */
  readonly experiments: number;
  /** Names of those that MLflow does not let us search; their runs are not counted. */
  readonly refused: readonly string[];
  /** Unix ms; runs that started before are not counted. */
  readonly since: number | undefined;
  /** Only so many were asked for, the newest. */
  readonly limit: number | undefined;
}

export interface Coverage {
  readonly scope: CoverageScope;
  /** The denominator. */
  readonly runs: number;
  readonly covered: number;
  readonly running: number;
  readonly words: ReadonlyMap<CoverageWord, number>;
  /** Most runs first. */
  readonly groups: readonly CoverageGroup[];
  /** Covered runs that also logged a dataset of which nothing is known. */
  readonly beside: { readonly runs: number; readonly examples: readonly CoverageExample[] };
}

export interface CoverageOptions {
  /** Unix ms; runs that started before (versions that were made before) are not counted. */
  readonly since?: number | undefined;
  /** Only so many, the newest. */
  readonly limit?: number | undefined;
  /** Told after every page how many were counted so far. */
  readonly progress?: ((runs: number) => void) | undefined;
}
