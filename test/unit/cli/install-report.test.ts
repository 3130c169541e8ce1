import { expect, test } from 'vitest';
import { deliveryProblem } from '../../../src/cli/install-report.js';

const url = 'http://lakefs-mlflow:8321/hooks/lakefs';

test('An event that was taken is no problem', () => {
  expect(deliveryProblem({ event: 'first', sent: { state: 'delivered' } }, url)).toBeUndefined();
});

test('Without any run the missing token is named', () => {
  expect(deliveryProblem({ event: 'test', sent: { state: 'unknown' } }, url)).toContain(
    'LAKEFSACTION_BRIDGE_TOKEN is not set in the environment of the lakeFS server',
  );
});

test.each([
  [
    'webhook request failed (status code: 401); the answer was: {}',
    'LAKEFSACTION_BRIDGE_TOKEN must have the same value',
  ],
  ['webhook request failed (status code: 403)', 'refuses the request'],
  ['webhook request failed (status code: 404)', '/hooks/lakefs/NAME'],
  ['webhook request failed (status code: 503)', '/health/ready'],
  [
    'webhook request failed (status code: 400); the answer was: Client sent an HTTP request to an HTTPS server.',
    'give the address with https://',
  ],
  ['Post "…": http: server gave HTTP response to HTTPS client', 'give the address with http://'],
  [
    'Post "…": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'add its certificate authority',
  ],
  ['Post "…": dial tcp: lookup lakefs-mlflow: no such host', 'cannot resolve this name'],
  ['Post "…": dial tcp 127.0.0.1:1: connect: connection refused', 'Start the service'],
  ['Post "…": context deadline exceeded', 'Start the service'],
  [
    'Post "…": dial tcp 10.0.0.7:8321: destination is an internal address',
    `LAKEFS_ACTIONS_NETWORK_ALLOWED_HOSTS='["lakefs-mlflow"]'`,
  ],
  ['something new', 'Check that the address leads to the service'],
])('%s: %s', (detail, advice) => {
  const text = deliveryProblem({ event: 'first', sent: { state: 'failed', detail } }, url);
  expect(text).toContain(`could not deliver the first event to ${url}: ${detail}. `);
  expect(text).toContain(advice);
});

test('An event that nobody could check for is distinguished from one that was not sent', () => {
  const sent = { state: 'unchecked', detail: 'lakeFS answered 401: insufficient permissions' } as const;
  expect(deliveryProblem({ event: 'first', sent }, url)).toBe(
    'the action is installed, but it could not be checked whether lakeFS delivers its events: ' +
      'lakeFS answered 401: insufficient permissions',
  );
});
