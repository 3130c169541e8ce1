import type { Installations } from '../../config/installations.js';
import { flags } from '../../contract/flags.js';
import type { Link, RunView } from '../../contract/run.js';
import { guideTag, ourTag } from '../../contract/tags.js';
import { failureOf } from '../../domain/common/failure.js';
import { mlflowVersionPage } from '../../domain/common/links-to.js';
import { literalPart } from '../../domain/paths/path.js';
import type { Address } from '../../domain/references/address.js';
import { isRepositoryName } from '../../domain/references/lakefs-names.js';
import { isOwnRunId } from '../../domain/references/run-id.js';
import { becauseText, type LinkState } from '../../domain/status/link-state.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { type Examination, examineRun } from '../../facts/links/examine.js';
import { branchOfRun } from '../../facts/links/propose.js';
import type { KnownInstallation } from '../../facts/links/resolve.js';
import { createServerFacts } from '../../facts/links/server.js';
import { viewOf } from '../../facts/runs/run-view.js';
import { isNotFound } from '../../mlflow/api-error.js';
import type { Experiment, Run } from '../../mlflow/types.js';
import { commitAnswer } from '../shared/commit.js';
import { explainEvidence } from '../shared/evidence.js';
import { assertIsLakefs } from '../shared/is-lakefs.js';
import { mlflowPublicUrl } from '../shared/mlflow-page.js';
import { NotThereError, noSuchRun } from '../shared/not-found.js';
import { judgedReferences, keptReason, unusedReference } from '../shared/references.js';
import { runFacts } from '../shared/run-facts.js';
import type { AskedModel, RunOf } from '../shared/run-of.js';
import type { CommitAnswer, LinkAnswer, ReferenceAnswer } from '../shared/schema.js';
import { certainty } from '../shared/words.js';
import { fixLines } from './advice.js';
import { readCatalogAnswer } from './catalog.js';
import { producedByRun, producedNothing } from './produced-by-run.js';
import type { ModelAnswer, RunLineage } from './schema.js';

/**
 * Finds out what a run read. Reads only, and asks little: the run, its experiment (never the list of all, which is
 * long on big servers), the repository, the commit and a branch that contains it for each link.
 *
 * @throws what the clients throw where something could not be read
 */
export async function readRunLineage(
  { runId, model }: RunOf,
  access: ServerAccess,
  now: () => number,
): Promise<RunLineage> {
  const run = await readRun(runId, model, access);
  const experiment = await access.mlflow.experiments.getExperiment(run.info.experiment_id);
  const view = viewOf(run);
  const facts = createServerFacts(access, now);
  const { installations } = facts.sources;
  const asked = {
    ...(model === undefined ? {} : { model: modelAnswer(model, access) }),
    run: runFacts(run, experiment.name, mlflowPublicUrl(access)),
  };
  const catalog = await readCatalogAnswer(view, experiment, installations);
  if (catalog !== undefined) {
    const notes = notesOf(view, experiment);
    return {
      ...{ kind: 'catalog', known: true, ...asked, notes, links: [], references: [] },
      ...{ made: producedNothing, catalog },
    };
  }
  const unread = createUnread();
  const examination = await examineRun(view, experiment.name, facts.sources);
  const references = [...judgedReferences(examination), ...unusedReferences(view, examination)];
  await checkAnswered(references, access);
  const links = await Promise.all(
    examination.links.map(async (link): Promise<LinkAnswer> => {
      const label =
        view.tags.get(guideTag.commit) === link.commit ? view.tags.get(guideTag.branch) : undefined;
      const commit = await commitAnswer(link, installations, label);
      const state = await unread.orElse(unknownState, () => facts.stateOf(link, branchOfRun(view)));
      const sameAs = await unread.orElse(noneEqual, () =>
        equalCommits(link, examination.links, installations),
      );
      return linkAnswer(link, commit, state, keptReason(link, references), sameAs);
    }),
  );
  const hint = links.length > 0 ? undefined : await findHint(references, installations);
  const made = await producedByRun(view, access);
  const mend = fixLines(view.id, links, hint);
  return {
    ...{ kind: 'run', known: links.length > 0, ...asked },
    notes: [...notesOf(view, experiment), ...unread.notes()],
    ...{ links, references, made },
    ...(mend === undefined ? {} : { mend }),
  };
}

