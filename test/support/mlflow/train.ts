import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface TrainingInput {
  readonly source?: string;
  readonly name?: string;
  readonly context?: string;
  readonly kind?: 'pandas' | 'delta' | 'spark' | 'code';
  readonly rows?: number;
  readonly seed?: number;
  /** Changes the last row only. */
  readonly tail?: number;
}

export interface TrainingStep {
  readonly name: string;
  readonly experiment: string;
  /** Name of an earlier step, whose run this one is nested in. */
  readonly parent?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly inputs?: readonly TrainingInput[];
  /** Logs a model and registers it under this name. */
  readonly model?: string;
  /** False leaves the run running. */
  readonly end?: boolean;
}

/** Writes runs with MLflow's own Python client; answers with the run ids by step name. */
export function train(
  mlflow: { readonly url: string; readonly python: string },
  steps: readonly TrainingStep[],
): Promise<Readonly<Record<string, string>>> {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('train.py', import.meta.url));
    const child = spawn(mlflow.python, [script], {
      env: {
        ...process.env,
        MLFLOW_TRACKING_URI: mlflow.url,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        GIT_PYTHON_REFRESH: 'quiet',
      },
    });
    let answer = '';
    let trouble = '';
    child.stdout.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      trouble += chunk.toString();
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(JSON.parse(answer));
      else reject(new Error(`the training script failed:\n${trouble}`));
    });
    child.stdin.end(JSON.stringify(steps));
  });
}
