import { expect, test } from 'vitest';
import { secretsOf } from '../../../src/config/secrets.js';

test('every secret of the settings is known', () => {
  const installation = {
    lakefs: { secretAccessKey: 'lakefs-key' },
    mlflow: { password: 'mlflow-password', token: undefined },
    hookTokens: ['hook-token'],
  };
  const settings = {
    queueUrl: 'redis://:p%40ss@host',
    users: [{ name: 'a', role: 'viewer', hash: 'a-hash' }],
    installations: [installation],
  };
  expect(secretsOf(settings as never)).toEqual([
    'a-hash',
    'lakefs-key',
    'mlflow-password',
    'hook-token',
    'p%40ss',
    'p@ss',
  ]);
});
