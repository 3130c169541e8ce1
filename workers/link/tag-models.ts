import type { TagDiff } from '../../src/contract/diff-tags.js';
import { tagsOf } from '../../src/contract/links-tag.js';
import type { RunView } from '../../src/contract/run.js';
import { planModelTags } from '../../src/domain/links/model-tags.js';
import { isNotFound } from '../../src/mlflow/api-error.js';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import type { KeyValue } from '../../src/mlflow/types.js';

/** A run seldom has more than one. */
const maxVersions = 1_000;

/** A model version or a logged model: both have tags, and neither knows of the other's. */
interface Tagged {
  readonly name: string;
  readonly tags: readonly KeyValue[];
  set(tags: readonly KeyValue[]): Promise<void>;
  remove(key: string): Promise<void>;
}

/**
 * Gives the model versions and logged models of a run their tags; answers with those that were touched. Costs one
 * search and a check of each logged model.
 */
export async function tagModels(
  mlflow: MlflowClients,
  run: RunView,
  runPlan: TagDiff,
): Promise<readonly string[]> {
  const found = [...(await versionsOf(mlflow, run.id)), ...(await loggedModelsOf(mlflow, run))];
  const touched: string[] = [];
  for (const model of found) {
    const tags = tagsOf(model.tags);
    const plan = planModelTags(run, runPlan, tags);
    if (plan.set.size + plan.remove.length > 0) touched.push(model.name);
    await apply(model, plan);
  }
  return touched;
}

/** MLflow has no batch for these. */
async function versionsOf({ versions }: MlflowClients, runId: string): Promise<readonly Tagged[]> {
  const found = await versions.searchModelVersions(`run_id = '${runId}'`, maxVersions);
  return found.map(({ name, version, tags = [] }) => ({
    name: `${name} ${version}`,
    tags,
    set: async (wanted) => {
      for (const { key, value } of wanted) await versions.setModelVersionTag(name, version, key, value);
    },
    remove: (key) => versions.deleteModelVersionTag(name, version, key),
  }));
}

/** Before MLflow 3 no run has any. */
async function loggedModelsOf({ loggedModels }: MlflowClients, run: RunView): Promise<readonly Tagged[]> {
  const found: Tagged[] = [];
  for (const id of run.loggedModels) {
    try {
      const { info } = await loggedModels.getLoggedModel(id);
      found.push({
        name: `logged model ${info.name ?? id}`,
        tags: info.tags ?? [],
        set: (tags) => loggedModels.setLoggedModelTags(id, tags),
        remove: (key) => loggedModels.deleteLoggedModelTag(id, key),
      });
    } catch (error) {
      // Deleted since: it needs no tags.
      if (!isNotFound(error)) throw error;
    }
  }
  return found;
}

async function apply(model: Tagged, { set, remove }: TagDiff): Promise<void> {
  try {
    if (set.size > 0) await model.set([...set].map(([key, value]) => ({ key, value })));
    for (const key of remove) await model.remove(key);
  } catch (error) {
    // The model, or the tag, was deleted in the meantime.
    if (!isNotFound(error)) throw error;
  }
}
