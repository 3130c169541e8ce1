import type { FailedJob, Replayed } from '../../queue/job-admin.js';
import type { JobCounts, JobName } from '../../queue/types.js';

export interface RepositoryName {
  readonly installation: string;
  readonly repository: string;
}

export interface CheckRequest extends RepositoryName {
  /** Ignores the marks of completeness in the catalog. */
  readonly recheck?: true;
}

/** The result of checking one repository. */
export interface CheckReport extends RepositoryName {
  /** One line; if it failed, the reason. */
  readonly summary: string;
  readonly failed: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly log: readonly string[];
}

/** What a command can do with the work of a service: through the running service, or on its queue if none runs here. */
export interface Admin {
  /** A description for people. */
  readonly where: string;
  /** True if a service works on the queue, so that a command may wait for it. */
  readonly works: boolean;
  /** Checks one repository now. `onProgress` gets 0 to 100. */
  check(
    request: CheckRequest,
    onProgress: (percent: number) => void,
    signal: AbortSignal,
  ): Promise<CheckReport>;
  /** At most 1,000 at a time. */
  register(
    repository: RepositoryName,
    commits: readonly { readonly commit: string; readonly branch?: string }[],
  ): Promise<{ readonly queued: number; readonly waiting: number }>;
  counts(): Promise<Readonly<Record<JobName, JobCounts>>>;
  failed(limit: number): Promise<{ readonly total: number; readonly jobs: readonly FailedJob[] }>;
  /** `replayed` is empty if no job with this id has failed or is delayed. */
  replay(job: string | 'all'): Promise<Replayed>;
  close(): Promise<void>;
}
