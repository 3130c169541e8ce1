import type { Link, RunView } from '../../contract/run.js';
import {
  guideTag,
  inputCountTag,
  inputTag,
  maybeTag,
  oldCommitTag,
  ourTag,
  whereTag,
} from '../../contract/tags.js';
import { maySayWhatItRead, type Reference, referencesOf } from '../../domain/references/reference.js';
import { type ExaminationSources, examineRun } from '../../facts/links/examine.js';
import type { ServerFacts } from '../../facts/links/server.js';
import type { OnRefused } from '../../facts/runs/experiment-groups.js';
import type { ExperimentEntry } from '../../facts/runs/experiments.js';
import { type NewestRunsOptions, newestRuns } from '../../facts/runs/newest-runs.js';
import type { OnUnread } from '../../facts/runs/run-page.js';
import { viewOf } from '../../facts/runs/run-view.js';
import { HttpError } from '../../http/error.js';
import type { Run, RunInfo } from '../../mlflow/types.js';
import { mlflowPublicUrl } from './mlflow-page.js';
import { versionsProducedBy } from './produced-versions.js';
import { runFacts, startOf } from './run-facts.js';
import type { ConsumerAnswer, RunAnswer, ScanCoverage } from './schema.js';
import { tooLargeReason } from './too-large.js';

export interface ScanOptions {
  /** How many of the newest runs are checked whether or not they have tags of ours. */
  readonly scan: number;
  readonly onProgress: (text: string) => void;
}

export interface ConsumerQuery extends ScanOptions {
  readonly installation: string;
  readonly repository: string;
  /** Undefined: the consumers of every commit. */
  readonly commits: readonly string[] | undefined;
}

/** A run that read data of the repository. */
export interface Consumer {
  readonly run: RunAnswer;
  /** To the repository that was asked about; at least one. */
  readonly links: readonly Link[];
}

export interface Consumers {
  readonly consumers: readonly Consumer[];
  readonly checked: ScanCoverage;
}

/** More commits than these are not searched one by one: then all runs that are linked to the repository are read. */
const maxExact = 10;
const maxTagged = 10_000;
/** Runs that are judged at once: each may ask several questions. */
const atOnce = 50;

/**
 * Finds the runs that read data of a repository, by what the service tagged and by what runs themselves say: without
 * the service only checking every run can find them, which `scan` bounds. Every run that is found is judged live.
 * Costs a request per 1,000 experiments, per search and per 500 runs, and what judging a run costs.
 *
 * @throws what the clients throw, where not one run could be judged
 */
export async function findConsumers(query: ConsumerQuery, facts: ServerFacts): Promise<Consumers> {
  const all = await facts.experiments.all();
  const experiments = new Map(all.filter(({ catalog }) => !catalog).map((entry) => [entry.id, entry]));
  const tooLarge = new Map<string, RunInfo>();
  const onTooLarge: OnUnread = (run) => void tooLarge.set(run.run_id, run);
  const refused = new Set<string>();
  const onRefused: OnRefused = (id) => void refused.add(experiments.get(id)?.name ?? id);
  const unread = { onTooLarge, onRefused };
  const tagged = await taggedRuns(query, [...experiments.keys()], facts, unread);
  const active = [...experiments.values()].filter((entry) => entry.active).map(({ id }) => id);
  const scanned = await scanRuns(query, active, facts, unread);
  const runs = new Map([...tagged.runs, ...scanned.runs].map((run) => [run.info.run_id, run]));
  const judged = await judgeAll([...runs.values()], query, experiments, facts);
  const unserved = [...tooLarge.keys()].map((run) => ({ run, problem: tooLargeReason }));
  return {
    consumers: judged.consumers,
    checked: {
      ...{ tagged: tagged.runs.length, taggedCut: tagged.cut },
      ...{ scanned: scanned.seen, scanCut: scanned.cut },
      unjudged: [...judged.unjudged, ...unserved],
      unreadExperiments: [...refused].sort(),
    },
  };
}

async function taggedRuns(
  query: ConsumerQuery,
  experiments: readonly string[],
  { access }: ServerFacts,
  unread: Pick<NewestRunsOptions, 'onTooLarge' | 'onRefused'>,
): Promise<{ readonly runs: readonly Run[]; readonly cut: boolean }> {
  const found = new Map<string, Run>();
  for (const filter of filtersFor(query)) {
    const options = { view: 'ALL', limit: maxTagged, ...unread } as const;
    for await (const page of newestRuns(access.mlflow, experiments, filter, options)) {
      for (const run of page) found.set(run.info.run_id, run);
      query.onProgress(`${found.size.toLocaleString('en')} runs found by their tags`);
      if (found.size >= maxTagged) return { runs: [...found.values()], cut: true };
    }
  }
  return { runs: [...found.values()], cut: false };
}

/** Only `=` and `!=` on tags, which every MLflow knows. */
function filtersFor({ repository, commits }: ConsumerQuery): readonly string[] {
  if (commits !== undefined && commits.length <= maxExact) {
    return commits.flatMap((commit) =>
      [guideTag.commit, oldCommitTag, inputTag({ repository, commit }), maybeTag({ repository, commit })].map(
        (key) => whereTag(key, commit),
      ),
    );
  }
  return [
    whereTag(guideTag.repo, repository),
    whereTag(inputCountTag(repository), '', '!='),
    // What is not certain has no tag of its repository alone.
    whereTag(ourTag.evidence, 'inferred'),
    whereTag(ourTag.evidence, 'ambiguous'),
  ];
}

