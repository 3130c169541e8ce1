import type { JobName } from '../queue/types.js';

/**
 * Shares CONCURRENCY among the jobs of a process: looks at repositories go one by one, as do sweeps of one of the
 * MLflow servers (some of the time they only wait for other jobs). Of the rest half are for commits: there are more runs,
 * but a commit waits twice for a search that it shares with others, and the more wait, the less each search costs.
 */
export function shareConcurrency(total: number, servers: number): Readonly<Record<JobName, number>> {
  const commits = Math.max(1, Math.round((total - 2) / 2));
  return {
    'sweep-runs': Math.max(1, servers),
    'reconcile-repository': 1,
    'register-commit': commits,
    'link-run': Math.max(1, total - 2 - commits),
  };
}