/** What the run says that is no address of data, and the tags that we wrote ourselves. */
function unusedReferences(view: RunView, { none }: Examination): readonly ReferenceAnswer[] {
  const text = view.tags.get(guideTag.commit);
  const ours = text !== undefined && text === view.tags.linksTag.wrote[guideTag.commit];
  return [
    ...none.map(({ reason, ...at }) => unusedReference(at, reason)),
    ...(ours
      ? [
          unusedReference(
            { where: 'tag', name: guideTag.commit, text },
            'lakefs-mlflow wrote it, so it is an answer, not evidence',
          ),
        ]
      : []),
  ];
}

function linkAnswer(
  link: Link,
  commit: CommitAnswer,
  state: LinkState,
  kept: string | undefined,
  sameAs: readonly string[],
): LinkAnswer {
  const { path, ref, where, name, context, kind, certain } = link;
  return {
    ...commit,
    installation: link.installation,
    ...{ path, ref, where, name, context: context ?? null, kind, certain },
    flags: state.rewritten === true ? [...link.flags, flags.rewritten] : link.flags,
    explanation: `${certainty(link)}: ${explainEvidence(link)}`,
    kept: kept ?? null,
    status: state.status,
    because: state.because === undefined ? null : becauseText(state.because),
    statusReason: state.reason,
    sameAs,
  };
}

function modelAnswer(
  { asked, version, aliases, loggedModel }: AskedModel,
  access: ServerAccess,
): ModelAnswer {
  const page =
    version === undefined ? null : mlflowVersionPage(mlflowPublicUrl(access), version.name, version.version);
  return {
    ...{ asked, name: version?.name ?? null, version: version?.version ?? null, aliases },
    ...{ loggedModel: loggedModel ?? null, page },
  };
}

function unknownState(why: string): LinkState {
  return { status: 'unknown', reason: `could not be read: ${why}` };
}

/** Commits that cannot be compared are not called equal. */
function noneEqual(): readonly string[] {
  return [];
}

/** Some of what is known of a link may not be readable: the rest is shown all the same. */
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
        : `the run that produced ${model.asked} (${runId}) is gone from MLflow, so what it read is unknown`,
      { cause: error },
    );
  }
}

/** A word that can be a repository's name may be meant as one. */
function placeAdvice(runId: string): string {
  const mayBeOne = isRepositoryName(runId) && !isOwnRunId(runId);
  return mayBeOne ? `; for a repository, add a branch, tag or commit: ${runId}/main` : '';
}

/** Where nothing was found by an address that the run names, something else than lakeFS may have answered. */
async function checkAnswered(
  references: readonly ReferenceAnswer[],
  { installations }: ServerAccess,
): Promise<void> {
  if (references.some(({ verdict }) => verdict === 'commit')) return;
  if (references.every(({ repository }) => repository === null)) return;
  await Promise.all(installations.all.map(({ lakefs }) => assertIsLakefs(lakefs)));
}

/** Advice is no fact: where lakeFS does not answer for it, there is none. */
async function findHint(
  references: readonly ReferenceAnswer[],
  installations: Installations<KnownInstallation>,
): Promise<Address | undefined> {
  for (const { repository, ref, path } of references) {
    if (repository === null || ref === null || path === null) continue;
    for (const { facts } of installations.all) {
      const found = await facts.repository(repository).catch(() => undefined);
      if (found !== undefined) return { repository, ref, path };
    }
  }
  return undefined;
}

function notesOf(view: RunView, experiment: Experiment): readonly string[] {
  const { more } = view.tags.linksTag;
  const ignored = 'so the service leaves it alone; this answer is live';
  return [
    ...(view.active ? [] : ['The run is deleted in MLflow; its tags and inputs are still there.']),
    ...(experiment.lifecycle_stage === 'deleted' ? ['Its experiment is deleted in MLflow.'] : []),
    ...(view.terminal ? [] : ['The run has not ended; it may still name more.']),
    ...(view.tags.ignored ? [`The run is tagged ${ourTag.ignore}, ${ignored}.`] : []),
    ...(experiment.tags?.some(({ key, value }) => key === ourTag.ignore && value === 'true')
      ? [`Its experiment is tagged ${ourTag.ignore}, ${ignored}.`]
      : []),
    ...(more > 0 ? [`Its tag ${ourTag.links} has no room for ${more} more links.`] : []),
  ];
}
