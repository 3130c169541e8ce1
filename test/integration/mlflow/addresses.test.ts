import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMlflowClients } from '../../../src/mlflow/index.js';
import { unique } from '../../support/mlflow/values.js';
import { type OwnServer, ownServer } from '../../support/servers/own-mlflow.js';
import { realServers } from '../../support/servers/real-servers.js';

const { mlflow: shared } = realServers();
let prefixed: OwnServer;

beforeAll(async () => {
  prefixed = await ownServer(shared.python, ['--static-prefix', '/x', '--workers', '2'], '/x/health');
});

afterAll(() => prefixed?.stop());

test('a server behind a path prefix works, with and without a closing slash', async () => {
  for (const slash of ['', '/']) {
    const mlflow = createMlflowClients(`${prefixed.origin}/x${slash}`);
    const id = await mlflow.experiments.createExperiment(unique('prefix'));
    const { info } = await mlflow.runs.createRun(id, 'r');
    await mlflow.runs.logBatch(info.run_id, [], [], [{ key: 'k', value: 'v' }]);
    expect((await mlflow.runs.searchRuns([id], "tags.k = 'v'")).runs).toHaveLength(1);
    expect(await mlflow.version()).toBe(shared.version);
  }
});

test('without the prefix the error points at the address', async () => {
  const mlflow = createMlflowClients(prefixed.origin);
  await expect(mlflow.runs.createRun('0')).rejects.toMatchObject({
    status: 404,
    error_code: undefined,
    failure: { kind: 'unavailable' },
    message: expect.stringContaining('MLFLOW_TRACKING_URI'),
  });
});

test('two server workers stall busy kept-open connections, which is noticed; one does not', async () => {
  const two = createMlflowClients(`${prefixed.origin}/x`);
  await two.version();
  expect(two.connections()).toBe('rested');
  const one = createMlflowClients(shared.url);
  await one.version();
  expect(one.connections()).toBe('reuse');
});

test('an MLflow that refuses our Host header says which setting fixes it', async () => {
  const { port } = new URL(shared.url);
  const mlflow = createMlflowClients(shared.url, { headers: { Host: `mlflow:${port}` } });
  await expect(mlflow.runs.createRun('0')).rejects.toMatchObject({
    status: 403,
    failure: { kind: 'unavailable' },
    message: expect.stringContaining('--allowed-hosts'),
  });
});

test('a workspace on a server without workspaces refuses everything: jobs wait for it', async () => {
  const mlflow = createMlflowClients(shared.url, { workspace: 'team' });
  await expect(mlflow.experiments.searchExperiment(undefined, 1)).rejects.toMatchObject({
    status: 500,
    error_code: 'FEATURE_DISABLED',
    failure: { kind: 'unavailable' },
  });
});

test('where nothing listens the error says so', async () => {
  const mlflow = createMlflowClients('http://127.0.0.1:1', { retry: { retries: 0 } });
  await expect(mlflow.runs.createRun('0')).rejects.toMatchObject({
    statusCode: 0,
    failure: { kind: 'unavailable' },
    message: expect.stringContaining('MLflow cannot be reached (ECONNREFUSED)'),
  });
});
