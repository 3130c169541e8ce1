import { join } from 'node:path';
import { CliError } from '../output.js';
import type { Children } from './children.js';
import { type DemoCommit, features, rides, shippedFile } from './commits.js';
import type { LakefsServer } from './lakefs.js';
import { mlflowEnv, type Python } from './mlflow.js';

export const experimentName = 'lakefs-mlflow-demo';

/** A training run, and the commit that the service should link it to. */
export interface DemoRun {
  readonly name: string;
  readonly id: string;
  /** Undefined if the run does not say what it read. */
  readonly commit: string | undefined;
}

/** Where the training runs, and which servers it uses. */
export interface TrainingPlace {
  readonly children: Children;
  readonly python: Python;
  readonly env: NodeJS.ProcessEnv;
  readonly lakefs: LakefsServer;
  readonly mlflowUrl: string;
  readonly folder: string;
  readonly repository: string;
}

/** The first training: one run for each way to name the data, one that names none, and a model. */
export function trainFirst(
  place: TrainingPlace,
  { ridesCommit, featuresCommit }: { readonly ridesCommit: DemoCommit; readonly featuresCommit: DemoCommit },
): Promise<readonly DemoRun[]> {
  return train(
    place,
    {
      ...{ branch: featuresCommit.branch, rides_commit: ridesCommit.id },
      ...{ features_commit: featuresCommit.id, features },
    },
    {
      'pandas-by-commit': ridesCommit.id,
      'delta-by-commit': featuresCommit.id,
      'tags-only': featuresCommit.id,
      'no-trace': undefined,
    },
  );
}

/** The second one: the same bytes, read at a commit of the branch and at its merge. */
export function trainAgain(
  place: TrainingPlace,
  { newerCommit, mergeCommit }: { readonly newerCommit: DemoCommit; readonly mergeCommit: DemoCommit },
): Promise<readonly DemoRun[]> {
  return train(
    place,
    { newer_commit: newerCommit.id, merge_commit: mergeCommit.id },
    { 'newer-on-branch': newerCommit.id, 'newer-on-main': mergeCommit.id },
  );
}

/**
 * Runs demo/train.py. Throws `CliError` with the end of its log if it fails.
 *
 * @param read the commit that each run reads, by its name
 */
async function train(
  { children, python, env, lakefs, mlflowUrl, folder, repository }: TrainingPlace,
  input: Readonly<Record<string, string>>,
  read: Readonly<Record<string, string | undefined>>,
): Promise<readonly DemoRun[]> {
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
      ...{ repository, experiment: experimentName, rides: `${rides}rides.csv` },
      ...input,
    }),
  });
  await child.ended;
  if (child.ending() !== 'exit code 0') {
    throw new CliError(
      `the training with MLflow's Python client failed (${child.ending()}). Its last lines:\n${child.lastWords()}`,
    );
  }
  const ids = new Map<string, unknown>(Object.entries(JSON.parse(child.output())));
  return Object.entries(read).map(([name, commit]) => ({ name, id: String(ids.get(name)), commit }));
}
