/** A stored action run, as `GET …/actions/runs` shows it. */
export interface RunRecord {
  readonly runId: string;
  readonly eventType: string;
  /** Empty for tag events. */
  readonly branch: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly status: 'completed' | 'failed';
  /** Filled in later for pre-commit and pre-revert. */
  commitId: string;
  readonly hooks: readonly HookRecord[];
}

export interface HookRecord {
  /** Action and hook index, such as `0000_0001`. */
  readonly hookRunId: string;
  readonly hookId: string;
  readonly action: string;
  readonly status: 'completed' | 'failed' | 'skipped';
  readonly startMs: number;
  readonly endMs: number;
  /** The text log; empty for a skipped hook. */
  readonly output: string;
}
