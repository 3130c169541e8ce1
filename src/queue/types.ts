/**
 * Every job carries identifiers only: what a job needs to know it reads when it runs, so that the oldest
 * payload is as good as the newest. `v` is the version of the payload's shape.
 */
export interface JobPayloads {
  /** Makes one commit's catalog run in MLflow agree with lakeFS. */
  'register-commit': {
    readonly v: 1;
    readonly installation: string;
    readonly repository: string;
    readonly commit: string;
    /** The branch that the event named: a label for a catalog run that is created for the first time. */
    readonly branch?: string;
    /**
     * `commit`: only the commit itself is new. Other jobs report who consumed it, so a first registration need not
     * search for consumers. `history`: one of many that were missed; what they mean for others was checked once for
     * all of them. Left out: everything is checked.
     */
    readonly news?: string;
  };
  /** Finds the runs of an MLflow server whose tags are missing or out of date. */
  'sweep-runs': { readonly v: 1; readonly server: string };
  /** Looks for commits of one repository that the catalog lacks. */
  'reconcile-repository': {
    readonly v: 1;
    readonly installation: string;
    readonly repository: string;
    /** Compares all commits above the horizon with the catalog, whatever is marked complete there. */
    readonly recheck?: true;
  };
  /** Makes one run's tags agree with what it read. */
  'link-run': {
    readonly v: 1;
    readonly server: string;
    readonly run: string;
    /** A model version of the run may lack its tags, whatever the run's own tags are like. */
    readonly models?: true;
    /** A commit whose metadata names the run, or a model version of it. */
    readonly produced?: {
      readonly installation: string;
      readonly repository: string;
      readonly commit: string;
    };
  };
}

export type JobName = keyof JobPayloads;

/** Who asked for a job; decides its priority. */
export type Cause = 'hook' | 'reconcile' | 'sweep' | 'backfill';

export interface NewJob<N extends JobName = JobName> {
  readonly name: N;
  readonly payload: JobPayloads[N];
  readonly cause: Cause;
  /** Waits this long (ms) before it runs, so that what comes in the meantime is covered by the one job. */
  readonly delayMs?: number;
}

export interface AddedJob {
  readonly id: string;
  /** True where a job of the same key was waiting or running, so that no second one was needed. */
  readonly duplicate: boolean;
}

export interface JobCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly completed: number;
}

/** The producing side. `add` rejects with `QueueUnavailableError` within a second where the queue is down. */
export interface Queues {
  add<N extends JobName>(job: NewJob<N>): Promise<AddedJob>;
  /** Like `add` for each, in one round trip where the backend can. */
  addMany(jobs: readonly NewJob[]): Promise<readonly AddedJob[]>;
  /** True where a job of this key sits in failed. */
  hasFailed<N extends JobName>(name: N, payload: JobPayloads[N]): Promise<boolean>;
  counts(): Promise<Readonly<Record<JobName, JobCounts>>>;
  /** Undefined where a job added now would be stored, else what is wrong, in one line. Tries it, once a second. */
  problem(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** What a handler gets beside its payload. */
export interface JobContext {
  readonly id: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborted when the process is told to stop and its deadline is near. */
  readonly signal: AbortSignal;
  /** A line of the job's log, shown on the dashboard; plain text, may hold addresses. */
  log(line: string): Promise<void>;
  /** 0 to 100. */
  progress(percent: number): Promise<void>;
}

/** What the dashboard shows as the job's result: a summary in one line, and facts for machines. */
export interface JobOutcome {
  readonly summary: string;
  readonly links?: Readonly<Record<string, string>>;
  readonly counts?: Readonly<Record<string, number>>;
  /** The log lines of the last try; the job's log also holds the errors of earlier tries. */
  readonly log?: readonly string[];
}

export type JobHandlers = {
  readonly [N in JobName]: (payload: JobPayloads[N], context: JobContext) => Promise<JobOutcome>;
};

/** The consuming side. */
export interface Workers {
  /** Takes no new jobs, waits for the running ones until the deadline (ms), then hands them back. */
  close(deadlineMs: number): Promise<void>;
}
