import type { MlflowClients } from '../../src/mlflow/clients.js';
import type { Run } from '../../src/mlflow/types.js';
import type { RawMlflow } from './raw.js';

/** The catalog runs that the service has made in an experiment: what the bare calls write again elsewhere. */
export async function catalogRuns(mlflow: MlflowClients, experiment: string, count: number): Promise<Run[]> {
  const { experiment_id: id } = await mlflow.experiments.getExperimentByName(experiment);
  const page = await mlflow.runs.searchRuns([id], "attributes.status = 'FINISHED'", undefined, count);
  const runs = page.runs ?? [];
  if (runs.length < count)
    throw new Error(`${experiment} has ${runs.length} finished runs in place of ${count}`);
  return [...runs];
}

/** What a script would do for one commit: look whether it is there, then three calls. */
export async function registerBare(raw: RawMlflow, experiment_id: string, run: Run): Promise<void> {
  const tags = run.data.tags ?? [];
  const commit = tags.find(({ key }) => key === 'lakefs_commit')?.value;
  const filter = `tags.lakefs_commit = '${commit}'`;
  await raw.post('runs/search', { experiment_ids: [experiment_id], filter, run_view_type: 'ALL' });
  const { run_name, start_time } = run.info;
  const created = await raw.post('runs/create', { experiment_id, run_name, start_time, tags });
  const run_id = idOf(created);
  await raw.post('runs/log-inputs', { run_id, datasets: run.inputs?.dataset_inputs ?? [] });
  await raw.post('runs/update', { run_id, status: 'FINISHED', end_time: start_time });
}

function idOf(answer: unknown): string {
  const { run } = answer as { readonly run: Pick<Run, 'info'> };
  return run.info.run_id;
}
