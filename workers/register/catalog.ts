import { diffTags } from '../../src/contract/diff-tags.js';
import { tagsOf } from '../../src/contract/links-tag.js';
import type { RunView } from '../../src/contract/run.js';
import { catalogKind, mlflowTag, ourTag, whereTag } from '../../src/contract/tags.js';
import { gone } from '../../src/contract/words.js';
import type { CandidateInput } from '../../src/domain/catalog/entry.js';
import { CatalogError } from '../../src/domain/catalog/error.js';
import type { CatalogExperiment } from '../../src/domain/catalog/experiment.js';
import { chooseCatalogRun } from '../../src/domain/catalog/plan.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import { type FoundRun, firstRuns, leftOut, searchRuns } from '../../src/facts/runs/run-pages.js';
import { isAlreadyExists, isNotActive, isNotFound } from '../../src/mlflow/api-error.js';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import type { Experiment, Metric } from '../../src/mlflow/types.js';

/** The id of the experiment, from what is remembered where that leaves nothing to do. */
export async function catalogExperimentId(
  { access, experiments }: ServerFacts,
  wanted: CatalogExperiment,
): Promise<string> {
  const known = (await experiments.all()).find(({ name }) => name === wanted.name);
  const settled = known?.active === true && !known.ignored && missingTags(known.tags, wanted).length === 0;
  return settled ? known.id : ensureCatalogExperiment(access.mlflow, wanted);
}

/**
 * Finds or makes the experiment of one repository's commits, and answers with its id. One that somebody prepared
 * under the name is taken as long as it is empty.
 *
 * @throws CatalogError where a person deleted it, tagged it `lakefs.ignore`, or has runs in one of this name: it is
 * never restored or made again, and the runs of a catalog count as nobody's
 */
export async function ensureCatalogExperiment(
  mlflow: MlflowClients,
  wanted: CatalogExperiment,
): Promise<string> {
  const experiment = (await findExperiment(mlflow, wanted.name)) ?? (await createExperiment(mlflow, wanted));
  const id = experiment.experiment_id;
  const tags = tagsOf(experiment.tags);
  if (experiment.lifecycle_stage === 'deleted') {
    throw new CatalogError(
      'permanent',
      `the catalog experiment "${wanted.name}" (id ${id}) is deleted in MLflow, so no commit of this repository is registered: restore it (mlflow experiments restore -x ${id}), or exclude the repository in the setting REPOSITORIES`,
    );
  }
  if (tags.ignored) {
    throw new CatalogError(
      'permanent',
      `the catalog experiment "${wanted.name}" (id ${id}) is tagged ${ourTag.ignore} = true, so no commit of this repository is registered: remove the tag to go on`,
    );
  }
  if (tags.kind !== catalogKind.catalog && (await hasForeignRuns(mlflow, id))) {
    throw new CatalogError(
      'permanent',
      `the experiment "${wanted.name}" (id ${id}) would be the catalog of this repository, but it contains runs that are not ours, so no commit is registered: rename it, or choose another name with the setting CATALOG`,
    );
  }
  await agree(mlflow, id, tags, wanted);
  return id;
}

/** Looks at the newest hundred; a deleted one counts as well, because it may be restored. */
async function hasForeignRuns(mlflow: MlflowClients, id: string): Promise<boolean> {
  const newest = { view: 'ALL', order: 'attributes.start_time DESC', onTooLarge: leftOut } as const;
  const { runs } = await firstRuns(mlflow, id, '', 100, newest);
  return runs.some(({ data }) => !data.tags?.some(({ key }) => key === ourTag.kind));
}

async function findExperiment(mlflow: MlflowClients, name: string): Promise<Experiment | undefined> {
  try {
    return await mlflow.experiments.getExperimentByName(name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function createExperiment(mlflow: MlflowClients, wanted: CatalogExperiment): Promise<Experiment> {
  const tags = [...wanted.tags].map(([key, value]) => ({ key, value }));
  try {
    const id = await mlflow.experiments.createExperiment(wanted.name, undefined, tags);
    return { experiment_id: id, name: wanted.name, lifecycle_stage: 'active', tags };
  } catch (error) {
    const winner = isAlreadyExists(error) ? await findExperiment(mlflow, wanted.name) : undefined;
    if (winner === undefined) throw error;
    return winner;
  }
}

/** The note is a label that a person may have changed. The creation tag comes last: it says that all else is done. */
async function agree(
  mlflow: MlflowClients,
  id: string,
  tags: ReadonlyMap<string, string>,
  wanted: CatalogExperiment,
): Promise<void> {
  const created = wanted.tags.get(ourTag.repositoryCreated);
  const createdBefore = tags.get(ourTag.repositoryCreated);
  if (createdBefore !== undefined && created !== undefined && createdBefore !== created) {
    await markGone(mlflow, id, Number(created) * 1_000);
  }
  for (const [key, value] of missingTags(tags, wanted)) {
    await mlflow.experiments.setExperimentTag(id, key, value);
  }
}

function missingTags(
  tags: ReadonlyMap<string, string>,
  wanted: CatalogExperiment,
): readonly (readonly [string, string])[] {
  const { set } = diffTags(tags, wanted.tags, { keeps: (key) => key === mlflowTag.note });
  return [...set].sort(
    ([a], [b]) => Number(a === ourTag.repositoryCreated) - Number(b === ourTag.repositoryCreated),
  );
}

/**
 * The repository was deleted and another was made under its name: commits from before are gone. One that the new
 * repository holds all the same (restored, or back-dated) becomes current when it is registered again.
 */
async function markGone(mlflow: MlflowClients, id: string, createdAt: number): Promise<void> {
  const runs = await searchRuns(mlflow, [id], whereTag(ourTag.kind, catalogKind.commit), 'ACTIVE_ONLY', {
    onTooLarge: leftOut,
  });
  for (const run of runs) {
    if ((run.startTime ?? 0) >= createdAt || run.tags.isGone) continue;
    // That the earlier repository was followed up to here says nothing about this one.
    const keys = [ourTag.status, ...(run.tags.has(ourTag.history) ? [ourTag.history] : [])];
    await mlflow.runs.logBatch(
      run.id,
      undefined,
      undefined,
      keys.map((key) => ({ key, value: gone })),
    );
  }
}

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
    await writeToRun(mlflow, double.id, new Map([[ourTag.kind, catalogKind.double]]));
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
