import type { Installations } from '../../config/installations.js';
import { readLinksTag } from '../../contract/links-tag.js';
import type { Link, RunView } from '../../contract/run.js';
import { guideTag, ourTag } from '../../contract/tags.js';
import { failureOf } from '../../domain/common/failure.js';
import { mlflowVersionPage } from '../../domain/common/links-to.js';
import { literalPart } from '../../domain/paths/path.js';
import type { Address } from '../../domain/references/address.js';
import { isRepositoryName } from '../../domain/references/repository-name.js';
import { isOwnRunId } from '../../domain/references/run-id.js';
import type { LinkState } from '../../domain/status/link-state.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { examineRun } from '../../facts/links/examine.js';
import { branchOfRun } from '../../facts/links/propose.js';
import type { KnownInstallation } from '../../facts/links/resolve.js';
import { createServerFacts } from '../../facts/links/server.js';
import { viewOf } from '../../facts/runs/run-view.js';
import { isNotFound } from '../../mlflow/api-error.js';
import type { Experiment, Run } from '../../mlflow/types.js';
import { commitPlace } from '../shared/commit-place.js';
import { keptReason } from '../shared/examined-run.js';
import { assertIsLakefs } from '../shared/is-lakefs.js';
import { mlflowPublicUrl } from '../shared/mlflow-page.js';
import { NotThereError, noSuchRun } from '../shared/not-found.js';
import { runFacts } from '../shared/run-facts.js';
import type { AskedModel, RunOf } from '../shared/run-of.js';
import type { LookedAt } from '../shared/types.js';
import { catalogFacts } from './catalog-facts.js';
import { madeByRun, madeNothing } from './produced-by-run.js';
import { lookedAt } from './scan-coverage.js';
import type { FoundLink, Lineage } from './types.js';

/**
 * Finds out what a run read. Reads only, and asks little: the run, its experiment (never the list of all, which is
 * long on big servers), the repository, the commit and a branch that holds it for each link.
 *
 * @throws what the clients throw where something could not be read
 */
export async function lookAtRun(
  { runId, model }: RunOf,
  access: ServerAccess,
  now: () => number,
): Promise<Lineage> {
  const run = await readRun(runId, model, access);
  const experiment = await access.mlflow.experiments.getExperiment(run.info.experiment_id);
  const view = viewOf(run);
  const facts = createServerFacts(access, now);
  const base = {
    model: model === undefined ? undefined : { ...model, page: modelPage(model, access) },
    run: runFacts(run, experiment.name, mlflowPublicUrl(access)),
    notes: notes(view, experiment),
  };
  const catalog = await catalogFacts(view, experiment, facts.sources.installations);
  if (catalog !== undefined)
    return { ...base, catalog, links: [], references: [], made: madeNothing, hint: undefined };
  const unread = createUnread();
  const examination = await examineRun(view, experiment.name, facts.sources);
  const references = lookedAt(view, examination);
  await checkAnswered(references, access);
  const links = await Promise.all(
    examination.links.map(async (link): Promise<FoundLink> => {
      const kept = keptReason(link, references);
      const label =
        view.tags.get(guideTag.commit) === link.commit ? view.tags.get(guideTag.branch) : undefined;
      return {
        ...{ link, kept, place: await commitPlace(link, facts.sources.installations, label) },
        state: await unread.orElse(notKnown, () => facts.stateOf(link, branchOfRun(view))),
        sameAs: await unread.orElse(noneEqual, () =>
          equalCommits(link, examination.links, facts.sources.installations),
        ),
      };
    }),
  );
  const hint = links.length > 0 ? undefined : await findHint(references, facts.sources.installations);
  const made = await madeByRun(view, access);
  return {
    ...base,
    notes: [...base.notes, ...unread.notes()],
    ...{ catalog: undefined, links, references, made, hint },
  };
}

function notKnown(why: string): LinkState {
  return { status: 'unknown', reason: `could not be read: ${why}` };
}

/** Commits that cannot be compared are not called equal. */
function noneEqual(): readonly string[] {
  return [];
}

