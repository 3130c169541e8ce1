import { randomBytes } from 'node:crypto';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import { inParallel } from './raw.js';

/** A commit as a training script reads it. */
export interface ReadCommit {
  readonly repository: string;
  readonly commit: string;
}

/** What mlflow.data.from_pandas makes of a small frame, with a digest that covers all of it. */
function datasetOf({ repository, commit }: ReadCommit) {
  return {
    tags: [{ key: 'mlflow.data.context', value: 'training' }],
    dataset: {
      name: 'train',
      digest: commit.slice(0, 8),
      source_type: 's3',
      source: JSON.stringify({ uri: `s3://${repository}/${commit}/gold/train_v2/part-0.parquet` }),
      schema: JSON.stringify({
        mlflow_colspec: [
          { type: 'long', name: 'id', required: true },
          { type: 'double', name: 'value', required: true },
          { type: 'double', name: 'label', required: true },
        ],
      }),
      profile: JSON.stringify({ num_rows: 4_000, num_elements: 12_000 }),
    },
  };
}

const clientTags = [
  { key: 'mlflow.user', value: 'ada' },
  { key: 'mlflow.source.name', value: 'train.py' },
  { key: 'mlflow.source.type', value: 'LOCAL' },
  { key: 'mlflow.source.git.commit', value: 'f'.repeat(40) },
];

/** Starts a run as the Python client does, with its dataset, and leaves it running. */
export async function startRun(mlflow: MlflowClients, experiment: string, read: ReadCommit): Promise<string> {
  const name = `train-${randomBytes(4).toString('hex')}`;
  const { info } = await mlflow.runs.createRun(experiment, name, undefined, clientTags);
  await mlflow.runs.logInputs(info.run_id, [datasetOf(read)]);
  return info.run_id;
}

/** Finished runs that have read these commits in turn; no tag of theirs says so. */
export async function trainRuns(
  mlflow: MlflowClients,
  experiment: string,
  count: number,
  commits: readonly ReadCommit[],
): Promise<readonly string[]> {
  const ids: string[] = [];
  await inParallel([...Array(count).keys()], 4, async (index) => {
    const read = commits[index % commits.length];
    if (read === undefined) throw new Error('there are no commits to read');
    const id = await startRun(mlflow, experiment, read);
    await mlflow.runs.updateRun(id, 'FINISHED', Date.now());
    ids.push(id);
  });
  return ids;
}
