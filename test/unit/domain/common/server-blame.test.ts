import { describe, expect, test } from 'vitest';
import { mayBlameServer } from '../../../../src/domain/common/server-blame.js';
import type { HttpFailureFacts } from '../../../../src/http/classify.js';
import { LakefsError } from '../../../../src/lakefs/errors.js';
import { ApiError } from '../../../../src/mlflow/api-error.js';

const html = { body: '<html>no</html>' };

function texts(facts: Partial<HttpFailureFacts>): readonly (readonly ['lakeFS' | 'MLflow', string])[] {
  const url = 'http://x/api/v1/repositories/images/refs/main/log';
  return [
    ['lakeFS', new LakefsError({ name: 'lakeFS', method: 'GET', url, ...facts }).message],
    [
      'MLflow',
      new ApiError({ name: 'MLflow', method: 'POST', url, purpose: 'creating run', ...facts }).message,
    ],
  ];
}

describe('the reason of a failed job blames the server', () => {
  test.each<[string, Partial<HttpFailureFacts>]>([
    ['no answer in time', { code: 'ETIMEDOUT', timeoutMs: 60_000 }],
    ['a refused connection', { code: 'ECONNREFUSED' }],
    ['a login page', { status: 200, ...html }],
    ['a redirect', { status: 302, ...html }],
    ['wrong keys', { status: 401, ...html }],
    ['a Host that is not allowed', { status: 403, body: 'Invalid Host header' }],
    ['a page with 404', { status: 404, ...html }],
    ['too many requests', { status: 429, ...html }],
    ['an inner error', { status: 500, ...html }],
    ['a gateway', { status: 504, ...html }],
  ])('for %s', (_what, facts) => {
    for (const [server, text] of texts(facts)) {
      expect([text, mayBlameServer(text, server)]).toEqual([text, true]);
      expect(mayBlameServer(text, server === 'lakeFS' ? 'MLflow' : 'lakeFS')).toBe(false);
    }
  });

  test('for an error that MLflow reports in JSON', () => {
    const json = { error_code: 'INTERNAL_ERROR', message: 'oops' };
    const [, [, text = ''] = []] = texts({ status: 500, json });
    expect([text, mayBlameServer(text, 'MLflow'), mayBlameServer(text, 'lakeFS')]).toEqual([
      text,
      true,
      false,
    ]);
  });
});

test('what the server says of the request itself does not blame the server', () => {
  for (const status of [400, 404, 409]) {
    const [[, ofLakefs = ''] = []] = texts({ status, json: { message: 'not found' } });
    const [, [, ofMlflow = ''] = []] = texts({
      status,
      json: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'no run' },
    });
    for (const text of [ofLakefs, ofMlflow])
      expect([text, mayBlameServer(text, 'lakeFS') || mayBlameServer(text, 'MLflow')]).toEqual([text, false]);
  }
  expect(mayBlameServer('lakeFS at http://x has no repository "images"', 'lakeFS')).toBe(false);
});
