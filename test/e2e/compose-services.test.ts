import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { environmentOf, readCompose } from '../support/docker/compose.js';
import { freePort, type Started, start, waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';

// The servers of compose.yaml, started without an engine by the commands and variables of that file.

const { mlflow, redis } = realServers();
const { services } = readCompose();
const lakefsBinary = (
  await promisify(execFile)('which', ['lakefs']).catch(() => ({ stdout: '' }))
).stdout.trim();

let folder: string;
let started: Started[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-compose-'));
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(redis === null)(
  'Redis accepts its command, never evicts and writes its append-only file',
  async () => {
    const port = await freePort();
    const [, ...args] = services.redis!.command!;
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    const server = start(redis!.binary, [...args, ...own]);
    started.push(server);
    await waitFor('Redis', () => server.output().includes('Ready to accept connections'));
    const client = new Redis({ port, host: '127.0.0.1', protocol: 2 });
    try {
      expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
      expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    } finally {
      client.disconnect();
    }
  },
);

test('MLflow accepts its command, and answers only to the host name that the service uses', async () => {
  const port = await freePort();
  const own = ['--host=127.0.0.1', `--port=${port}`, `--artifacts-destination=${join(folder, 'artifacts')}`];
  const env = {
    ...environmentOf(services.mlflow!, 'x'),
    MLFLOW_BACKEND_STORE_URI: `sqlite:///${join(folder, 'mlflow.db')}`,
    MLFLOW_WORKERS: '1',
  };
  const server = start(mlflow.python, ['-m', 'mlflow', ...services.mlflow!.command!, ...own], env);
  started.push(server);
  await waitFor('MLflow', async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok, 120_000);
  const path = '/api/2.0/mlflow/experiments/search?max_results=1';
  expect(await statusAs('mlflow:5000', port, path)).toBe(200);
  expect(await statusAs('localhost:5000', port, path)).toBe(200);
  expect(await statusAs('mlflow', port, path)).toBe(403);
  expect(await statusAs('elsewhere:5000', port, path)).toBe(403);
});

test.skipIf(lakefsBinary === '')('lakeFS starts with its variables and knows the keys of .env', async () => {
  const port = await freePort();
  const given = Object.entries(environmentOf(services.lakefs!, 'a-secret-of-the-test'));
  const env = Object.fromEntries(
    given.map(([name, text]) => [name, text.replace(/^\/home\/lakefs/, folder)]),
  );
  const own = { HOME: folder, LAKEFS_LISTEN_ADDRESS: `127.0.0.1:${port}`, LAKEFS_STATS_ENABLED: 'false' };
  const server = start(lakefsBinary, [...services.lakefs!.command!], { ...env, ...own });
  started.push(server);
  const api = `http://127.0.0.1:${port}/api/v1`;
  await waitFor('lakeFS', async () => (await fetch(`${api}/healthcheck`)).status === 204, 60_000);
  const Authorization = `Basic ${btoa('a-secret-of-the-test:a-secret-of-the-test')}`;
  const made = await fetch(`${api}/repositories`, {
    method: 'POST',
    headers: { Authorization, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'images', storage_namespace: 'local://images' }),
  });
  expect(made.status).toBe(201);
});

/** fetch does not let a caller set the Host header. */
async function statusAs(host: string, port: number, path: string): Promise<number | undefined> {
  const sent = request({ host: '127.0.0.1', port, path, headers: { Host: host } }).end();
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  answer?.resume();
  return answer?.statusCode;
}
