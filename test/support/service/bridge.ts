import { createMlflowClients, type MlflowClients } from '../../../src/mlflow/clients.js';
import type { Run } from '../../../src/mlflow/types.js';
import { bridgeToken } from '../lakefs/lakefs.js';

/** A queue for a test run as the setting QUEUE_URL names it, and how people call it. */
export interface QueueUnderTest {
  readonly queue: string;
  readonly queueUrl: string;
}

/** The embedded queue always, and Redis where there is one; `database` keeps tests apart in it. */
export function queuesUnderTest(redis: { readonly url: string } | null, database: number): QueueUnderTest[] {
  const embedded = { queue: 'the embedded queue', queueUrl: 'embedded' };
  return redis === null ? [embedded] : [embedded, { queue: 'Redis', queueUrl: `${redis.url}/${database}` }];
}

/** What a process needs to know to connect one repository with one catalog and the experiments of one test. */
export interface BridgeSettings {
  readonly lakefs: {
    readonly endpoint: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
  readonly mlflowUrl: string;
  readonly queueUrl: string;
  readonly dataDir: string;
  readonly catalog: string;
  /** Globs. */
  readonly repositories: string;
  readonly experiments: string;
}

/** The settings as environment variables, with quick sweeps. */
export function bridgeEnv(settings: BridgeSettings): Record<string, string> {
  const { lakefs } = settings;
  return {
    LAKECTL_SERVER_ENDPOINT_URL: lakefs.endpoint,
    LAKECTL_CREDENTIALS_ACCESS_KEY_ID: lakefs.accessKeyId,
    LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: lakefs.secretAccessKey,
    LAKEFSACTION_BRIDGE_TOKEN: bridgeToken,
    MLFLOW_TRACKING_URI: settings.mlflowUrl,
    LAKEFS_MLFLOW_QUEUE_URL: settings.queueUrl,
    LAKEFS_MLFLOW_DATA_DIR: settings.dataDir,
    LAKEFS_MLFLOW_CATALOG: settings.catalog,
    LAKEFS_MLFLOW_REPOSITORIES: settings.repositories,
    LAKEFS_MLFLOW_EXPERIMENTS: settings.experiments,
    LAKEFS_MLFLOW_SWEEP_INTERVAL: '1s',
  };
}

/** Sends an event as lakeFS does. */
export function sendEvent(
  serviceUrl: string,
  event: { readonly repository: string; readonly commit: string; readonly type?: string },
): Promise<Response> {
  return fetch(`${serviceUrl}/hooks/lakefs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bridgeToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      event_type: event.type ?? 'post-commit',
      event_time: new Date().toISOString().replace(/\.\d+/, ''),
      action_name: 'lakefs-mlflow',
      hook_id: 'notify',
      repository_id: event.repository,
      branch_id: 'main',
      source_ref: event.commit,
      commit_id: event.commit,
      commit_message: 'data',
      committer: 'quickstart',
    }),
  });
}

/** Catalog runs of a repository, deleted ones included; none where there is no such experiment yet. */
export async function catalogRuns(
  mlflow: MlflowClients,
  catalog: string,
  repository: string,
): Promise<readonly Run[]> {
  const found = await mlflow.experiments.searchExperiment(
    `name = '${catalog}/${repository}'`,
    10,
    undefined,
    undefined,
    'ALL',
  );
  const ids = (found.experiments ?? []).map(({ experiment_id }) => experiment_id);
  if (ids.length === 0) return [];
  return (await mlflow.runs.searchRuns(ids, '', 'ALL', 5_000)).runs ?? [];
}

export function tagsOf(run: Run | undefined): Record<string, string> {
  return Object.fromEntries((run?.data.tags ?? []).map(({ key, value }) => [key, value]));
}

/** The tags of a run that are lakeFS's or ours. */
export async function lakefsTags(mlflow: MlflowClients, run: string): Promise<Record<string, string>> {
  const tags = Object.entries(tagsOf(await mlflow.runs.getRun(run)));
  return Object.fromEntries(tags.filter(([key]) => key.startsWith('lakefs')));
}

export function patientClients(url: string): MlflowClients {
  return createMlflowClients(url, { connections: 'reuse' });
}
