import type { CommitKey } from '../src/contract/words.js';
import type { Consumption } from '../src/domain/catalog/consumers.js';
import { type CatalogEntry, catalogEntry, catalogTime } from '../src/domain/catalog/entry.js';
import { CatalogError } from '../src/domain/catalog/error.js';
import { type CatalogPlace, catalogExperiment } from '../src/domain/catalog/experiment.js';
import { type CatalogPlan, planCatalogRun } from '../src/domain/catalog/plan.js';
import { matches } from '../src/domain/common/globs.js';
import { lakefsCommitPage, mlflowRunPage } from '../src/domain/common/links-to.js';
import { count } from '../src/domain/common/text.js';
import { isWatchedBranch } from '../src/domain/status/watched-branch.js';
import { readCommit, readRepository } from '../src/facts/commits/read-commit.js';
import { type CommitDatasets, readCommitDatasets } from '../src/facts/datasets/commit-datasets.js';
import type { InstallationAccess } from '../src/facts/links/access.js';
import type { ServerFacts } from '../src/facts/links/server.js';
import { producersNamedIn } from '../src/facts/runs/producers.js';
import type { FoundRun } from '../src/facts/runs/run-pages.js';
import { viewOf } from '../src/facts/runs/run-view.js';
import type { LakefsCommit } from '../src/lakefs/types.js';
import { isNotActive } from '../src/mlflow/api-error.js';
import type { MlflowClients } from '../src/mlflow/clients.js';
import type { JobContext, JobOutcome, JobPayloads, NewJob, Queues } from '../src/queue/types.js';
import { inParallel } from './in-parallel.js';
import {
  catalogExperimentId,
  ensureCatalogExperiment,
  finishing,
  keepOne,
  logCandidates,
  writeToRun,
} from './register/catalog.js';
import { planLife, writeLife } from './register/commit-life.js';
import { describeChanges, describeConsumers } from './register/commit-log.js';
import { consumptionTags, hidesConsumers, readConsumption } from './register/consumers.js';
import type { ConsumptionEvents } from './register/consumption-events.js';
import { followCommit } from './register/follow-head.js';

/** One installation as the job sees it. */
interface KnownInstallation {
  readonly access: InstallationAccess;
  readonly facts: ServerFacts;
  readonly events: Pick<ConsumptionEvents, 'searched'>;
}

export interface RegisterCommitDependencies {
  /** Undefined where no such installation is configured. */
  readonly installation: (name: string) => KnownInstallation | undefined;
  readonly queues: Pick<Queues, 'addMany'>;
  /** Asks for a sweep of a server: runs may have read a new commit before it was known. */
  readonly askForSweep: (server: string) => Promise<unknown>;
  /** Where people reach us, without a closing slash. */
  readonly publicUrl: string;
}

type Payload = JobPayloads['register-commit'];

