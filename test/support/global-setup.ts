import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort, type Started, start, waitFor } from './process.js';
import type { RealServers } from './servers.js';

export const newestMlflow = '3.17.2';
export const olderMlflow = '3.9.0';

/** Starts the real servers for one test run, and stops them afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-test-'));
  const started: Started[] = [];
  const [mlflow, mlflowOlder, redis, lakefs] = await Promise.all([
    startMlflow(newestMlflow, folder, started),
    startMlflow(olderMlflow, folder, started),
    startRedis(folder, started),
    findLakefs(folder, started),
  ]);
  if (mlflow === null) throw new Error(`no MLflow ${newestMlflow}: run "npm test", which installs it`);
  project.provide('servers', { mlflow, mlflowOlder, redis, lakefs });
  return async () => {
    await Promise.all(started.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
}

async function startMlflow(
  version: string,
  folder: string,
  started: Started[],
): Promise<RealServers['mlflowOlder']> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const python = join(cache, 'lakefs-mlflow', `mlflow-${version}`, 'bin', 'python');
  if (!existsSync(python)) return null;
  const port = await freePort();
  const server = start(
    python,
    [
      ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
      ...['--backend-store-uri', `sqlite:///${join(folder, `mlflow-${version}.db`)}`],
      ...['--artifacts-destination', join(folder, `artifacts-${version}`)],
    ],
    { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false', MLFLOW_DISABLE_TELEMETRY: 'true' },
  );
  started.push(server);
  const url = `http://127.0.0.1:${port}`;
  await waitFor(
    `MLflow ${version}`,
    async () => {
      if (server.child.exitCode !== null) throw new Error(server.output());
      return (await fetch(`${url}/health`)).ok;
    },
    120_000,
  );
  return { url, version, python };
}

async function startRedis(folder: string, started: Started[]): Promise<RealServers['redis']> {
  const binary = onPath('redis-server');
  if (binary === undefined) return null;
  const port = await freePort();
  const server = start(binary, [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
  ]);
  started.push(server);
  await waitFor('Redis', () => server.output().includes('Ready to accept connections'));
  return { url: `redis://127.0.0.1:${port}`, binary };
}

async function findLakefs(folder: string, started: Started[]): Promise<RealServers['lakefs']> {
  const accessKeyId = process.env.LAKECTL_CREDENTIALS_ACCESS_KEY_ID ?? 'AKIAIOSFOLQUICKSTART';
  const secretAccessKey =
    process.env.LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY ?? 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const given = process.env.LAKEFS_TEST_ENDPOINT;
  if (given !== undefined) return { endpoint: given, accessKeyId, secretAccessKey };
  const binary = onPath('lakefs');
  if (binary === undefined) return null;
  const port = await freePort();
  const server = start(binary, ['run', '--quickstart'], {
    HOME: folder,
    LAKEFS_LISTEN_ADDRESS: `127.0.0.1:${port}`,
    LAKEFS_STATS_ENABLED: 'false',
    LAKEFS_ACTIONS_NETWORK_ALLOWED_HOSTS: '["127.0.0.1"]',
    LAKEFSACTION_BRIDGE_TOKEN: 'test-token',
  });
  started.push(server);
  const endpoint = `http://127.0.0.1:${port}`;
  await waitFor('lakeFS', async () => (await fetch(`${endpoint}/api/v1/healthcheck`)).status === 204, 60_000);
  return { endpoint, accessKeyId, secretAccessKey };
}

/** The absolute path of a program, or undefined where the PATH has none. */
function onPath(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
}
