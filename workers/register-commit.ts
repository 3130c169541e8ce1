import { parsedTags } from '../src/contract/links-tag.js';
import { guideTag } from '../src/contract/tags.js';
import type { CommitKey } from '../src/contract/words.js';
import type { Consumption } from '../src/domain/catalog/consumers.js';
import { type CatalogEntry, catalogEntry } from '../src/domain/catalog/entry.js';
import { CatalogError } from '../src/domain/catalog/error.js';
import {
  type CatalogExperiment,
  type CatalogPlace,
  catalogExperiment,
} from '../src/domain/catalog/experiment.js';
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
import { type CommitLifePlan, planLife, writeLife } from './register/commit-life.js';
import { describeChanges, describeConsumers } from './register/commit-log.js';
import { consumptionTags, hidesConsumers, readConsumers } from './register/consumers.js';
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

/** The commit that a job is about, and where its catalog run belongs. */
interface Target extends KnownInstallation {
  readonly payload: Payload;
  readonly key: CommitKey;
  readonly commit: LakefsCommit;
  readonly place: CatalogPlace;
  readonly experiment: CatalogExperiment;
  readonly catalogId: string;
}

/** Makes one commit's catalog run agree with lakeFS. The only writer of catalog runs; safe to run twice. */
export async function registerCommit(
  payload: Payload,
  context: JobContext,
  dependencies: RegisterCommitDependencies,
): Promise<JobOutcome> {
  const target = await findTarget(payload, dependencies);
  if ('summary' in target) return target;
  try {
    const found = await read(target, context);
    if (found === 'hidden') return await hidden(target);
    const desired = decide(target, found);
    const run = found.run ?? (await createRun(target, desired));
    target.facts.catalog.made(run);
    const difference = await diff(target, found, desired, run);
    return await apply(target, difference, context, dependencies);
  } catch (error) {
    if (!isNotActive(error)) throw error;
    await ensureCatalogExperiment(target.facts.access.mlflow, target.experiment);
    throw new CatalogError(
      'transient',
      `the catalog run of ${target.commit.id} was deleted while it was being written`,
      { cause: error },
    );
  }
}

/** The commit as lakeFS has it; an outcome where there is nothing to register. */
async function findTarget(
  payload: Payload,
  { installation, publicUrl }: RegisterCommitDependencies,
): Promise<Target | JobOutcome> {
  const { repository } = payload;
  const known = installation(payload.installation);
  if (known === undefined) throw unknownInstallation(payload);
  const { settings, lakefs } = known.access;
  if (!matches(settings.repositories, repository)) {
    return { summary: `ignored: repository "${repository}" is not watched (setting REPOSITORIES)` };
  }
  const { name, catalog } = settings;
  const place = { installation: name, catalog, repository, lakefsUrl: settings.lakefs.publicUrl, publicUrl };
  const { creation_date, default_branch } = await readRepository(lakefs, repository);
  const branches = [...(payload.branch === undefined ? [] : [payload.branch]), default_branch];
  const commit = await readCommit(lakefs, repository, payload.commit, branches);
  if (commit === undefined) {
    return { summary: `ignored: lakeFS has no commit ${payload.commit} in "${repository}"` };
  }
  const experiment = catalogExperiment(place, creation_date);
  const catalogId = await catalogExperimentId(known.facts, experiment);
  const key = { installation: name, repository, commit: commit.id };
  return { ...known, payload, key, commit, place, experiment, catalogId };
}

/** What the catalog, lakeFS and the runs say about the commit. */
interface Found {
  /** The commit's catalog run; undefined where it has none yet. */
  readonly run: FoundRun | undefined;
  /** Undefined where nobody was searched for. */
  readonly consumption: (Consumption & { readonly unread: boolean }) | undefined;
  readonly datasets: CommitDatasets;
  readonly branch: string | undefined;
  /** Runs that the commit's metadata names as its producers. */
  readonly producers: readonly string[];
}

async function read(target: Target, context: JobContext): Promise<Found | 'hidden'> {
  const { access, facts, key, commit } = target;
  const lakefsFacts = facts.sources.lakefs(key.installation);
  if (lakefsFacts === undefined) throw unknownInstallation(key);
  const { catalogRuns, consumption } = await readConsumers(target);
  const run = await keepOne(facts.access.mlflow, catalogRuns);
  if (run === 'hidden') return 'hidden';
  const lookup = { settings: access.settings, facts: lakefsFacts };
  const datasets = await readCommitDatasets(access.lakefs, lookup, key.repository, commit);
  await context.log(describeChanges(datasets));
  const branch = run?.tags.get(guideTag.branch) ?? (await labelOf(target));
  const producers = await producersNamedIn(commit.metadata, facts);
  return { run, consumption, datasets, branch, producers };
}

/** What the commit's catalog run should say of the commit itself. */
function decide({ place, commit }: Target, { branch, producers, datasets }: Found): CatalogEntry {
  return catalogEntry({ place, commit, branch, makers: producers, ...datasets });
}

