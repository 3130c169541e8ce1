import { planModelTags } from '../src/domain/model-tags.js';
import type { RunView } from '../src/domain/run.js';
import type { TagPlan } from '../src/domain/tag-plan.js';
import { isNotFound } from '../src/mlflow/api-error.js';
import type { MlflowClients } from '../src/mlflow/clients.js';
import type { ModelVersion } from '../src/mlflow/types.js';

/** A run seldom has more than one. */
const maxVersions = 1_000;

/**
 * Gives the model versions of a run their tags; answers with the versions that were touched. Costs one search, and
 * nothing for a run that has logged no model.
 */
export async function tagModels(
  mlflow: MlflowClients,
  run: RunView,
  runPlan: TagPlan,
): Promise<readonly string[]> {
  if (!run.loggedModel) return [];
  const versions = await mlflow.versions.searchModelVersions(`run_id = '${run.id}'`, maxVersions);
  const touched: string[] = [];
  for (const version of versions) {
    const tags = new Map((version.tags ?? []).map(({ key, value }) => [key, value]));
    const plan = planModelTags(run, runPlan, tags);
    if (plan.set.size + plan.remove.length > 0) touched.push(`${version.name} ${version.version}`);
    await apply(mlflow, version, plan);
  }
  return touched;
}

/** MLflow has no batch for these. */
async function apply(mlflow: MlflowClients, { name, version }: ModelVersion, plan: TagPlan): Promise<void> {
  try {
    for (const [key, value] of plan.set) await mlflow.versions.setModelVersionTag(name, version, key, value);
    for (const key of plan.remove) await mlflow.versions.deleteModelVersionTag(name, version, key);
  } catch (error) {
    // The version was deleted in the meantime.
    if (!isNotFound(error)) throw error;
  }
}
