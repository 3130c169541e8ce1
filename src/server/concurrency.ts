import type { JobName } from '../queue/types.js';

/**
 * Shares CONCURRENCY among the jobs of a process: sweeps and looks at repositories go one by one, and there
 * are more runs than commits.
 */
export function shareConcurrency(total: number): Readonly<Record<JobName, number>> {
  const commits = Math.max(1, Math.round((total - 2) / 3));
  return {
    'sweep-runs': 1,
    'reconcile-repository': 1,
    'register-commit': commits,
    'link-run': Math.max(1, total - 2 - commits),
  };
}
