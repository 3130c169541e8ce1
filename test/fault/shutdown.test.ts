import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DataFolder, newDataFolder } from '../support/queue/data-folder.js';
import { onLoopback } from '../support/servers/loopback.js';
import { waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { type RunningProcess, startServe } from '../support/service/service.js';

const servers = realServers();
const token = 'shutdown-token';
const commit = 'c0ffee'.padEnd(64, '0');
const later = 'c0ffee'.padEnd(64, '1');

/** A lakeFS that takes requests for the repository and answers them only when told to. */
interface HeldLakefs {
  readonly url: string;
  readonly held: ServerResponse[];
  answerAll(): void;
  close(): void;
}

async function startHeldLakefs(): Promise<HeldLakefs> {
  const held: ServerResponse[] = [];
  let open = false;
  const server: Server = createServer((request, response) => {
    if (request.url?.includes('/repositories?')) return void noRepositories(response);
    if (!request.url?.includes('/repositories/held-data')) return void response.writeHead(404).end();
    held.push(response);
    if (open) refuse(response);
  });
  const { url, stop } = await onLoopback(server);
  return {
    url,
    held,
    answerAll() {
      open = true;
      for (const response of held) refuse(response);
    },
    close: () => void stop(),
  };
}

/** It answers, so that only the job waits. */
function noRepositories(response: ServerResponse): void {
  const pagination = { has_more: false, next_offset: '', results: 0, max_per_page: 1_000 };
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ pagination, results: [] }));
}

function refuse(response: ServerResponse): void {
  if (!response.writableEnded) {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"not found"}');
  }
}

let lakefs: HeldLakefs;
let folder: DataFolder;
let running: RunningProcess[];

beforeEach(async () => {
  lakefs = await startHeldLakefs();
  folder = await newDataFolder();
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map(({ process }) => process.stop('SIGKILL')));
  lakefs.close();
  folder.remove();
});

async function serve(queueUrl: string, deadline: string): Promise<RunningProcess> {
  const service = await startServe({
    LAKECTL_SERVER_ENDPOINT_URL: lakefs.url,
    LAKECTL_CREDENTIALS_ACCESS_KEY_ID: 'key',
    LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: 'lakefs-canary',
    MLFLOW_TRACKING_URI: servers.mlflow.url,
    LAKEFSACTION_BRIDGE_TOKEN: token,
    LAKEFS_MLFLOW_QUEUE_URL: queueUrl,
    LAKEFS_MLFLOW_DATA_DIR: folder.path,
    LAKEFS_MLFLOW_SHUTDOWN_DEADLINE: deadline,
    // No runs of other tests are of interest here.
    LAKEFS_MLFLOW_EXPERIMENTS: 'none-of-them',
  });
  running.push(service);
  return service;
}

async function sendCommit(url: string, id = commit): Promise<void> {
  const answer = await fetch(`${url}/hooks/lakefs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      event_type: 'post-commit',
      event_time: '2026-11-23T10:00:00Z',
      action_name: 'lakefs-mlflow',
      hook_id: 'lakefs-mlflow',
      repository_id: 'held-data',
      branch_id: 'main',
      source_ref: 'main',
      commit_id: id,
      commit_message: 'held',
      committer: 'ada',
    }),
  });
  expect(answer.status).toBe(202);
}

const queues: [string, string | undefined][] = [
  ['the embedded queue', 'embedded'],
  ['Redis', servers.redis === null ? undefined : `${servers.redis.url}/7`],
];

describe.each(queues.filter((row): row is [string, string] => row[1] !== undefined))(
  'SIGTERM on %s',
  (_name, queueUrl) => {
    test('lets a running job finish, and until then answers, is not ready and stores events', async () => {
      const service = await serve(queueUrl, '20s');
      await sendCommit(service.url);
      await waitFor('the job to ask lakeFS', () => lakefs.held.length > 0);
      service.process.child.kill('SIGTERM');
      const ready = await waitFor('the process to be not ready', async () => {
        const answer = await fetch(`${service.url}/health/ready`);
        return answer.status === 503 && answer;
      });
      expect(await ready.json()).toMatchObject({ reasons: ['stopping'] });
      expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
      expect((await fetch(`${service.url}/metrics`)).status).toBe(200);
      await sendCommit(service.url, later);
      lakefs.answerAll();
      expect(await service.ended).toBe(0);
      expect(service.process.output()).toContain('"stopped"');
      expect(service.process.output()).not.toMatch(/canary|shutdown-token/);
      const asked = lakefs.held.length;
      await serve(queueUrl, '1s');
      await waitFor('the next process to run the job of the later event', () => lakefs.held.length > asked);
    });

    test('hands a job back that does not finish, and the next process takes it over', async () => {
      const first = await serve(queueUrl, '1s');
      await sendCommit(first.url);
      await waitFor('the job to ask lakeFS', () => lakefs.held.length > 0);
      const asked = lakefs.held.length;
      const started = performance.now();
      first.process.child.kill('SIGTERM');
      expect(await first.ended).toBe(0);
      // The deadline, what handlers get to notice, and closing.
      expect(performance.now() - started).toBeLessThan(8_000);
      await serve(queueUrl, '1s');
      // At once, not only when the lock of the first process has expired (30 s) and somebody has looked (30 s).
      await waitFor('the next process to ask lakeFS', () => lakefs.held.length > asked, 15_000);
      lakefs.answerAll();
    });
  },
);

test('a second signal, a moment later, ends the process at once', async () => {
  const service = await serve('embedded', '60s');
  await sendCommit(service.url);
  await waitFor('the job to ask lakeFS', () => lakefs.held.length > 0);
  service.process.child.kill('SIGINT');
  await waitFor('the process to begin to stop', () => service.process.output().includes('"stopping'));
  // What npm and a terminal send together is one wish: the repetitions of the first moments do nothing.
  const first = performance.now();
  await waitFor(
    'the process to be gone',
    () => !service.process.child.kill('SIGINT') || service.process.child.exitCode !== null,
  );
  expect(await service.ended).toBe(1);
  expect(performance.now() - first).toBeGreaterThan(1_500);
  expect(service.process.output()).toContain('stopped by a second signal');
});
