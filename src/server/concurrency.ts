import type { JobName } from '../queue/types.js';

/**
 * Splits CONCURRENCY among the kinds of jobs. Looks at repositories run one at a time, and so do the sweeps of each MLflow
 * server (which partly just wait for other jobs). Half of the rest goes to commits: there are more runs, but each commit
 * waits for two searches that it shares with others, and the more commits wait, the less each search costs.
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