/** Makes one commit's catalog run agree with lakeFS. The only writer of catalog runs; safe to run twice. */
export async function registerCommit(
  payload: Payload,
  context: JobContext,
  { installation, queues, askForSweep, publicUrl }: RegisterCommitDependencies,
): Promise<JobOutcome> {
  const { repository } = payload;
  const known = installation(payload.installation);
  const lakefsFacts = known?.facts.sources.lakefs(payload.installation);
  if (known === undefined || lakefsFacts === undefined) throw unknownInstallation(payload);
  const { settings, lakefs } = known.access;
  const { mlflow, name: server } = known.facts.access;
  if (!matches(settings.repositories, repository)) {
    return { summary: `ignored: repository "${repository}" is not watched (setting REPOSITORIES)` };
  }
  const lakefsUrl = settings.lakefs.publicUrl;
  const place: CatalogPlace = {
    installation: settings.name,
    catalog: settings.catalog,
    repository,
    lakefsUrl,
    publicUrl,
  };

  const { creation_date, default_branch } = await readRepository(lakefs, repository);
  const branches = [...(payload.branch === undefined ? [] : [payload.branch]), default_branch];
  const commit = await readCommit(lakefs, repository, payload.commit, branches);
  if (commit === undefined) {
    return { summary: `ignored: lakeFS has no commit ${payload.commit} in "${repository}"` };
  }
  const commitPage = lakefsCommitPage(lakefsUrl, repository, commit.id);

  const experiment = catalogExperiment(place, creation_date);
  const catalogId = await catalogExperimentId(known.facts, experiment);
  const hidden = async (): Promise<JobOutcome> => {
    // Deleting the experiment deletes its runs: that is another matter, and throws.
    await ensureCatalogExperiment(mlflow, experiment);
    const summary = `hidden: the catalog run of ${commit.id.slice(0, 12)} was deleted, so it is not created again`;
    return { summary, links: { lakefs: commitPage } };
  };
  try {
    const seen = await lookAt(commit, payload, known, catalogId);
    const found = await keepOne(mlflow, seen.catalogRuns);
    if (found === 'hidden') return await hidden();

    const datasets = await readCommitDatasets(lakefs, { settings, facts: lakefsFacts }, repository, commit);
    await context.log(describeChanges(datasets));
    const branch = found?.tags.get('lakefs_branch') ?? (await labelOf(payload, known));
    const makers = await producersNamedIn(commit.metadata, known.facts);
    const entry = catalogEntry({ place, commit, branch, makers, ...datasets });

    const run = found ?? (await createRun(mlflow, catalogId, entry));
    known.facts.catalog.made(run);
    const key = { installation: settings.name, repository, commit: commit.id };
    const { consumption } = seen;
    const consumers = consumption?.runs ?? [];
    const unseen = consumption !== undefined && (await hidesConsumers(run, consumption, known.facts));
    const consumed = consumption === undefined ? new Map() : consumptionTags(run, consumption, unseen);
    const marked = { ...run, tags: new Map([...run.tags, ...consumed]) };
    const changed = [...datasets.paths, ...datasets.emptied].map(({ path }) => path);
    const judge = () =>
      planLife(known.facts, key, { run: marked, consumers, changed, branch, hidden: unseen });
    // Where nobody has consumed it one write is enough; else it is marked first, then judged.
    const early = consumers.length === 0 ? await judge() : undefined;
    const plan = planCatalogRun(entry, run, run.metrics);
    const isNew = !run.terminal && payload.news !== 'history';
    const news = { key, commit, branch, catalogId, changes: datasets.changes };
    const [, followed] = await inParallel(
      () => write(mlflow, entry, run.id, plan, new Map([...consumed, ...(early?.plan.set ?? [])])),
      async () => (isNew ? followCommit({ facts: known.facts, queues }, news) : undefined),
    );
    if (followed !== undefined) await context.log(followed);
    // Last: a run that is finished is complete, and whatever a crash leaves behind is done again.
    if (plan.finish) await mlflow.runs.updateRun(run.id, 'FINISHED', entry.time, undefined, finishing);
    const wrote = plan.finish || plan.inputs.length > 0;
    const life = early ?? (await judge());
    // Before the write: some of them are asked for only as long as the catalog run says something else.
    if (life.jobs.length > 0) await queues.addMany(life.jobs);
    await writeLife(mlflow, run.id, early === undefined ? life.plan : { ...life.plan, set: new Map() });

    if (makers.length > 0) await queues.addMany(makers.map((maker) => producedJob(server, maker, key)));

    const runPage = mlflowRunPage(settings.mlflow.publicUrl, catalogId, run.id);
    if (consumption !== undefined && consumers.length > 0)
      await context.log(describeConsumers(consumption, settings.mlflow.publicUrl));
    if (found === undefined || wrote) await askForSweep(server);
    return {
      summary: summaryOf(commit, datasets, consumers.length),
      links: { lakefs: commitPage, mlflow: runPage },
    };
  } catch (error) {
    if (!isNotActive(error)) throw error;
    await ensureCatalogExperiment(mlflow, experiment);
    throw new CatalogError(
      'transient',
      `the catalog run of ${commit.id} was deleted while it was being written`,
      {
        cause: error,
      },
    );
  }
}

