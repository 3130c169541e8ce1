import { catalogName } from '../domain/catalog-experiment.js';
import type { LinkState } from '../domain/link-state.js';
import { referenceRules } from '../domain/reference-rules.js';
import type { Link } from '../domain/run.js';
import type { ServerAccess } from './access.js';
import { createAncestors } from './ancestors.js';
import { createCache } from './cache.js';
import { type CatalogFinder, createCatalogFinder } from './catalog-finder.js';
import { branchHolding } from './commit-branch.js';
import { type ConsumedCommits, createConsumedCommits } from './consumed-commits.js';
import { createDatasetWriters } from './dataset-writers.js';
import type { ExaminationSources } from './examine.js';
import { createExperiments, type Experiments } from './experiments.js';
import { createLakefsFacts } from './lakefs-facts.js';
import { createLinkStates, type LinkStates } from './link-state.js';
import { createRunReader } from './run-reader.js';

/** All that can be read about one MLflow server and the lakeFS servers beside it, with what is remembered. */
export interface ServerFacts {
  readonly access: ServerAccess;
  readonly experiments: Experiments;
  readonly catalog: CatalogFinder;
  readonly consumed: ConsumedCommits;
  readonly sources: ExaminationSources;
  /** The branch that labels a commit; undefined where no watched branch holds it. */
  branchOf(commit: { installation: string; repository: string; commit: string }): Promise<string | undefined>;
  /**
   * Whether the data of a link is still good.
   *
   * @param ownBranch the branch that the run itself names
   * @throws what the lakeFS client throws where the answer is not known
   */
  stateOf(link: Link, ownBranch: string | undefined): Promise<LinkState>;
  /** What became of commits in the lakeFS of an installation; undefined where none of that name is configured. */
  statesIn(installation: string): LinkStates | undefined;
}

const labelMs = 10 * 60_000;
const noLabelMs = 30_000;
const versionMs = 10 * 60_000;

/** Nothing is read yet. Each `ServerFacts` remembers for itself. */
export function createServerFacts(access: ServerAccess, now: () => number): ServerFacts {
  const { mlflow } = access;
  const installations = access.installations.map(({ settings, lakefs }) => {
    const facts = createLakefsFacts(lakefs, now);
    return { settings, facts, states: createLinkStates({ settings, facts, lakefs, now }) };
  });
  const statesIn = (name: string): LinkStates | undefined =>
    installations.find(({ settings }) => settings.name === name)?.states;
  const experiments = createExperiments(mlflow, now);
  // Runs are read before it is known whose repositories they name: the lists of all installations count together.
  const rules = referenceRules({
    s3Domains: installations.flatMap(({ settings }) => settings.lakefs.s3Domains),
    keys: installations.flatMap(({ settings }) => settings.referenceKeys),
    outputWords: installations.flatMap(({ settings }) => settings.outputWords),
  });
  const labels = createCache<string | undefined>({
    size: 20_000,
    ttlMs: (branch) => (branch === undefined ? noLabelMs : labelMs),
    now,
  });
  const versions = createCache<string>({ size: 1, ttlMs: () => versionMs, now });

  /** MLflow keeps dataset rows per experiment since 3.10 (mlflow#20657); before, one row serves the whole server. */
  async function sharing(experimentId: string): Promise<readonly string[]> {
    const version = await versions.get('version', () => mlflow.version().catch(() => ''));
    if (keepsRowsPerExperiment(version)) return [experimentId];
    return (await experiments.all()).map(({ id }) => id);
  }

  return {
    access,
    experiments,
    catalog: createCatalogFinder(mlflow),
    consumed: createConsumedCommits(mlflow),
    sources: {
      installations,
      lakefs: (name) => installations.find(({ settings }) => settings.name === name)?.facts,
      rules,
      now,
      ancestors: createAncestors(createRunReader(mlflow, experiments), rules, now),
      writers: createDatasetWriters(mlflow, sharing, now),
    },
    statesIn,
    stateOf: async (link, ownBranch) => {
      const reason = `no installation "${link.installation}" is configured`;
      return (await statesIn(link.installation)?.ofLink(link, ownBranch)) ?? { status: 'unknown', reason };
    },
    branchOf: ({ installation, repository, commit }) =>
      labels.get(`${installation} ${repository} ${commit}`, async () => {
        const known = installations.find(({ settings }) => settings.name === installation);
        if (known === undefined) return undefined;
        const experiment = catalogName({ installation, catalog: known.settings.catalog, repository });
        const registered = await registeredBranch(experiment, commit);
        return registered ?? branchHolding(known, repository, commit);
      }),
  };

  /** The label that the catalog run got when it was made. */
  async function registeredBranch(experiment: string, commit: string): Promise<string | undefined> {
    const entry = (await experiments.all()).find(({ name, active }) => active && name === experiment);
    if (entry === undefined) return undefined;
    const page = await mlflow.runs.searchRuns([entry.id], `tags.lakefs_commit = '${commit}'`, 'ALL', 10);
    const run = page.runs?.find(({ data }) =>
      data.tags?.some(({ key, value }) => key === 'lakefs.kind' && value === 'commit'),
    );
    return run?.data.tags?.find(({ key }) => key === 'lakefs_branch')?.value;
  }
}

/** An unknown version counts as an old one: the wider look is the safe one. */
function keepsRowsPerExperiment(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 10);
}
