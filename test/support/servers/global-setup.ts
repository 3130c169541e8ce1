import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { build } from '../../../scripts/lib/node.mjs';
import environments from '../../../scripts/lib/python-packages.json' with { type: 'json' };
import { ProgramFailed } from '../../../scripts/lib/run.mjs';
import { copyDatabase } from './copy-database.js';
import { freePort, type Started, start, waitFor } from './process.js';
import type { RealMlflow, RealServers } from './real-servers.js';
import { startRedis } from './redis.js';

/** Starts the real servers for one test run, and stops them afterwards, even where the run is killed. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  // What one project has started serves the others too.
  const whole = project.vitest.getRootProject();
  if (whole.getProvidedContext().servers !== undefined) return;
  await buildProgram();
  project.onTestsRerun(buildProgram);
  const folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-test-'));
  const started: Started[] = [];
  const guard = startGuard(folder);
  const launch: Launch = (command, args, env) => {
    const server = start(command, args, env);
    started.push(server);
    guard.watch(server);
    return server;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()));
    guard.dismiss();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const workers = Array.from({ length: whole.config.maxWorkers }, (_, index) => index + 1);
    const [mlflowOlder, lakefs, ...own] = await Promise.all([
      startMlflow(environments.older.mlflow, folder, launch),
      findLakefs(folder, launch),
      ...workers.map((worker) => startOwnServers(newFolder(folder, `worker-${worker}`), launch)),
    ]);
    const servers: RealServers[] = own.map(({ mlflow, redis }) => ({ mlflow, mlflowOlder, redis, lakefs }));
    whole.provide('servers', servers);
    whole.provide('folder', folder);
    await report(servers);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

type Launch = typeof start;

/** Tests start the program as it is built: this makes it anew where its sources have changed. */
async function buildProgram(): Promise<void> {
  try {
    await build();
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    // As with the sources themselves, which tests run whatever their types: the compiler has written the program.
    process.stderr.write(`${error.message}\n`);
  }
}

/** What files that run beside each other must not share: how far sweeps have come is kept in MLflow, for one. */
async function startOwnServers(
  folder: string,
  launch: Launch,
): Promise<Pick<RealServers, 'mlflow' | 'redis'>> {
  const [mlflow, redis] = await Promise.all([
    startMlflow(environments.newest.mlflow, folder, launch),
    startOwnRedis(folder, launch),
  ]);
  if (mlflow === null) {
    throw new Error(`no MLflow ${environments.newest.mlflow}: run "npm test", which installs it`);
  }
  const database = { file: databaseOf(mlflow.version, folder), empty: join(folder, 'empty.db') };
  copyDatabase(mlflow.python, database.file, database.empty);
  return { mlflow: { ...mlflow, database }, redis };
}

function newFolder(...path: readonly string[]): string {
  const folder = join(...path);
  mkdirSync(folder);
  return folder;
}

async function startMlflow(version: string, folder: string, launch: Launch): Promise<RealMlflow | null> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const environment = join(cache, 'lakefs-mlflow', `mlflow-${version}`);
  // Written last by the set-up: without it the installation was interrupted.
  if (!existsSync(join(environment, '.packages'))) return null;
  const python = join(environment, 'bin', 'python');
  const port = await freePort();
  const server = launch(
    python,
    [
      ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
      ...['--backend-store-uri', `sqlite:///${databaseOf(version, folder)}`],
      ...['--artifacts-destination', join(folder, `artifacts-${version}`)],
    ],
    { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false', MLFLOW_DISABLE_TELEMETRY: 'true' },
  );
  const url = `http://127.0.0.1:${port}`;
  await waitFor(
    `MLflow ${version}`,
    async () => {
      if (server.child.exitCode !== null) throw new Error(server.output());
      return (await fetch(`${url}/health`)).ok;
    },
    300_000,
  );
  return { url, version, python };
}

function databaseOf(version: string, folder: string): string {
  return join(folder, `mlflow-${version}.db`);
}

async function startOwnRedis(folder: string, launch: Launch): Promise<RealServers['redis']> {
  const binary = onPath('redis-server');
  if (binary === undefined) return null;
  const port = await freePort();
  const settings = ['--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  await startRedis({ binary, port, folder, settings }, launch);
  return { url: `redis://127.0.0.1:${port}`, binary };
}

async function findLakefs(folder: string, launch: Launch): Promise<RealServers['lakefs']> {
  const accessKeyId = process.env.LAKECTL_CREDENTIALS_ACCESS_KEY_ID ?? 'AKIAIOSFOLQUICKSTART';
  const secretAccessKey =
    process.env.LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY ?? 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const given = process.env.LAKEFS_TEST_ENDPOINT;
  if (given !== undefined) return { endpoint: given, accessKeyId, secretAccessKey };
  const binary = onPath('lakefs');
  if (binary === undefined) return null;
  const port = await freePort();
  launch(binary, ['run', '--quickstart'], {
    HOME: folder,
    LAKEFS_LISTEN_ADDRESS: `127.0.0.1:${port}`,
    LAKEFS_STATS_ENABLED: 'false',
    LAKEFS_ACTIONS_NETWORK_ALLOWED_HOSTS: '["127.0.0.1"]',
    LAKEFSACTION_BRIDGE_TOKEN: 'test-token',
  });
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

/** A process of its own that outlives ours, and ends what we started once we are gone. */
function startGuard(folder: string): { watch: (server: Started) => void; dismiss: () => void } {
  const script = fileURLToPath(new URL('./guard.mjs', import.meta.url));
  const guard = spawn(process.execPath, [script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.stdin.write(`${folder}\n`);
  return {
    watch: ({ child }) => child.pid !== undefined && guard.stdin.write(`${child.pid}\n`),
    dismiss: () => guard.kill('SIGKILL'),
  };
}

/** Tells `npm test` for its summary what was started. */
async function report([servers]: readonly RealServers[]): Promise<void> {
  const file = process.env.LAKEFS_MLFLOW_TEST_SERVERS_REPORT;
  if (file === undefined || servers === undefined) return;
  const { mlflow, mlflowOlder, redis, lakefs } = servers;
  const answer =
    lakefs && (await fetch(`${lakefs.endpoint}/api/v1/config/version`, { headers: basic(lakefs) }));
  const { version } = answer?.ok ? JSON.parse(await answer.text()) : { version: 'of unknown version' };
  const contents = {
    mlflow: [mlflow, mlflowOlder].flatMap((server) => server?.version ?? []),
    redis: redis && execFileSync(redis.binary, ['--version'], { encoding: 'utf8' }).match(/v=(\S+)/)?.[1],
    lakefs: lakefs && `${version} at ${lakefs.endpoint}`,
  };
  writeFileSync(file, JSON.stringify(contents));
}

function basic(keys: { accessKeyId: string; secretAccessKey: string }): { Authorization: string } {
  return { Authorization: `Basic ${btoa(`${keys.accessKeyId}:${keys.secretAccessKey}`)}` };
}
