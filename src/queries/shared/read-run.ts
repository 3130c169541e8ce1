import { isNotFound } from '../../mlflow/api-error.js';
import type { MlflowClients } from '../../mlflow/clients.js';
import type { Run } from '../../mlflow/types.js';
import { NotThereError, noSuchRun } from './not-found.js';
import { type AskedModel, runOf } from './run-of.js';
import { type ModelWhat, readWhat, type What } from './target.js';

/** What answers about one run are asked about. */
export type RunOrModel = ModelWhat | Extract<What, { readonly kind: 'run' }>;

export type RunOrModelReading = RunOrModel | { readonly kind: 'none'; readonly problem: string };

/** Reads what a person typed or pasted, where data is no answer. */
export function readRunOrModel(given: string): RunOrModelReading {
  const what = readWhat(given);
  if (what.kind !== 'data') return what;
  return {
    kind: 'none',
    problem: `"${given.trim()}" is data: name a run by its id, or a model as models:/NAME/VERSION or models:/NAME@ALIAS`,
  };
}

/** The run itself, deleted or not. Throws NotThereError where it or the model is not there. */
export async function readRunOf(
  what: RunOrModel,
  mlflow: MlflowClients,
): Promise<{ readonly run: Run; readonly model: AskedModel | undefined }> {
  const { runId, model } = await runOf(what, mlflow);
  return { run: await readRun(runId, mlflow), model };
}

async function readRun(id: string, mlflow: MlflowClients): Promise<Run> {
  try {
    return await mlflow.runs.getRun(id);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new NotThereError(noSuchRun(mlflow.trackingUri, id), { cause: error });
  }
}
