import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashPassword } from '../../../src/config/users.js';
import { freePort, waitFor } from '../../support/servers/process.js';
import { realServers } from '../../support/servers/real-servers.js';
import { type RunningProcess, startServe } from '../../support/service/service.js';

const { mlflow } = realServers();
const canary = 'canary-7f3a';
const password = `${canary}-of-a-person`;

let folder: string;
let service: RunningProcess;
let login: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-secrets-'));
  login = `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`;
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  service = await startServe({
    LAKECTL_SERVER_ENDPOINT_URL: nowhere,
    LAKECTL_CREDENTIALS_ACCESS_KEY_ID: 'key',
    LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: `${canary}-lakefs`,
    MLFLOW_TRACKING_URI: mlflow.url,
    MLFLOW_TRACKING_USERNAME: 'bridge',
    MLFLOW_TRACKING_PASSWORD: `${canary}-mlflow`,
    LAKEFSACTION_BRIDGE_TOKEN: `${canary}-hook`,
    LAKEFS_MLFLOW_QUEUE_URL: 'embedded',
    LAKEFS_MLFLOW_DATA_DIR: folder,
    LAKEFS_MLFLOW_LOG_LEVEL: 'debug',
    LAKEFS_MLFLOW_EXPERIMENTS: 'none-of-them',
    LAKEFS_MLFLOW_USERS: `ada:operator:${await hashPassword(password)}`,
  });
});

afterAll(async () => {
  await service.process.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function textOf(path: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(service.url + path, { headers: { authorization: login }, ...init });
  return `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
}

async function sendCommit(token: string): Promise<string> {
  return textOf('/hooks/lakefs', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      event_type: 'post-commit',
      event_time: '2026-11-23T10:00:00Z',
      action_name: 'lakefs-mlflow',
      hook_id: 'lakefs-mlflow',
      repository_id: 'some-data',
      branch_id: 'main',
      source_ref: 'main',
      commit_id: 'c0ffee'.padEnd(64, '0'),
      commit_message: 'data',
      committer: 'ada',
    }),
  });
}

test('no secret is in answers, pages, jobs, metrics or logs, also while lakeFS is down', async () => {
  const seen = [
    await sendCommit(`${canary}-wrong`),
    await sendCommit(`${canary}-hook`),
    await sendCommit(`${canary}-hook`),
  ];
  expect(seen.map((text) => text.slice(0, 3))).toEqual(['401', '202', '202']);
  const list = '/queues/api/queues?activeQueue=register-commit&page=1&jobsPerPage=10';
  const id = await waitFor('the job', async () => /"jobs":\[\{"id":"([^"]+)"/.exec(await textOf(list))?.[1]);
  // Other jobs wait for lakeFS as well, so the numbers of waiting ones say nothing about this one.
  const logs = await waitFor('the job to have waited for lakeFS once', async () => {
    const found = await textOf(`/queues/api/queues/register-commit/${id}/logs`);
    return found.includes('cannot be reached') && found;
  });
  // The dashboard reads one state after the other, and a job that moves on meanwhile can be in none of them.
  const jobs = await waitFor('the job in the list', async () => {
    const found = await textOf(list);
    return found.includes(id) && found;
  });
  seen.push(jobs, logs, await textOf(`/queues/api/queues/register-commit/${id}`));
  for (const path of ['/', '/metrics', '/health/ready', '/queues/', '/nothing', '/hooks/lakefs/unknown']) {
    seen.push(await textOf(path));
  }
  seen.push(await textOf('/', { headers: { authorization: 'Basic bm9ib2R5Ong=' } }));
  seen.push(service.process.output());
  expect(service.process.output()).toMatch(/the server is not available|the server refuses our requests/);
  expect(seen.join('\n')).not.toContain(canary);
  expect(seen.join('\n')).not.toContain('scrypt.');
});
