import type { Viewer } from '../server/access.js';

/**
 * What operators may do on the dashboard. All else that changes something is refused to everyone, above all:
 * adding or editing jobs (they come from lakeFS and the sweep alone), and `concurrency`, which makes workers spin
 * on a PostgreSQL queue.
 */
const operatorRoutes = new Set([
  '/api/queues/:queueName/:jobId/retry',
  '/api/queues/:queueName/retry/:queueStatus',
  '/api/queues/:queueName/:jobId/clean',
  '/api/queues/:queueName/clean/:queueStatus',
  '/api/queues/:queueName/:jobId/promote',
  '/api/queues/:queueName/promote',
  '/api/queues/:queueName/pause',
  '/api/queues/:queueName/resume',
  '/api/queues/pause',
  '/api/queues/resume',
]);

/** Says why a call of the dashboard is refused, or undefined where it is allowed. */
export function dashboardProblem(
  role: Viewer['role'] | undefined,
  method: string,
  route: string,
): string | undefined {
  if (role === undefined) return 'Log in.';
  if (method.toLowerCase() === 'get') return undefined;
  if (role !== 'operator')
    return 'Viewers cannot change anything: this requires a user with the role operator.';
  return operatorRoutes.has(route)
    ? undefined
    : 'This is switched off: jobs can be retried, run now, paused and removed.';
}