/**
 * The runs that stand for the commit, and who consumed it. Where a hook tells of a commit that is not registered yet
 * the latter is left out: whoever links a run to it asks for a job that looks. In observe mode nobody links, so it is
 * always asked. Costs two searches; a share of one where it is left out.
 */
async function lookAt(
  commit: LakefsCommit,
  payload: Payload,
  { access, facts, events }: KnownInstallation,
  catalogId: string,
): Promise<{
  readonly catalogRuns: readonly FoundRun[];
  readonly consumption?: Consumption & { readonly unread: boolean };
}> {
  const { settings } = access;
  const { repository } = payload;
  if (payload.news === 'commit' && settings.mode === 'write') {
    const catalogRuns = await facts.catalog.find(catalogId, { id: commit.id, time: catalogTime(commit) });
    if (catalogRuns.length === 0) return { catalogRuns };
  }
  const key = { installation: settings.name, repository, commit: commit.id };
  const experimentIds = await consumerExperiments(access, facts);
  const startedAt = performance.now();
  const { catalogRuns, ...consumption } = await readConsumption(facts, key, {
    experimentIds,
    catalogId,
  });
  events.searched(key, performance.now() - startedAt);
  return { catalogRuns, consumption };
}

/** Only `link-run` writes a run of a user. */
function producedJob(server: string, run: string, produced: CommitKey): NewJob<'link-run'> {
  return { name: 'link-run', payload: { v: 1, server, run, produced }, cause: 'hook' };
}

async function createRun(mlflow: MlflowClients, catalogId: string, entry: CatalogEntry): Promise<FoundRun> {
  const tags = [...entry.tags].map(([key, value]) => ({ key, value }));
  const run = await mlflow.runs.createRun(catalogId, entry.runName, entry.time, tags);
  return { ...viewOf(run), metrics: [] };
}

/** Writes what the run lacks, but for its end. */
async function write(
  mlflow: MlflowClients,
  { time }: CatalogEntry,
  runId: string,
  plan: CatalogPlan,
  consumed: ReadonlyMap<string, string>,
): Promise<void> {
  await logCandidates(mlflow, runId, plan.inputs);
  const metrics = [...plan.metrics].map(([key, value]) => ({ key, value, timestamp: time, step: 0 }));
  await writeToRun(mlflow, runId, new Map([...plan.tags, ...consumed]), metrics);
}

/** The event's branch where it is watched, else a watched branch that holds the commit. */
async function labelOf(
  { branch, repository, commit }: Payload,
  { access, facts }: KnownInstallation,
): Promise<string | undefined> {
  if (branch !== undefined && isWatchedBranch(access.settings.branches, branch)) return branch;
  return facts.holdingBranch({ installation: access.settings.name, repository, commit });
}

/** The experiments whose runs may be tagged by this installation. */
async function consumerExperiments(
  access: InstallationAccess,
  facts: ServerFacts,
): Promise<readonly string[]> {
  const all = await facts.experiments.all();
  return all
    .filter(({ active, catalog, ignored }) => active && !catalog && !ignored)
    .filter(({ name }) => matches(access.settings.experiments, name))
    .map(({ id }) => id);
}

function summaryOf(commit: LakefsCommit, { paths }: CommitDatasets, consumers: number): string {
  const read = consumers === 0 ? '' : `, consumed by ${count(consumers, 'run')}`;
  return `registered ${commit.id.slice(0, 12)} with ${count(paths.length, 'candidate')}${read}`;
}

function unknownInstallation({ installation }: Payload): CatalogError {
  return new CatalogError(
    'permanent',
    `no installation "${installation}" is configured: add it to the settings, or correct the address in the lakeFS action`,
  );
}
