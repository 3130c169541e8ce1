import type { JobName } from '../queue/types.js';

/**
 * Shares CONCURRENCY among the jobs of a process: looks at repositories go one by one, as do sweeps of one of the
 * MLflow servers (some of the time they only wait for other jobs), and there are more runs than commits.
 */
export function shareConcurrency(total: number, servers: number): Readonly<Record<JobName, number>> {
  const commits = Math.max(1, Math.round((total - 2) / 3));
  return {
    'sweep-runs': Math.max(1, servers),
    'reconcile-repository': 1,
    'register-commit': commits,
    'link-run': Math.max(1, total - 2 - commits),
  };
}
