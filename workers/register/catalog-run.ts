import type { RunView } from '../../src/contract/run.js';
import type { CandidateInput } from '../../src/domain/catalog/entry.js';
import { chooseCatalogRun } from '../../src/domain/catalog/plan.js';
import type { FoundRun } from '../../src/facts/runs/search-runs.js';
import { isNotActive } from '../../src/mlflow/api-error.js';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import type { Metric } from '../../src/mlflow/types.js';

/**
 * What belongs to a run that is begun goes before what begins others: else all jobs of a server would write their runs
 * step by step together, end together and begin together, and the server would idle in between.
 */
export const finishing = { urgent: true } as const;

/**
 * The commit's run; `hidden` where a person deleted it. Of those found for one commit the smallest id stays; the
 * others are marked as doubles and deleted.
 */
export async function keepOne(
  mlflow: MlflowClients,
  found: readonly FoundRun[],
): Promise<FoundRun | 'hidden' | undefined> {
  const { run, hidden, doubles } = chooseCatalogRun(found);
  for (const double of doubles) await removeDouble(mlflow, double);
  return hidden ? 'hidden' : found.find(({ id }) => id === run?.id);
}

/** First the mark: a deleted run without it means that a person hid the commit. */
async function removeDouble(mlflow: MlflowClients, double: RunView): Promise<void> {
  try {
    await writeToRun(mlflow, double.id, new Map([['lakefs.kind', 'double']]));
    await mlflow.runs.deleteRun(double.id);
  } catch (error) {
    // Another worker was faster.
    if (!isNotActive(error)) throw error;
  }
}

/** Candidates in one call, each with its name and digest once. */
export async function logCandidates(
  mlflow: MlflowClients,
  runId: string,
  inputs: readonly CandidateInput[],
): Promise<void> {
  if (inputs.length > 0) await mlflow.runs.logInputs(runId, inputs, finishing);
}

/** Tags and metrics in as few calls as MLflow allows; none where there is nothing to write. */
export async function writeToRun(
  mlflow: MlflowClients,
  runId: string,
  tags: ReadonlyMap<string, string>,
  metrics: readonly Metric[] = [],
): Promise<void> {
  if (tags.size + metrics.length === 0) return;
  const pairs = [...tags].map(([key, value]) => ({ key, value }));
  await mlflow.runs.logBatch(runId, metrics, undefined, pairs, finishing);
}
