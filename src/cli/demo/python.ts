import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CliError } from '../output.js';

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
 * The Python that runs MLflow and the training: the one that `npm run demo` has set up, or the user's own.
 *
 * @throws CliError where it has no MLflow
 */
export async function findPython(env: NodeJS.ProcessEnv): Promise<Python> {
  const command = env.LAKEFS_MLFLOW_DEMO_PYTHON ?? 'python3';
  const advice =
    'In a clone of lakefs-mlflow "npm run demo" sets one up; else install it with "pip install mlflow s3fs boto3", ' +
    'or name a Python that has it with LAKEFS_MLFLOW_DEMO_PYTHON.';
  let answer: string;
  try {
    answer = (await promisify(execFile)(command, ['-c', question], { env, timeout: 30_000 })).stdout;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new CliError(
      `the demo needs a Python with MLflow, and ${command} does not run (${why}). ${advice}`,
    );
  }
  const [version = '', mlflow] = answer.trim().split(' ');
  if (mlflow === undefined) {
    throw new CliError(
      `the demo needs a Python with MLflow, and ${command} (Python ${version}) has none. ${advice}`,
    );
  }
  return { command, version, mlflow };
}
