import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createMlflowClients, type MlflowClients } from '../../src/mlflow/clients.js';
import { commitOnce, lakefsClient } from './commits.js';
import type { Program } from './programs.js';
import { type LakefsServer, type MlflowServer, startLakefs, startMlflow, startRedis } from './servers.js';
import { startService } from './service.js';
import type { BenchContext } from './types.js';

/** The whole service as a person runs it, beside an MLflow server with its default workers. */
export interface LatencySetup {
  readonly mlflow: MlflowServer;
  readonly clients: MlflowClients;
  readonly lakefs: LakefsServer;
  readonly repository: string;
  /** Where people train. */
  readonly experiment: string;
  readonly service: Program;
  /** The id of the experiment that holds the commits. */
  catalog(): Promise<string>;
  close(): Promise<void>;
}

export async function startLatencySetup(
  context: BenchContext,
  sweepInterval: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<LatencySetup> {
  const [redis, lakefs, mlflow] = await Promise.all([
    startRedis(context),
    startLakefs(context),
    startMlflow(context),
  ]);
  const clients = createMlflowClients(mlflow.url);
  const experiment = await clients.experiments.createExperiment('training');
  const service = await startService(context, {
    ...{ role: 'all', queueUrl: redis.url, mlflowUrl: mlflow.url, lakefs },
    settings: { LAKEFS_MLFLOW_SWEEP_INTERVAL: sweepInterval, ...settings },
  });
  const repository = 'mlflow-tracking';
  await createRepository(lakefs, repository, `${service.url}/hooks/lakefs`);
  await commitOnce(lakefs, repository, 0);
  const catalog = async (): Promise<string> =>
    (await clients.experiments.getExperimentByName(`lakefs/${repository}`)).experiment_id;
  for (let tries = 0; tries < 300; tries += 1) {
    const found = await catalog().catch(() => undefined);
    if (found !== undefined) break;
    await sleep(100);
  }
  const close = (): Promise<void> => context.programs.stopAll();
  return { mlflow, clients, lakefs, repository, experiment, service: service.program, catalog, close };
}

/** With the action file that a person would install. */
async function createRepository(server: LakefsServer, name: string, hookUrl: string): Promise<void> {
  const file = fileURLToPath(new URL('../../actions/lakefs-mlflow.yaml', import.meta.url));
  const action = readFileSync(file, 'utf8').replace(/^( *url:).*$/m, `$1 "${hookUrl}"`);
  const lakefs = lakefsClient(server);
  await lakefs.createRepository({ name, storage_namespace: `local://${name}` });
  await lakefs.uploadObject(name, 'main', '_lakefs_actions/lakefs-mlflow.yaml', action);
  await lakefs.commit(name, 'main', { message: 'Tell lakefs-mlflow about new commits' });
}
