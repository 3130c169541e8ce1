import type { JobContext, JobName, NewJob, Queues } from '../../../src/queue/types.js';

/** The context of a job that runs for the first time; `lines` takes what it logs. */
export function jobContext(lines: string[] = []): JobContext {
  return {
    id: 'test',
    attempt: 1,
    signal: new AbortController().signal,
    log: async (line) => void lines.push(line),
    progress: async () => undefined,
  };
}

type Counts = Awaited<ReturnType<Queues['counts']>>[JobName];

/** The counts of queues in which nothing is, but for what is given. */
export function queueCounts(some: Partial<Record<JobName, Partial<Counts>>> = {}): Record<JobName, Counts> {
  const none = { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0 };
  return {
    'register-commit': { ...none, ...some['register-commit'] },
    'link-run': { ...none, ...some['link-run'] },
    'sweep-runs': { ...none, ...some['sweep-runs'] },
    'reconcile-repository': { ...none, ...some['reconcile-repository'] },
  };
}

/** Queues that hand each job to `take` and hold none themselves. */
export function queuesInto(take: (job: NewJob) => { id: string; duplicate: boolean }): Queues {
  return {
    add: async (job) => take(job as NewJob),
    addMany: async (jobs) => jobs.map(take),
    hasFailed: async () => false,
    counts: async () => queueCounts(),
    problem: async () => undefined,
    close: async () => undefined,
  };
}