/** What is known of a link is told, even where some of it cannot be read. */
function createUnread() {
  const reasons = new Set<string>();
  return {
    async orElse<T>(other: (why: string) => T, read: () => Promise<T>): Promise<T> {
      try {
        return await read();
      } catch (error) {
        if (failureOf(error) === undefined || !(error instanceof Error)) throw error;
        reasons.add(error.message);
        return other(error.message);
      }
    },
    notes: (): readonly string[] => [...reasons].map((reason) => `Some of this could not be read: ${reason}`),
  };
}

/** A run with many commits is answered without this: each pair may cost a request. */
const maxCompared = 10;

/** The other commits that a run names at which the link's path holds the same bytes. */
async function equalCommits(
  link: Link,
  links: readonly Link[],
  installations: Installations<KnownInstallation>,
): Promise<readonly string[]> {
  const isOther = (other: Link): boolean =>
    other.installation === link.installation &&
    other.repository === link.repository &&
    other.commit !== link.commit;
  const facts = installations.named(link.installation)?.facts;
  const commits = [...new Set(links.filter(isOther).map(({ commit }) => commit))];
  if (facts === undefined || link.path === '') return [];
  if (commits.length === 0 || commits.length > maxCompared) return [];
  const path = literalPart(link.path);
  const there = async (commit: string): Promise<boolean> =>
    (await facts.commit(link.repository, commit)) !== undefined &&
    (await facts.holds(link.repository, commit, path));
  if (!(await there(link.commit))) return [];
  const equal = await Promise.all(
    commits.map(
      async (commit) => (await there(commit)) && facts.equalUnder(link.repository, link.commit, commit, path),
    ),
  );
  return commits.filter((_, index) => equal[index]);
}

async function readRun(runId: string, model: AskedModel | undefined, { mlflow }: ServerAccess): Promise<Run> {
  try {
    return await mlflow.runs.getRun(runId);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new NotThereError(
      model === undefined
        ? noSuchRun(mlflow.trackingUri, runId) + placeAdvice(runId)
        : `the run that made ${model.asked} (${runId}) is gone from MLflow, so what it read cannot be known`,
      { cause: error },
    );
  }
}

/** A word that can be a repository's name was perhaps meant as one. */
function placeAdvice(runId: string): string {
  const mayBeOne = isRepositoryName(runId) && !isOwnRunId(runId);
  return mayBeOne ? `; a repository is asked about with a branch, tag or commit: ${runId}/main` : '';
}

/** Where nothing was found by an address that the run names, something else than lakeFS may have answered. */
async function checkAnswered(
  references: readonly LookedAt[],
  { installations }: ServerAccess,
): Promise<void> {
  if (references.some(({ verdict }) => verdict.kind === 'commit')) return;
  if (references.every(({ address }) => address === undefined)) return;
  await Promise.all(installations.all.map(({ lakefs }) => assertIsLakefs(lakefs)));
}

/** Advice is no fact: where lakeFS does not answer for it, there is none. */
async function findHint(
  references: readonly LookedAt[],
  installations: Installations<KnownInstallation>,
): Promise<Address | undefined> {
  for (const { address } of references) {
    if (address === undefined) continue;
    for (const { facts } of installations.all) {
      const repository = await facts.repository(address.repository).catch(() => undefined);
      if (repository !== undefined) return address;
    }
  }
  return undefined;
}

function modelPage({ version }: AskedModel, access: ServerAccess): string | undefined {
  if (version === undefined) return undefined;
  return mlflowVersionPage(mlflowPublicUrl(access), version.name, version.version);
}

function notes(view: RunView, experiment: Experiment): readonly string[] {
  const { more } = readLinksTag(view.tags);
  const ignored = 'so the service leaves it alone; this answer is live';
  return [
    ...(view.active ? [] : ['The run is deleted in MLflow; what it said is still there.']),
    ...(experiment.lifecycle_stage === 'deleted' ? ['Its experiment is deleted in MLflow.'] : []),
    ...(view.terminal ? [] : ['The run has not ended: it may still name more.']),
    ...(view.tags.get(ourTag.ignore) === 'true' ? [`The run is tagged ${ourTag.ignore}, ${ignored}.`] : []),
    ...(experiment.tags?.some(({ key, value }) => key === ourTag.ignore && value === 'true')
      ? [`Its experiment is tagged ${ourTag.ignore}, ${ignored}.`]
      : []),
    ...(more > 0 ? [`Its tag ${ourTag.links} left out ${more} links for want of room.`] : []),
  ];
}
