import { join } from 'node:path';
import { createMlflowClients } from '../../mlflow/clients.js';
import type { Child, Children } from './children.js';
import { choosePort, type Port } from './ports.js';
import type { Python } from './python.js';
import { waitUntilReady } from './ready.js';

export interface MlflowServer extends Port {
  readonly url: string;
  readonly child: Child;
}

/** Starts MLflow on a database and artifacts below `folder`; it answers some seconds later. */
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
 * Waits until MLflow answers, and makes the experiment of the training where it is missing: the service remembers
 * the list of experiments for half a minute, and a person is watching.
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

/** The environment without what points to another MLflow. */
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
