import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createMlflowClients } from '../../mlflow/clients.js';
import { CliError } from '../output.js';
import { type Child, type Children, choosePort, type Port, waitUntilReady } from './children.js';

export interface Python {
  readonly command: string;
  readonly version: string;
  readonly mlflow: string;
}

const question = `
import importlib.metadata, platform
try:
    # The tracking client alone ("mlflow-skinny") has no server and no pandas.
    print(platform.python_version(), importlib.metadata.version("mlflow"))
except importlib.metadata.PackageNotFoundError:
    print(platform.python_version())
`;

/**
 * The Python that runs MLflow and the training: the one that `npm run demo` set up, or the user's own.
 *
 * @throws CliError if it has no MLflow
 */
export async function findPython(env: NodeJS.ProcessEnv): Promise<Python> {
  const command = env.LAKEFS_MLFLOW_DEMO_PYTHON ?? 'python3';
  const advice =
    'In a clone of lakefs-mlflow, "npm run demo" sets one up. Elsewhere run "pip install mlflow s3fs boto3", or set ' +
    'LAKEFS_MLFLOW_DEMO_PYTHON to a Python that has them.';
  let answer: string;
  try {
    answer = (await promisify(execFile)(command, ['-c', question], { env, timeout: 30_000 })).stdout;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new CliError(
      `the demo needs a Python with MLflow, but ${command} does not run (${why}). ${advice}`,
    );
  }
  const [version = '', mlflow] = answer.trim().split(' ');
  if (mlflow === undefined) {
    throw new CliError(
      `the demo needs a Python with MLflow, but ${command} (Python ${version}) has no MLflow. ${advice}`,
    );
  }
  return { command, version, mlflow };
}

export interface MlflowServer extends Port {
  readonly url: string;
  readonly child: Child;
}

/** Starts MLflow with its database and artifacts below `folder`; it answers some seconds later. */
export async function startMlflow(
  children: Children,
  python: Python,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<MlflowServer> {
  const chosen = await choosePort(5000);
  const child = children.start({
    name: 'MLflow',
    command: python.command,
    args: [
      // One worker is enough for one person, and saves the memory and the delays of several.
      ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(chosen.port), '--workers', '1'],
      ...['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`],
      ...['--artifacts-destination', join(folder, 'artifacts')],
    ],
    env: mlflowEnv(env),
    log: join(folder, 'mlflow.log'),
  });
  return { ...chosen, url: `http://127.0.0.1:${chosen.port}`, child };
}

/**
 * Waits until MLflow answers, and creates the experiment of the training if it is missing: the service caches the list
 * of experiments for half a minute, and a person is watching.
 */
export async function prepareMlflow(
  { url, child }: MlflowServer,
  experiment: string,
  signal: AbortSignal,
): Promise<void> {
  await waitUntilReady(child, `${url}/health`, signal);
  const { experiments } = createMlflowClients(url, { connections: 'reuse' });
  const found = await experiments.searchExperiment(`name = '${experiment}'`, 1, undefined, undefined, 'ALL');
  const [known] = found.experiments ?? [];
  if (known === undefined) await experiments.createExperiment(experiment);
  else if (known.lifecycle_stage === 'deleted') await experiments.restoreExperiment(known.experiment_id);
}

/** The environment without variables that point to another MLflow. */
export function mlflowEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !/^_?MLFLOW_|^DATABRICKS_/.test(name));
  return {
    ...Object.fromEntries(others),
    // Its job processes take 1.5 GB, and the demo has no use for them.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    GIT_PYTHON_REFRESH: 'quiet',
    PYTHONUNBUFFERED: '1',
  };
}
