import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiError, createMlflowClients, type MlflowOptions } from '../../../src/mlflow/index.js';
import { unique } from '../../support/mlflow/values.js';
import { type OwnServer, ownServer } from '../../support/servers/own-mlflow.js';
import { realServers } from '../../support/servers/real-servers.js';

const admin = { username: 'admin', password: 'correct horse 1' };
const reader = { username: 'reader', password: 'battery staple 2' };
let server: OwnServer;

beforeAll(async () => {
  server = await ownServer(
    realServers().mlflow.python,
    ['--app-name', 'basic-auth', '--workers', '1'],
    '/health',
    {
      MLFLOW_AUTH_ADMIN_PASSWORD: admin.password,
      MLFLOW_FLASK_SERVER_SECRET_KEY: 'for the test only',
    },
  );
  const made = await fetch(`${server.origin}/api/2.0/mlflow/users/create`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${admin.username}:${admin.password}`).toString('base64')}`,
    },
    body: JSON.stringify(reader),
  });
  expect(made.status).toBe(200);
});

afterAll(() => server?.stop());

async function failing(options: MlflowOptions, run = '0'.repeat(32)): Promise<ApiError> {
  const { runs } = createMlflowClients(server.origin, options);
  const error: unknown = await runs.setTag(run, 'k', 'v').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

test('a user with rights reads and writes, by options or by the address', async () => {
  const mlflow = createMlflowClients(server.origin, admin);
  const id = await mlflow.experiments.createExperiment(unique('auth'));
  await mlflow.runs.createRun(id);
  const { host } = new URL(server.origin);
  const same = createMlflowClients(`http://admin:${encodeURIComponent(admin.password)}@${host}`);
  expect((await same.runs.searchRuns([id])).runs).toHaveLength(1);
  expect(await same.version()).toBe(realServers().mlflow.version);
});

test.each<[string, MlflowOptions]>([
  ['no credentials', {}],
  ['a wrong password', { ...admin, password: 'wrong-password' }],
  ['a token', { token: 'some-token' }],
])('with %s the error is a 401 that names the settings and no secret', async (_what, options) => {
  const error = await failing(options);
  expect(error).toMatchObject({ status: 401, error_code: undefined, failure: { kind: 'unavailable' } });
  expect(error.text).toContain('You are not authenticated');
  expect(error.message).toContain('MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD');
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/wrong-password|some-token/);
});

test('a user without rights gets a permanent 403 that says so', async () => {
  const { runs } = createMlflowClients(server.origin, admin);
  const { info } = await runs.createRun('0');
  const error = await failing(reader, info.run_id);
  expect(error).toMatchObject({ status: 403, text: 'Permission denied', failure: { kind: 'permanent' } });
  expect(error.message).toContain('may not do this');
});
