import { ApiError } from '../../../src/mlflow/api-error.js';
import type { MlflowClients } from '../../../src/mlflow/clients.js';
import type { DatasetInput, KeyValue, Metric, RunStatus } from '../../../src/mlflow/types.js';

type Call = (clients: MlflowClients, body: Body, query: URLSearchParams) => Promise<unknown>;
/** As our own clients send it; each call has some of these. */
interface Body {
  readonly name: string;
  readonly artifact_location?: string;
  readonly experiment_id: string;
  readonly run_id: string;
  readonly run_name?: string;
  readonly status?: RunStatus;
  readonly start_time?: number;
  readonly end_time?: number;
  readonly key: string;
  readonly value: string;
  readonly tags?: readonly KeyValue[];
  readonly params?: readonly KeyValue[];
  readonly metrics?: readonly Metric[];
  readonly datasets: readonly DatasetInput[];
}

/** MLflow's calls that jobs make besides `runs/search`, by endpoint. */
const calls: Readonly<Record<string, Call>> = {
  'experiments/search': ({ experiments }) => experiments.searchExperiment(undefined, 1_000),
  'experiments/get': async ({ experiments }, _body, query) => ({
    experiment: await experiments.getExperiment(query.get('experiment_id') ?? ''),
  }),
  'experiments/get-by-name': async ({ experiments }, _body, query) => ({
    experiment: await experiments.getExperimentByName(query.get('experiment_name') ?? ''),
  }),
  'experiments/create': async ({ experiments }, { name, artifact_location: place, tags }) => ({
    experiment_id: await experiments.createExperiment(name, place, tags),
  }),
  'experiments/set-experiment-tag': async ({ experiments }, { experiment_id: id, key, value }) => {
    await experiments.setExperimentTag(id, key, value);
    return {};
  },
  'runs/create': async ({ runs }, { experiment_id: id, run_name: name, start_time: start, tags }) => ({
    run: await runs.createRun(id, name, start, tags),
  }),
  'runs/get': async ({ runs }, _body, query) => ({ run: await runs.getRun(query.get('run_id') ?? '') }),
  'runs/update': ({ runs }, { run_id: id, status, end_time: end, run_name: name }) =>
    runs.updateRun(id, status, end, name),
  'runs/log-batch': async ({ runs }, { run_id: id, metrics, params, tags }) => {
    await runs.logBatch(id, metrics, params, tags);
    return {};
  },
  'runs/log-inputs': async ({ runs }, { run_id: id, datasets }) => {
    await runs.logInputs(id, datasets);
    return {};
  },
};

/** What the clients answer, as MLflow's JSON and status; an empty object for a call that is not in the table. */
export async function answerCall(
  clients: MlflowClients,
  endpoint: string,
  body: unknown,
  query: URLSearchParams,
): Promise<{ readonly status: number; readonly json: unknown }> {
  const call = calls[endpoint];
  if (call === undefined) return { status: 200, json: {} };
  try {
    return { status: 200, json: await call(clients, body as Body, query) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { statusCode: status, error_code, text: message } = error;
    return { status, json: { error_code, message } };
  }
}
