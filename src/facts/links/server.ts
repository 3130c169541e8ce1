import { createInstallations } from '../../config/installations.js';
import type { Link, RunView } from '../../contract/run.js';
import { catalogKind, guideTag, whereTag } from '../../contract/tags.js';
import type { CommitKey } from '../../contract/words.js';
import { chooseCatalogRun } from '../../domain/catalog/plan.js';
import { holdsNothing } from '../../domain/links/readings.js';
import type { LinkState } from '../../domain/status/link-state.js';
import { type ConsumedCommits, createConsumedCommits } from '../catalog/consumed-commits.js';
import { type CatalogFinder, createCatalogFinder } from '../catalog/finder.js';
import { branchContaining } from '../commits/containing-branches.js';
import { createLakefsFacts } from '../commits/lakefs-facts.js';
import { createCache } from '../common/cache.js';
import { createAncestors } from '../runs/ancestors.js';
import { createDatasetWriters } from '../runs/dataset-writers.js';
import { createExperiments, type Experiments } from '../runs/experiments.js';
import { createHeavyRuns, type HeavyRuns } from '../runs/known-runs.js';
import { searchRuns } from '../runs/run-pages.js';
import { createRunReader } from '../runs/run-reader.js';
import type { ServerAccess } from './access.js';
import type { ExaminationSources } from './examine.js';
import { createLinkStates, type LinkStates } from './link-state.js';

/** All that can be read about one MLflow server and the lakeFS servers beside it, with what is remembered. */
export interface ServerFacts {
  readonly access: ServerAccess;
  readonly experiments: Experiments;
  readonly catalog: CatalogFinder;
  readonly consumed: ConsumedCommits;
  readonly heavy: HeavyRuns;
  readonly sources: ExaminationSources;
  /**
   * The branch that labels a commit: the one on its catalog run, undefined where that has none. Before there is a catalog
   * run, what `holdingBranch` says: the same question gives the catalog run its label, unless a hook names another branch.
   */
  branchOf(commit: CommitKey): Promise<string | undefined>;
  /** A watched branch that holds a commit now; undefined where none does. */
  holdingBranch(commit: CommitKey): Promise<string | undefined>;
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
/** A guess, or that there is no label: the catalog run may get one at any moment. */
const noLabelMs = 2_000;

interface Label {
  readonly branch: string | undefined;
  /** True where the catalog run has it, which keeps it. */
  readonly lasting: boolean;
}
const versionMs = 10 * 60_000;

/** Nothing is read yet. Each `ServerFacts` remembers for itself. */
export function createServerFacts(access: ServerAccess, now: () => number): ServerFacts {
  const { mlflow } = access;
  const installations = createInstallations(
    access.installations.all.map(({ settings, lakefs }) => {
      const facts = createLakefsFacts(lakefs, now);
      return { settings, lakefs, facts, states: createLinkStates({ settings, facts, lakefs, now }) };
    }),
  );
  const statesIn = (name: string): LinkStates | undefined => installations.named(name)?.states;
  const experiments = createExperiments(mlflow, now);
  const heavy = createHeavyRuns(now);
  const rules = installations.rules();
  const labels = createCache<Label>({
    size: 20_000,
    ttlMs: ({ lasting }) => (lasting ? labelMs : noLabelMs),
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
    heavy,
    sources: {
      installations,
      lakefs: (name) => installations.named(name)?.facts,
      rules,
      now,
      ancestors: createAncestors(createRunReader(mlflow, experiments, heavy), rules, now),
      writers: createDatasetWriters(mlflow, sharing, heavy, now),
    },
    statesIn,
    stateOf: async (link, ownBranch) => {
      if (holdsNothing(link)) return { status: 'unknown', reason: 'the commit holds nothing at this path' };
      const reason = `no installation "${link.installation}" is configured`;
      return (await statesIn(link.installation)?.ofLink(link, ownBranch)) ?? { status: 'unknown', reason };
    },
    branchOf: async (key) => {
      const { installation, repository, commit } = key;
      const label = await labels.get(`${installation} ${repository} ${commit}`, async () => {
        const run = await catalogRunOf(key);
        const branch = run === undefined ? await holdingBranch(key) : run.tags.get(guideTag.branch);
        return { branch, lasting: run !== undefined && branch !== undefined };
      });
      return label.branch;
    },
    holdingBranch,
  };

  async function holdingBranch({ installation, repository, commit }: CommitKey): Promise<string | undefined> {
    const known = installations.named(installation);
    return known === undefined ? undefined : branchContaining(known, repository, commit);
  }

  /** Of several that two processes made at once the one that stays; else one that a person has deleted. */
  async function catalogRunOf(key: CommitKey): Promise<RunView | undefined> {
    const wanted = installations.catalogOf(key);
    if (wanted === undefined) return undefined;
    const entry = (await experiments.all()).find(({ name, active }) => active && name === wanted);
    if (entry === undefined) return undefined;
    const found = await searchRuns(mlflow, [entry.id], whereTag(guideTag.commit, key.commit), 'ALL');
    return chooseCatalogRun(found).run ?? found.find(({ tags }) => tags.kind === catalogKind.commit);
  }
}

/** An unknown version counts as an old one: the wider search is the safe one. */
function keepsRowsPerExperiment(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 10);
}
