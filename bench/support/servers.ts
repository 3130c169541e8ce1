import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, waitFor } from '../../test/support/servers/process.js';
import type { Program } from './programs.js';
import type { BenchContext } from './types.js';

export interface Server {
  readonly url: string;
  readonly program: Program;
}

export interface MlflowServer extends Server {
  /** The requests answered so far, by what was asked for: `runs/log-batch` → 12. */
  requests(): ReadonlyMap<string, number>;
}

/** Redis as a queue needs it: nothing is thrown away, and every second what came is on the disk. */
export async function startRedis({ programs, folder }: BenchContext): Promise<Server> {
  const port = await freePort();
  const program = programs.start('redis-server', [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'],
  ]);
  await waitFor('Redis', () => program.output().includes('Ready to accept connections'));
  return { url: `redis://127.0.0.1:${port}`, program };
}

/** An MLflow server on SQLite; with `workers` left out as many as MLflow starts by itself, which is 4. */
export async function startMlflow(
  { programs, folder, python, cores }: BenchContext,
  workers?: number,
): Promise<MlflowServer> {
  const port = await freePort();
  const data = join(folder, `mlflow-${port}`);
  mkdirSync(data);
  const [command, ...before] = cores === undefined ? [python] : ['taskset', '-c', cores.mlflow, python];
  const program = programs.start(
    command,
    [
      ...before,
      ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port)],
      ...(workers === undefined ? [] : ['--workers', String(workers)]),
      ...['--backend-store-uri', `sqlite:///${join(data, 'mlflow.db')}`],
      ...['--artifacts-destination', join(data, 'artifacts')],
    ],
    { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false', MLFLOW_DISABLE_TELEMETRY: 'true' },
  );
  const counts = new Map<string, number>();
  program.onLine((line) => {
    const asked = /"[A-Z]+ \/api\/2\.0\/mlflow\/([a-z/-]+)/.exec(line)?.[1];
    if (asked !== undefined) counts.set(asked, (counts.get(asked) ?? 0) + 1);
  });
  const url = `http://127.0.0.1:${port}`;
  await waitFor('MLflow', async () => isUp(program, `${url}/health`), 120_000);
  return { url, program, requests: () => new Map(counts) };
}

export interface LakefsServer extends Server {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The sandbox lakeFS in a process of its own. */
export async function startLakefs({ programs }: BenchContext): Promise<LakefsServer> {
  const script = fileURLToPath(new URL('../processes/sandbox.ts', import.meta.url));
  const program = programs.start(process.execPath, ['--import', 'tsx', script]);
  const text = await waitFor('the sandbox lakeFS', () => /^\{.*\}$/m.exec(program.output())?.[0]);
  const { endpoint, accessKeyId, secretAccessKey } = JSON.parse(text);
  return { url: endpoint, accessKeyId, secretAccessKey, program };
}

/** True once an address answers 2xx; throws what the program printed where it has ended. */
export async function isUp(program: Program, url: string): Promise<boolean> {
  if (program.hasEnded()) throw new Error(program.output());
  return (await fetch(url)).ok;
}
