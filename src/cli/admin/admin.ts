import type { FailedJob, Replayed } from '../../queue/job-admin.js';
import type { JobCounts, JobName } from '../../queue/types.js';

export interface RepositoryName {
  readonly installation: string;
  readonly repository: string;
}

export interface LookRequest extends RepositoryName {
  /** Trusts no mark in the catalog. */
  readonly recheck?: true;
}

/** What a look at one repository came to. */
export interface LookReport extends RepositoryName {
  /** In one line; where it failed, why. */
  readonly summary: string;
  readonly failed: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly log: readonly string[];
}

/** The work of a service, seen from a command: through the running service, or at its queue where none runs here. */
export interface Desk {
  /** In words, for people. */
  readonly where: string;
  /** True where something works on the queue: a command may wait for it. */
  readonly works: boolean;
  /** Looks at one repository now. `told` hears of its progress, 0 to 100. */
  look(request: LookRequest, told: (percent: number) => void, signal: AbortSignal): Promise<LookReport>;
  /** At most 1,000 at a time. */
  register(
    repository: RepositoryName,
    commits: readonly { readonly commit: string; readonly branch?: string }[],
  ): Promise<{ readonly queued: number; readonly waiting: number }>;
  counts(): Promise<Readonly<Record<JobName, JobCounts>>>;
  failed(limit: number): Promise<{ readonly total: number; readonly jobs: readonly FailedJob[] }>;
  /** `replayed` is empty where no job of this id is failed or put off. */
  replay(job: string | 'all'): Promise<Replayed>;
  close(): Promise<void>;
}