/** What the catalog run lacks, and what follows from the commit for others. */
interface Difference {
  readonly found: Found;
  readonly entry: CatalogEntry;
  readonly run: FoundRun;
  readonly plan: CatalogPlan;
  /** Tags about the commit's consumers. */
  readonly consumed: ReadonlyMap<string, string>;
  /** What became of the commit's data. Where runs have consumed it, to be decided once the run is marked as consumed. */
  readonly life: () => Promise<CommitLifePlan>;
}

async function diff(target: Target, found: Found, entry: CatalogEntry, run: FoundRun): Promise<Difference> {
  const { facts, key } = target;
  const { consumption, datasets, branch } = found;
  const hidden = consumption !== undefined && (await hidesConsumers(run, consumption, facts));
  const consumed =
    consumption === undefined ? new Map<string, string>() : consumptionTags(run, consumption, hidden);
  const marked = { ...run, tags: parsedTags([...run.tags, ...consumed]) };
  const changed = [...datasets.paths, ...datasets.emptied].map(({ path }) => path);
  const consumers = consumption?.runs ?? [];
  const life = () => planLife(facts, key, { run: marked, consumers, changed, branch, hidden });
  return { found, entry, run, consumed, life, plan: planCatalogRun(entry, run, run.metrics) };
}

async function apply(
  target: Target,
  { found, entry, run, plan, consumed, life }: Difference,
  context: JobContext,
  { queues, askForSweep }: RegisterCommitDependencies,
): Promise<JobOutcome> {
  const { access, facts, payload, key, commit, catalogId } = target;
  const { mlflow, name: server } = facts.access;
  const { settings } = access;
  const consumers = found.consumption?.runs ?? [];
  // Where nobody has consumed it one write is enough; else it is marked first, then judged.
  const early = consumers.length === 0 ? await life() : undefined;
  const isNew = !run.terminal && payload.news !== 'history';
  const moved = { key, commit, branch: found.branch, catalogId, changes: found.datasets.changes };
  const [, followed] = await inParallel(
    () => write(mlflow, entry, run.id, plan, new Map([...consumed, ...(early?.plan.set ?? [])])),
    async () => (isNew ? followCommit({ facts, queues }, moved) : undefined),
  );
  if (followed !== undefined) await context.log(followed);
  // Last: a run that is finished is complete, and whatever a crash leaves behind is done again.
  if (plan.finish) await mlflow.runs.updateRun(run.id, 'FINISHED', entry.time, undefined, finishing);
  const late = early ?? (await life());
  // Before the write: some of them are asked for only as long as the catalog run says something else.
  if (late.jobs.length > 0) await queues.addMany(late.jobs);
  await writeLife(mlflow, run.id, early === undefined ? late.plan : { ...late.plan, set: new Map() });

  if (found.producers.length > 0)
    await queues.addMany(found.producers.map((producer) => producedJob(server, producer, key)));
  if (found.consumption !== undefined && consumers.length > 0)
    await context.log(describeConsumers(found.consumption, settings.mlflow.publicUrl));
  const wrote = plan.finish || plan.inputs.length > 0;
  if (found.run === undefined || wrote) await askForSweep(server);
  return {
    summary: summaryOf(commit, found.datasets, consumers.length),
    links: { ...lakefsLink(target), mlflow: mlflowRunPage(settings.mlflow.publicUrl, catalogId, run.id) },
  };
}

/** Deleting the experiment deletes its runs: that is another matter, and throws. */
async function hidden(target: Target): Promise<JobOutcome> {
  await ensureCatalogExperiment(target.facts.access.mlflow, target.experiment);
  const short = target.commit.id.slice(0, 12);
  const summary = `hidden: the catalog run of ${short} was deleted, so it is not created again`;
  return { summary, links: lakefsLink(target) };
}

function lakefsLink({ access, key }: Target): { readonly lakefs: string } {
  return { lakefs: lakefsCommitPage(access.settings.lakefs.publicUrl, key.repository, key.commit) };
}

/** Only `link-run` writes a run of a user. */
function producedJob(server: string, run: string, produced: CommitKey): NewJob<'link-run'> {
  return { name: 'link-run', payload: { v: 1, server, run, produced }, cause: 'hook' };
}

/** With all identifying tags, in one call; the rest is a difference like that of any other run. */
async function createRun({ facts, catalogId }: Target, entry: CatalogEntry): Promise<FoundRun> {
  const tags = [...entry.tags].map(([key, value]) => ({ key, value }));
  const run = await facts.access.mlflow.runs.createRun(catalogId, entry.runName, entry.time, tags);
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
async function labelOf({ payload: { branch }, key, access, facts }: Target): Promise<string | undefined> {
  if (branch !== undefined && isWatchedBranch(access.settings.branches, branch)) return branch;
  return facts.holdingBranch(key);
}

function summaryOf(commit: LakefsCommit, { paths }: CommitDatasets, consumers: number): string {
  const read = consumers === 0 ? '' : `, consumed by ${count(consumers, 'run')}`;
  return `registered ${commit.id.slice(0, 12)} with ${count(paths.length, 'candidate')}${read}`;
}

function unknownInstallation({ installation }: Pick<Payload, 'installation'>): CatalogError {
  return new CatalogError(
    'permanent',
    `no installation "${installation}" is configured: add it to the settings, or correct the address in the lakeFS action`,
  );
}
