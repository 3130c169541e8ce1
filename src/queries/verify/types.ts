/** One tag that is not what it should be; undefined means that it is absent, or should be. */
export interface TagDifference {
  readonly key: string;
  readonly there: string | undefined;
  readonly should: string | undefined;
}

export type DifferenceCause =
  /** The service has not written this run yet. */
  | 'not-tagged'
  /** The data of a link was superseded, reverted or restored since. */
  | 'data-moved-on'
  /** A tag was edited by hand, or the run says something else than it did. */
  | 'changed';

export interface VerifiedRun {
  readonly id: string;
  readonly name: string;
  readonly page: string;
}

export type Finding =
  | {
      readonly kind: 'differs';
      readonly run: VerifiedRun;
      readonly cause: DifferenceCause;
      readonly differences: readonly TagDifference[];
      /** False where an installation is in observe mode: the service does not write there. */
      readonly written: boolean;
    }
  | { readonly kind: 'unknown'; readonly run: VerifiedRun; readonly reason: string };

export interface Verification {
  readonly scope: { readonly kind: 'run' | 'experiment'; readonly name: string; readonly page: string };
  readonly runs: number;
  /** True where there are older runs that were not looked at. */
  readonly cut: boolean;
  readonly differ: number;
  /** Runs that could not be judged now. */
  readonly unknown: number;
  /** Of the others: why nothing is to be written, and how many runs. */
  readonly settled: ReadonlyMap<string, number>;
  /** The first of those that differ or are unknown. */
  readonly findings: readonly Finding[];
}
