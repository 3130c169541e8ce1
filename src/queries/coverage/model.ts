import { mlflowRunPage } from '../../domain/common/links-to.js';
import type { ServerFacts } from '../../facts/links/server.js';
import { createRunReader } from '../../facts/runs/run-reader.js';
import { ApiError, isNotFound } from '../../mlflow/api-error.js';
import { allModelVersions } from '../../mlflow/pages.js';
import type { ModelVersion } from '../../mlflow/types.js';
import { mlflowPublicUrl } from '../shared/mlflow-page.js';
import { NotThereError, noSuchModel } from '../shared/not-found.js';
import { runOf } from '../shared/run-of.js';
import { judgeRun } from './judge-run.js';
import type { CoverageJudgement, CoverageOptions, CoverageUnit } from './schema.js';
import type { CoverageTally } from './tally.js';

/** Versions that are judged at once. */
const batchSize = 500;

/**
 * Counts the versions of a model, each by the run that produced it, deleted or not. Costs a search for the versions and
 * one per 100 runs; two more requests for a version that names no run. Throws NotThereError where there is no such model.
 */
export async function countModel(
  name: string,
  facts: ServerFacts,
  tally: CoverageTally,
  { since, limit, progress }: CoverageOptions,
): Promise<void> {
  const { mlflow } = facts.access;
  const all = await newestVersions(name, facts);
  if (all.length === 0) await assertThere(name, facts);
  const versions = all.filter(
    ({ creation_timestamp: created = 0 }) => since === undefined || created >= since,
  );
  const reader = createRunReader(mlflow, facts.experiments, facts.heavy);
  const wanted = limit === undefined ? versions : versions.slice(0, limit);
  for (let start = 0; start < wanted.length; start += batchSize) {
    const batch = wanted.slice(start, start + batchSize);
    const judged = await Promise.all(batch.map((version) => judgeVersion(version, facts, reader)));
    for (const { unit, judgement } of judged) tally.add(unit, judgement);
    progress?.(tally.runs());
  }
}

async function newestVersions(name: string, { access }: ServerFacts): Promise<readonly ModelVersion[]> {
  // MLflow's filters have no escape for quotes; the other kind is taken as well.
  if (name.includes("'") && name.includes('"')) {
    throw new NotThereError(`MLflow cannot search for a model whose name has both kinds of quotes: ${name}`);
  }
  const quote = name.includes("'") ? '"' : "'";
  const found: ModelVersion[] = [];
  for await (const version of allModelVersions(access.mlflow.versions, `name = ${quote}${name}${quote}`)) {
    found.push(version);
  }
  return found.sort((a, b) => Number(b.version) - Number(a.version));
}

/** A mistyped name must not pass for a model without versions. MLflow answers 400 to what cannot be a name. */
async function assertThere(name: string, { access }: ServerFacts): Promise<void> {
  const { mlflow } = access;
  try {
    await mlflow.models.getRegisteredModel(name);
  } catch (error) {
    if (!isNotFound(error) && !(error instanceof ApiError && error.status === 400)) throw error;
    throw new NotThereError(noSuchModel(mlflow.trackingUri, name), { cause: error });
  }
}

async function judgeVersion(
  version: ModelVersion,
  facts: ServerFacts,
  reader: ReturnType<typeof createRunReader>,
): Promise<{ readonly unit: CoverageUnit; readonly judgement: CoverageJudgement }> {
  const unit = { name: `${version.name} ${version.version}`, running: false };
  const without = (detail: string) => ({
    unit: { ...unit, run: null, page: null },
    judgement: {
      word: 'nothing' as const,
      covered: false,
      cause: 'no-run' as const,
      detail,
      hint: undefined,
      beside: false,
    },
  });
  const id = await runIdOf(version, facts);
  if (id instanceof NotThereError) return without(id.message);
  const run = await reader.read(id);
  if (run === undefined) return without(`its run ${id} is no longer in MLflow`);
  const experiment = await facts.experiments.get(run.info.experiment_id);
  const judgement = await judgeRun(run, experiment?.name ?? '', facts);
  const page = mlflowRunPage(mlflowPublicUrl(facts.access), run.info.experiment_id, id);
  return { unit: { ...unit, run: id, page, running: run.info.status === 'RUNNING' }, judgement };
}

async function runIdOf(version: ModelVersion, { access }: ServerFacts): Promise<string | NotThereError> {
  if (version.run_id !== undefined && version.run_id !== '') return version.run_id;
  try {
    const what = { kind: 'version', name: version.name, version: version.version } as const;
    return (await runOf(what, access.mlflow)).runId;
  } catch (error) {
    if (error instanceof NotThereError) return error;
    throw error;
  }
}
