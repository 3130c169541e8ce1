import { join } from 'node:path';
import { CliError } from '../output.js';
import type { Children } from './children.js';
import type { LakefsServer } from './lakefs-server.js';
import { mlflowEnv } from './mlflow-server.js';
import type { Python } from './python.js';
import { shippedFile } from './shipped.js';
import { type DemoCommit, features, rides } from './story.js';

export const experimentName = 'lakefs-mlflow-demo';

/** A run of the training, and what the service should find out about it. */
export interface DemoRun {
  readonly name: string;
  readonly id: string;
  /** The commit that it has read; undefined where it does not say. */
  readonly commit: string | undefined;
}

interface Training {
  readonly repository: string;
  readonly ridesCommit: DemoCommit;
  readonly featuresCommit: DemoCommit;
  readonly lakefs: LakefsServer;
  readonly mlflowUrl: string;
  readonly folder: string;
}

/** Runs demo/train.py. Throws `CliError` with its last words where it fails. */
export async function train(
  children: Children,
  python: Python,
  env: NodeJS.ProcessEnv,
  training: Training,
): Promise<readonly DemoRun[]> {
  const { repository, ridesCommit, featuresCommit, lakefs, mlflowUrl, folder } = training;
  const child = children.start({
    name: 'the training',
    command: python.command,
    args: [shippedFile('train.py')],
    env: {
      ...mlflowEnv(env),
      MLFLOW_TRACKING_URI: mlflowUrl,
      LAKECTL_SERVER_ENDPOINT_URL: lakefs.endpoint,
      LAKECTL_CREDENTIALS_ACCESS_KEY_ID: lakefs.accessKeyId,
      LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: lakefs.secretAccessKey,
      AWS_DEFAULT_REGION: 'us-east-1',
    },
    log: join(folder, 'training.log'),
    input: JSON.stringify({
      ...{ repository, branch: featuresCommit.branch, experiment: experimentName },
      ...{ rides_commit: ridesCommit.id, rides: `${rides}rides.csv` },
      ...{ features_commit: featuresCommit.id, features },
    }),
  });
  await child.ended;
  if (child.ending() !== 'exit code 0') {
    throw new CliError(
      `the training with MLflow's Python client failed (${child.ending()}). Its last lines:\n${child.lastWords()}`,
    );
  }
  const ids = new Map<string, unknown>(Object.entries(JSON.parse(child.output())));
  const read: Readonly<Record<string, string | undefined>> = {
    'pandas-by-commit': ridesCommit.id,
    'delta-by-commit': featuresCommit.id,
    'tags-only': featuresCommit.id,
    'no-trace': undefined,
  };
  return Object.entries(read).map(([name, commit]) => ({ name, id: String(ids.get(name)), commit }));
}
