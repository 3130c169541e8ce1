import { catalogName } from '../src/domain/catalog-experiment.js';
import { consumedStatusTag, promotedText } from '../src/domain/catalog-life.js';
import { isTouched, type LinkState } from '../src/domain/link-state.js';
import type { Link, RunView } from '../src/domain/run.js';
import type { CommitKey } from '../src/domain/words.js';
import { runPages } from '../src/facts/run-pages.js';
import { viewOf } from '../src/facts/run-view.js';
import type { ServerFacts } from '../src/facts/server.js';
import type { NewJob, Queues } from '../src/queue/types.js';

export interface FollowHeadDependencies {
  readonly facts: ServerFacts;
  readonly queues: Pick<Queues, 'addMany'>;
}

/** A branch of a repository has moved, was made or is gone. */
export interface MovedHead {
  readonly installation: string;
  readonly repository: string;
  /**
   * What the move may have changed: objects, and directories with their slash. `everything` where a branch was reset
   * or deleted: which commits it lost is not known.
   */
  readonly change: readonly string[] | 'everything';
  /** The branch that moved, where it is known: runs may name it as theirs. */
  readonly branch?: string | undefined;
  /** Commits that a merge brought to the branch: it judges them from now on. */
  readonly merged?: ReadonlySet<string>;
  /** The repository's catalog experiment, where the caller knows it; it may be too new to be remembered. */
  readonly catalogId?: string;
}

/** Commits that were superseded, reverted or orphaned and may be good again: so many of the newest are looked at. */
const maxRestored = 100;
const maxRestoredAfterReset = 500;

/**
 * Looks again at the consumed commits that a moved head may concern, and queues `register-commit` for those of which
 * something has become of what runs read there; that job then finds their runs. Answers with the queued commits.
 *
 * Costs two searches in the catalog: one for the commits of which something is current (a page per 500 of them), one
 * for the newest 100 of the others, of which a revert of a revert may have restored one; older ones are found by the
 * slow lap over the runs. Then, for each of these commits and each path read there that the move touched, what its
 * state costs (src/facts/link-state.ts): nothing where the branch that judges it did not move. The length of the
 * history and the number of runs do not matter.
 *
 * @throws what the clients throw: whoever calls it tries again
 */
export async function followHead(
  { facts, queues }: FollowHeadDependencies,
  moved: MovedHead,
): Promise<readonly CommitKey[]> {
  const { installation, repository, change, merged } = moved;
  const states = facts.statesIn(installation);
  const catalogId = moved.catalogId ?? (await findCatalog(facts, moved));
  const concernsNobody = change.length === 0 && (merged === undefined || merged.size === 0);
  if (states === undefined || catalogId === undefined || concernsNobody) return [];
  states.forgetHeads(repository);
  const affected: CommitKey[] = [];
  const look = async (runs: readonly RunView[]): Promise<void> => {
    const concerned = runs.filter((run) => isConcerned(run, moved));
    const news = await Promise.all(concerned.map((run) => isNews(run, moved, facts)));
    for (const [index, { tags }] of concerned.entries()) {
      const commit = tags.get('lakefs_commit');
      if (news[index] === true && commit !== undefined) affected.push({ installation, repository, commit });
    }
  };
  const { mlflow } = facts.access;
  const consumed = `tags.\`lakefs.consumed\` = 'yes' AND tags.\`${consumedStatusTag}\``;
  for await (const page of runPages(mlflow, [catalogId], `${consumed} = 'current'`)) {
    await look(page.map(viewOf));
  }
  const limit = change === 'everything' ? maxRestoredAfterReset : maxRestored;
  const newest = ['attributes.start_time DESC'];
  const others = `${consumed} != 'current'`;
  const page = await mlflow.runs.searchRuns([catalogId], others, 'ACTIVE_ONLY', limit, newest);
  await look((page.runs ?? []).map(viewOf));
  if (affected.length > 0) await queues.addMany(affected.map(registerJob));
  return affected;
}

/** The job that looks at a commit's state and at its runs. */
function registerJob(key: CommitKey): NewJob<'register-commit'> {
  return { name: 'register-commit', payload: { v: 1, ...key }, cause: 'reconcile' };
}

async function findCatalog(
  { access, experiments }: ServerFacts,
  { installation, repository }: MovedHead,
): Promise<string | undefined> {
  const known = access.installations.find(({ settings }) => settings.name === installation);
  if (known === undefined) return undefined;
  const wanted = catalogName({ installation, catalog: known.settings.catalog, repository });
  return (await experiments.all()).find(({ name, active }) => active && name === wanted)?.id;
}

/** By the paths that runs read at the commit, and by those that it changed, for runs that named none. */
function isConcerned(run: RunView, { change, merged }: MovedHead): boolean {
  if (change === 'everything' || merged?.has(run.tags.get('lakefs_commit') ?? '') === true) return true;
  return [...readPaths(run), ...candidatePaths(run)].some((path) => isTouched(path, change));
}

function readPaths({ tags }: RunView): readonly string[] {
  return [...tags].flatMap(([key, value]) => (key.startsWith('lakefs.read.') ? [value] : []));
}

function candidatePaths(run: RunView): readonly string[] {
  return run.inputs.flatMap(({ source }) => {
    const path = /^\{"uri":("s3:.*")\}$/.exec(source)?.[1];
    return path === undefined ? [] : [String(JSON.parse(path)).split('/').slice(4).join('/')];
  });
}

/** True where a state is not what the catalog says of it, or the data came to another branch. */
async function isNews(
  run: RunView,
  { installation, repository, branch }: MovedHead,
  facts: ServerFacts,
): Promise<boolean> {
  const states = facts.statesIn(installation);
  const commit = run.tags.get('lakefs_commit') ?? '';
  if (states === undefined) return false;
  const differs = ({ status }: LinkState, tag: string): boolean =>
    status !== 'unknown' && status !== run.tags.get(tag);
  if (differs(await states.ofCommit(repository, commit), 'lakefs.status')) return true;
  const promoted = await states.promotedTo(repository, commit);
  if (promoted !== undefined && promotedText(promoted) !== run.tags.get('lakefs.promoted_to')) return true;
  for (const path of readPaths(run)) {
    const link = { ...anyLink, installation, repository, commit, path: path === '/' ? '' : path };
    for (const named of new Set([undefined, branch])) {
      if (differs(await facts.stateOf(link, named), consumedStatusTag)) return true;
    }
  }
  return false;
}

const anyLink: Omit<Link, 'installation' | 'repository' | 'commit' | 'path'> = {
  ...{ ref: '', name: '', certain: true, flags: [] },
  where: 'input',
  kind: 'exact',
};
