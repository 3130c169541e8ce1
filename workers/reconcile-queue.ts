import type { Cause, JobContext, JobPayloads, NewJob, Queues } from '../src/queue/types.js';

export interface MissingCommit {
  readonly commit: string;
  /** A label for its entry. */
  readonly branch?: string;
  readonly news?: 'history';
}

interface Queueing {
  readonly payload: Pick<JobPayloads['register-commit'], 'installation' | 'repository'>;
  readonly queues: Pick<Queues, 'addMany' | 'hasFailed' | 'counts'>;
  readonly context: Pick<JobContext, 'signal' | 'progress'>;
  readonly cause: Cause;
}

export interface Queued {
  /** New in the queue; the others were there. */
  readonly queued: number;
  /** Left alone, because a job of theirs sits in failed and waits for a person. */
  readonly failed: number;
}

/** So many at a time: a process that is told to stop does not wait for 10,000. */
const batch = 500;

/** Queues commits in the order given. Which of them the queue holds already it sees itself. */
export async function queueCommits(
  commits: readonly MissingCommit[],
  { payload, queues, context, cause }: Queueing,
): Promise<Queued> {
  const jobs = commits.map((missing): NewJob<'register-commit'> => {
    const { installation, repository } = payload;
    return { name: 'register-commit', payload: { v: 1, installation, repository, ...missing }, cause };
  });
  const wanted = await withoutFailed(jobs, queues);
  let queued = 0;
  for (let start = 0; start < wanted.length; start += batch) {
    context.signal.throwIfAborted();
    const added = await queues.addMany(wanted.slice(start, start + batch));
    queued += added.filter(({ duplicate }) => !duplicate).length;
    await context.progress(70 + (30 * (start + added.length)) / wanted.length);
  }
  return { queued, failed: jobs.length - wanted.length };
}

async function withoutFailed(
  jobs: readonly NewJob<'register-commit'>[],
  queues: Queueing['queues'],
): Promise<readonly NewJob<'register-commit'>[]> {
  if (jobs.length === 0 || (await queues.counts())['register-commit'].failed === 0) return jobs;
  const failed = await Promise.all(jobs.map(({ payload }) => queues.hasFailed('register-commit', payload)));
  return jobs.filter((_, index) => failed[index] === false);
}
