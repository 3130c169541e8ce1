import { expect, test } from 'vitest';
import { dashboardProblem } from '../../../src/dashboard/rights.js';

const retryJob = '/api/queues/:queueName/:jobId/retry';

test.each([
  ['viewer', 'get', '/api/queues', true],
  ['viewer', 'put', retryJob, false],
  ['operator', 'put', retryJob, true],
  ['operator', 'put', '/api/queues/:queueName/clean/:queueStatus', true],
  ['operator', 'put', '/api/queues/:queueName/pause', true],
  ['operator', 'post', '/api/queues/:queueName/add', false],
  ['operator', 'put', '/api/queues/:queueName/concurrency', false],
  ['operator', 'put', '/api/queues/:queueName/obliterate', false],
  ['operator', 'patch', '/api/queues/:queueName/:jobId/update-data', false],
  ['operator', 'put', '/api/a/route/of/a/later/release', false],
  [undefined, 'get', '/api/queues', false],
] as const)('%s may %s %s: %s', (role, method, route, allowed) => {
  expect(dashboardProblem(role, method, route) === undefined).toBe(allowed);
});
