import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { failureOf } from '../../src/domain/common/failure.js';
import { createMlflowClients, type MlflowClients } from '../../src/mlflow/clients.js';
import { createRuntime, type Runtime } from '../support/jobs/runtime.js';
import {
  clientFor,
  commitObject,
  type LakefsUnderTest,
  lakefsUnderTest,
  newRepository,
} from '../support/lakefs/lakefs.js';
import { type OwnServer, ownServer } from '../support/servers/own-mlflow.js';
import { realServers } from '../support/servers/real-servers.js';
import { catalogRuns, lakefsTags } from '../support/service/bridge.js';

// MLflow hashes the password anew for each request.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const admin = { username: 'admin', password: 'correct horse 1' };
const bridge = { username: 'bridge', password: 'battery staple 2' };
const lakefsServers = await lakefsUnderTest();
let server: OwnServer;
let owner: MlflowClients;
let lakefs: LakefsUnderTest;
let repository: string;
let commit: string;

beforeAll(async () => {
  lakefs = lakefsServers[0]!;
  const client = clientFor(lakefs);
  repository = await newRepository(client);
  commit = await commitObject(client, repository, 'main', 'gold/train.csv', 'id\n1\n');
  // Where nothing else is said, users may read.
  server = await ownServer(
    realServers().mlflow.python,
    ['--app-name', 'basic-auth', '--workers', '1'],
    '/health',
    { MLFLOW_AUTH_ADMIN_PASSWORD: admin.password, MLFLOW_FLASK_SERVER_SECRET_KEY: 'for the test only' },
  );
  owner = createMlflowClients(server.origin, { ...admin, connections: 'reuse' });
  await post('2.0/mlflow/users/create', bridge);
});
afterAll(async () => {
  await server?.stop();
  await Promise.all(lakefsServers.map((one) => one.stop()));
});

async function post(path: string, body: object): Promise<void> {
  const answer = await fetch(`${server.origin}/api/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${admin.username}:${admin.password}`).toString('base64')}`,
    },
    body: JSON.stringify(body),
  });
  expect([path, answer.status]).toEqual([path, 200]);
}

async function newExperiment(permission?: string): Promise<{ id: string; run: string }> {
  const id = await owner.experiments.createExperiment(`rights-${randomBytes(6).toString('hex')}`);
  if (permission !== undefined) {
    await post('3.0/mlflow/users/permissions/grant', {
      ...{ username: bridge.username, permission },
      ...{ resource_type: 'experiment', resource_id: id },
    });
  }
  const { info } = await owner.runs.createRun(id, 'run', Date.now());
  const source = JSON.stringify({ uri: `s3://${repository}/${commit}/gold/train.csv` });
  await owner.runs.logInputs(info.run_id, [
    { dataset: { name: 'train', digest: randomBytes(4).toString('hex'), source_type: 's3', source } },
  ]);
  await owner.runs.updateRun(info.run_id, 'FINISHED', Date.now());
  return { id, run: info.run_id };
}

function newRuntime(catalog: string): Runtime {
  return createRuntime(lakefs, server.origin, {
    installation: { repositories: [repository], catalog },
    mlflow: () =>
      createMlflowClients(server.origin, { ...bridge, connections: 'reuse', retry: { retries: 0 } }),
  });
}

test('of a user who may only read, the job ends in failed and says what to do; other runs are tagged', async () => {
  const readOnly = await newExperiment();
  const writable = await newExperiment('EDIT');
  const catalog = `catalog-${randomBytes(6).toString('hex')}`;
  const done = await newRuntime(catalog).sweep();
  const failed = done.filter(({ error }) => error !== undefined);
  // This queue keeps no list of failed jobs, so that each sweep on the way asks for the job again.
  expect(failed.length).toBeGreaterThan(0);
  for (const { job } of failed)
    expect(job).toMatchObject({ name: 'link-run', payload: { run: readOnly.run } });
  expect(failureOf(failed[0]?.error)).toEqual({ kind: 'permanent' });
  expect(String(failed[0]?.error)).toMatch(/MLFLOW_TRACKING_USERNAME.*EDIT/);
  expect(String(failed[0]?.error)).not.toContain(bridge.password);
  expect(await lakefsTags(owner, writable.run)).toMatchObject({ lakefs_commit: commit });
  expect(await lakefsTags(owner, readOnly.run)).toEqual({});
  expect(await catalogRuns(owner, catalog, repository)).toHaveLength(1);
});

test('a catalog that somebody else made, and that we may only read: the commit ends in failed and says so', async () => {
  const catalog = `catalog-${randomBytes(6).toString('hex')}`;
  await owner.experiments.createExperiment(`${catalog}/${repository}`);
  const writable = await newExperiment('EDIT');
  const runtime = newRuntime(catalog);
  const done = await runtime.run({
    name: 'register-commit',
    payload: { v: 1, installation: 'default', repository, commit },
    cause: 'hook',
  });
  expect(failureOf(done.error)).toEqual({ kind: 'permanent' });
  expect(String(done.error)).toMatch(/MLFLOW_TRACKING_USERNAME.*EDIT/);
  await runtime.run({
    name: 'link-run',
    payload: { v: 1, server: 'default', run: writable.run },
    cause: 'hook',
  });
  expect(await lakefsTags(owner, writable.run)).toMatchObject({ lakefs_commit: commit });
});
