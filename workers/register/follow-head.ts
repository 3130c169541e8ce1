import type { Link } from '../../src/contract/run.js';
import type { CommitKey } from '../../src/contract/words.js';
import { promotedText } from '../../src/domain/catalog/life.js';
import { count } from '../../src/domain/common/text.js';
import type { Change } from '../../src/domain/paths/dataset-paths.js';
import { isTouched, type LinkState } from '../../src/domain/status/link-state.js';
import type { ConsumedCommit } from '../../src/facts/catalog/consumed-commits.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import type { LakefsCommit } from '../../src/lakefs/types.js';
import type { NewJob, Queues } from '../../src/queue/types.js';

export interface FollowHeadDependencies {
  readonly facts: ServerFacts;
  readonly queues: Pick<Queues, 'addMany'>;
}

/** A branch of a repository has moved, was created or is gone. */
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

/** Commits that were superseded, reverted or orphaned and may be good again: so many of the newest are checked. */
const maxRestored = 100;
const maxRestoredAfterReset = 500;

/**
 * Looks again at the consumed commits that a moved head may concern, and queues `register-commit` for those of which
 * something has become of what runs read there; that job then finds their runs. Answers with the queued commits.
 *
 * Costs one or two searches in the catalog (src/facts/catalog/consumed-commits.ts), shared by all who follow a head at the same
 * time. Older ones than the newest 100 that may be good again are found by the full resync. Then, for each of these
 * commits and each path read there that the move touched, what its state costs (src/facts/links/link-state.ts): nothing where
 * the branch that judges it did not move. The length of the history and the number of runs do not matter.
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
  const others = change === 'everything' ? maxRestoredAfterReset : maxRestored;
  const consumed = await facts.consumed.of(catalogId, others);
  const concerned = consumed.filter((commit) => isConcerned(commit, moved));
  const rechecks = await Promise.all(concerned.map((commit) => needsRecheck(commit, moved, facts)));
  const affected = concerned
    .filter((_, index) => rechecks[index] === true)
    .map(({ commit }) => ({ installation, repository, commit }));
  if (affected.length > 0) await queues.addMany(affected.map(registerJob));
  return affected;
}

/** The job that checks a commit's state and its runs. */
function registerJob(key: CommitKey): NewJob<'register-commit'> {
  return { name: 'register-commit', payload: { v: 1, ...key }, cause: 'reconcile' };
}

async function findCatalog(
  { access, experiments }: ServerFacts,
  head: MovedHead,
): Promise<string | undefined> {
  const wanted = access.installations.catalogOf(head);
  if (wanted === undefined) return undefined;
  return (await experiments.all()).find(({ name, active }) => active && name === wanted)?.id;
}

/** By the paths that runs read at the commit, and by those that it changed, for runs that named none. */
function isConcerned(
  { commit, readPaths, changedPaths }: ConsumedCommit,
  { change, merged }: MovedHead,
): boolean {
  if (change === 'everything' || merged?.has(commit) === true) return true;
  return [...readPaths, ...changedPaths].some((path) => isTouched(path, change));
}

/**
 * True where a state is not what the catalog says of it, or the data came to another branch. Of a table that was
 * rewritten the catalog says nothing: its runs have a flag.
 */
async function needsRecheck(
  { commit, status, consumedStatus, promotedTo, readPaths }: ConsumedCommit,
  { installation, repository, branch }: MovedHead,
  facts: ServerFacts,
): Promise<boolean> {
  const states = facts.statesIn(installation);
  if (states === undefined) return false;
  const differs = (state: LinkState, known: string | undefined): boolean =>
    (state.status !== 'unknown' && state.status !== known) || state.rewritten === true;
  if (differs(await states.ofCommit(repository, commit), status)) return true;
  const promoted = await states.promotedTo(repository, commit);
  if (promoted !== undefined && promotedText(promoted) !== promotedTo) return true;
  for (const path of readPaths) {
    const link = { ...anyLink, installation, repository, commit, path };
    for (const named of new Set([undefined, branch])) {
      if (differs(await facts.stateOf(link, named), consumedStatus)) return true;
    }
  }
  return false;
}

const anyLink: Omit<Link, 'installation' | 'repository' | 'commit' | 'path'> = {
  ...{ ref: '', name: '', certain: true, flags: [] },
  where: 'input',
  kind: 'exact',
};

export interface NewCommit {
  readonly key: CommitKey;
  readonly commit: LakefsCommit;
  /** What it changed, against its first parent. */
  readonly changes: readonly Change[];
  readonly branch: string | undefined;
  /** The repository's catalog experiment. */
  readonly catalogId: string;
}

/**
 * What a commit that is registered for the first time means for others: for what runs read under the paths that it
 * changed, and at the commits that a merge brought along. Costs what `followHead` costs, and for a merge two requests
 * to lakeFS. Answers with what it did, in words; undefined where there was nothing to do.
 *
 * @throws what the clients throw
 */
export async function followCommit(
  deps: FollowHeadDependencies,
  { key, commit, changes, branch, catalogId }: NewCommit,
): Promise<string | undefined> {
  const { installation, repository } = key;
  const change = changes.map(({ path }) => path);
  const merged = await deps.facts.statesIn(installation)?.mergedBy(repository, commit);
  const affected = await followHead(deps, {
    ...{ installation, repository, change, branch, catalogId },
    merged: new Set(merged),
  });
  return affected.length === 0 ? undefined : `${count(affected.length, 'consumed commit')} rechecked`;
}