/** The newest runs, of which those are kept that name the repository. */
async function scanRuns(
  query: ConsumerQuery,
  experiments: readonly string[],
  { access, sources }: ServerFacts,
  unread: Pick<NewestRunsOptions, 'onTooLarge' | 'onRefused'>,
): Promise<{ readonly runs: readonly Run[]; readonly seen: number; readonly cut: boolean }> {
  const runs: Run[] = [];
  let seen = 0;
  if (query.scan === 0) return { runs, seen, cut: true };
  const options = { view: 'ALL', limit: query.scan, ...unread } as const;
  for await (const page of newestRuns(access.mlflow, experiments, '', options)) {
    const some = page.slice(0, query.scan - seen);
    seen += some.length;
    runs.push(...(await namingRuns(some, query.repository, sources)));
    query.onProgress(
      `${seen.toLocaleString('en')} runs checked, ${runs.length.toLocaleString('en')} name ${query.repository}`,
    );
    if (seen >= query.scan) return { runs, seen, cut: true };
  }
  return { runs, seen, cut: false };
}

async function namingRuns(
  runs: readonly Run[],
  repository: string,
  sources: ExaminationSources,
): Promise<readonly Run[]> {
  const views = runs.map(viewOf);
  // Parents are often on the same page, and need not be asked for then.
  for (const view of views) sources.ancestors.remember(view);
  const naming = await Promise.all(views.map((view) => isNaming(view, repository, sources)));
  return runs.filter((_, index) => naming[index]);
}

/** Whether a run, or one that it is nested in, names the repository. */
async function isNaming(
  view: RunView,
  repository: string,
  { rules, ancestors }: ExaminationSources,
): Promise<boolean> {
  if (!maySayWhatItRead(view, rules) && !view.tags.has(ourTag.links)) return false;
  const isThis = ({ address }: Reference): boolean => address.repository === repository;
  // Whose a commit is that a run names alone, only lakeFS tells.
  const own = referencesOf(view, rules);
  if (own.found.some(isThis) || own.unplaced.length > 0) return true;
  if (view.tags.linksTag.links.some((link) => link.repository === repository)) return true;
  const above = await ancestors.of(view);
  return above.ancestors.some(({ declared, unplaced }) => declared.some(isThis) || unplaced.length > 0);
}

async function judgeAll(
  runs: readonly Run[],
  query: ConsumerQuery,
  experiments: ReadonlyMap<string, ExperimentEntry>,
  facts: ServerFacts,
): Promise<Pick<Consumers, 'consumers'> & Pick<ScanCoverage, 'unjudged'>> {
  const consumers: Consumer[] = [];
  const unjudged: { run: string; problem: string }[] = [];
  const publicUrl = mlflowPublicUrl(facts.access);
  let failure: unknown;
  for (let start = 0; start < runs.length; start += atOnce) {
    const some = runs.slice(start, start + atOnce);
    query.onProgress(`${start.toLocaleString('en')} of ${runs.length.toLocaleString('en')} runs judged`);
    await Promise.all(
      some.map(async (run) => {
        const experiment = experiments.get(run.info.experiment_id)?.name ?? '';
        try {
          const { links } = await examineRun(viewOf(run), experiment, facts.sources);
          const here = links.filter((link) => isHere(link, query));
          if (here.length > 0) consumers.push({ run: runFacts(run, experiment, publicUrl), links: here });
        } catch (error) {
          failure ??= error;
          unjudged.push({ run: run.info.run_id, problem: problemOf(error) });
        }
      }),
    );
  }
  if (failure !== undefined && unjudged.length === runs.length) throw failure;
  return { consumers, unjudged };
}

function isHere(link: Link, { installation, repository, commits }: ConsumerQuery): boolean {
  return (
    link.installation === installation &&
    link.repository === repository &&
    (commits === undefined || commits.includes(link.commit))
  );
}

/** Anything but a failed request is a bug of ours, and is thrown. */
function problemOf(error: unknown): string {
  if (error instanceof HttpError) return error.message;
  if (error instanceof Error && error.cause instanceof HttpError) return error.cause.message;
  throw error;
}

/** Adds the models that the runs produced. Newest runs first; those with a model under an alias before all. */
export async function withModels(
  consumers: readonly Consumer[],
  { access }: ServerFacts,
): Promise<readonly ConsumerAnswer[]> {
  const ids = consumers.map(({ run }) => run.id);
  const versions = await versionsProducedBy(ids, access.mlflow, mlflowPublicUrl(access));
  const all = consumers.map(
    ({ run, links }): ConsumerAnswer => ({
      run,
      links: links.map(({ installation, repository, commit, path, where, name, kind, certain }) => ({
        ...{ installation, repository, commit, path, where, name, kind, certain },
      })),
      versions: versions.get(run.id) ?? [],
    }),
  );
  return all.sort((a, b) => Number(hasAlias(b)) - Number(hasAlias(a)) || startOf(b.run) - startOf(a.run));
}

export function hasAlias({ versions }: Pick<ConsumerAnswer, 'versions'>): boolean {
  return versions.some(({ aliases }) => aliases.length > 0);
}
