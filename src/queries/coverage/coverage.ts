import { ourTag } from '../../contract/tags.js';
import { mlflowRunPage } from '../../domain/common/links-to.js';
import { otherWorkspace, readRight } from '../../domain/common/rights.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { createServerFacts, type ServerFacts } from '../../facts/links/server.js';
import type { ExperimentEntry } from '../../facts/runs/experiments.js';
import { newestRuns } from '../../facts/runs/newest-runs.js';
import { runPages } from '../../facts/runs/run-pages.js';
import type { Run, RunInfo } from '../../mlflow/types.js';
import { findExperiment, similarExperiment, whyNotCounted } from '../shared/experiment.js';
import { checkLakefs } from '../shared/is-lakefs.js';
import { iso } from '../shared/iso.js';
import { mlflowPublicUrl } from '../shared/mlflow-page.js';
import { NotThereError } from '../shared/not-found.js';
import { tooLargeReason } from '../shared/too-large.js';
import { judgeRun, unknown } from './judge-run.js';
import { countModel } from './model.js';
import type { Coverage, CoverageOptions, CoverageScope, CoverageUnit } from './schema.js';
import { type CoverageTally, createCoverageTally } from './tally.js';
import type { CoverageTarget } from './target.js';

/**
 * Counts the runs of an experiment, of a model's versions, or of all watched experiments by how well it is known what
 * they read. Reads only. Costs a search per 500 runs and what lakeFS has to be asked for the first time; what is
 * remembered meanwhile is bounded, except with a limit, which reads so many runs at once.
 *
 * @throws NotThereError where there is no such experiment or model, or its runs do not count; what the MLflow client
 * throws; what lakeFS's does where no lakeFS answers at all (a run that cannot be judged otherwise counts as unknown)
 */
export async function readCoverage(
  access: ServerAccess,
  now: () => number,
  target: Exclude<CoverageTarget, { kind: 'none' }>,
  options: CoverageOptions = {},
): Promise<Coverage> {
  const facts = createServerFacts(access, now);
  const entries = await facts.experiments.fresh();
  const tally = createCoverageTally();
  await checkLakefs(access);
  if (target.kind === 'model') return ofModel(target.name, facts, tally, options);
  if (target.kind === 'all') {
    const counted = entries.filter((entry) => whyNotCounted(entry, access) === undefined);
    const refused = await countRuns(counted, facts, tally, options);
    const read = { experiments: counted.length - refused.length, unreadExperiments: refused };
    return tally.result(scopeOf('all', null, null, read, options), options.min);
  }
  const experiment = findExperiment(entries, target.name);
  if (experiment === undefined) return ofModelByName(target.name, entries, facts, tally, options);
  const why = whyNotCounted(experiment, access);
  if (why !== undefined) {
    throw new NotThereError(`experiment "${experiment.name}" ${why}, so its runs are not counted`);
  }
  const refused = await countRuns([experiment], facts, tally, options);
  if (refused.length > 0)
    throw new NotThereError(
      `MLflow does not let you read the runs of experiment "${experiment.name}": ${readRight}`,
    );
  const page = `${mlflowPublicUrl(access)}/#/experiments/${experiment.id}/runs`;
  const read = { experiments: 1, unreadExperiments: refused };
  return tally.result(scopeOf('experiment', experiment.name, page, read, options), options.min);
}

/** Answers with the names of the experiments that MLflow does not let us search. */
async function countRuns(
  experiments: readonly ExperimentEntry[],
  facts: ServerFacts,
  tally: CoverageTally,
  { since, limit, progress }: CoverageOptions,
): Promise<readonly string[]> {
  const names = new Map(experiments.map(({ id, name }) => [id, name]));
  const { mlflow } = facts.access;
  const ids = [...names.keys()];
  const refused: string[] = [];
  const onRefused = (id: string): void => void refused.push(names.get(id) ?? id);
  const filter = since === undefined ? '' : `attributes.start_time >= ${Math.floor(since)}`;
  const publicUrl = mlflowPublicUrl(facts.access);
  const unitOf = ({ run_id: run, run_name: name, experiment_id, status }: RunInfo): CoverageUnit => {
    const page = mlflowRunPage(publicUrl, experiment_id, run);
    return { run, name: name ?? '', page, running: status === 'RUNNING' };
  };
  const onTooLarge = (info: RunInfo): void => tally.add(unitOf(info), unknown(tooLargeReason));
  const pages =
    // Oldest first: what begins meanwhile comes last, and moves no run onto another page.
    limit === undefined
      ? runPages(mlflow, ids, filter, { onTooLarge, onFailing: onTooLarge, onRefused })
      : newestRuns(mlflow, ids, filter, { limit, keep: isCounted, onTooLarge, onRefused });
  for await (const page of pages) {
    const judged = await Promise.all(
      page.filter(isCounted).map(async (run) => ({
        run,
        judgement: await judgeRun(run, names.get(run.info.experiment_id) ?? '', facts),
      })),
    );
    for (const { run, judgement } of judged) tally.add(unitOf(run.info), judgement);
    progress?.(tally.runs());
  }
  return refused;
}

function isCounted({ data }: Run): boolean {
  return !(data.tags ?? []).some(({ key, value }) => key === ourTag.ignore && value === 'true');
}

async function ofModel(
  name: string,
  facts: ServerFacts,
  tally: CoverageTally,
  options: CoverageOptions,
): Promise<Coverage> {
  await countModel(name, facts, tally, options);
  const page = `${mlflowPublicUrl(facts.access)}/#/models/${encodeURIComponent(name)}`;
  const read = { experiments: 0, unreadExperiments: [] };
  return tally.result(scopeOf('model', name, page, read, options), options.min);
}

async function ofModelByName(
  name: string,
  entries: readonly ExperimentEntry[],
  facts: ServerFacts,
  tally: CoverageTally,
  options: CoverageOptions,
): Promise<Coverage> {
  try {
    return await ofModel(name, facts, tally, options);
  } catch (error) {
    if (!(error instanceof NotThereError)) throw error;
    throw new NotThereError(
      `MLflow at ${facts.access.mlflow.trackingUri} has no experiment and no model "${name}": give the name or id of ` +
        `an experiment, or models:/NAME${similarExperiment(entries, name)}${otherWorkspace}`,
      { cause: error },
    );
  }
}

function scopeOf(
  kind: CoverageScope['kind'],
  name: string | null,
  page: string | null,
  { experiments, unreadExperiments }: Pick<CoverageScope, 'experiments' | 'unreadExperiments'>,
  { since, limit }: CoverageOptions,
): CoverageScope {
  return { kind, name, page, experiments, since: iso(since), limit: limit ?? null, unreadExperiments };
}
