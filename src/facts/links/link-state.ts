import type { Installation } from '../../config/types.js';
import type { Link } from '../../contract/run.js';
import { literalPart } from '../../domain/paths/path.js';
import { looksLikeCommit } from '../../domain/references/reference.js';
import { bestState, type LinkState, worstStates } from '../../domain/status/link-state.js';
import { isWatchedBranch } from '../../domain/status/watched-branch.js';
import { isGone, isNotFound } from '../../lakefs/errors.js';
import type { LakefsClient, LakefsCommit } from '../../lakefs/types.js';
import { type BranchState, createBranchState } from '../commits/branch-state.js';
import { createContainingBranches } from '../commits/containing-branches.js';
import type { LakefsFacts } from '../commits/lakefs-facts.js';
import { createCache, immutableMs } from '../common/cache.js';
import { createFailingReads } from '../common/failing-reads.js';
import { LakefsInconsistentError } from '../common/or-absent.js';
import { readCommitChanges } from '../datasets/commit-changes.js';
import { decideDatasets } from '../datasets/commit-datasets.js';

/** What became of the data of commits, in one lakeFS. */
export interface LinkStates {
  /**
   * Whether the data of a link is still good.
   *
   * Costs nothing where no head moved: one listing of the branches serves a repository for 10 s, and what lies between
   * two commits is remembered. After a move each (commit, path) that is linked costs, once for all its runs: one
   * request where the path is as it was; where it changed, some five, and where the change is older than 16 commits
   * two or three for each of at most 2·log2(10,000) more. A commit that the default branch lacks costs besides up to
   * 34 requests for its bytes there, and two requests for each branch that was not seen before, once for all commits.
   *
   * @param ownBranch the branch that the run itself names
   * @throws what the lakeFS client throws where the answer is not known
   */
  ofLink(link: Link, ownBranch: string | undefined): Promise<LinkState>;
  /**
   * The same for a commit: what its catalog run says. Each dataset path that it changed is judged by itself, and the
   * worst word counts.
   *
   * @param changed these paths, where they are known: it saves a request
   */
  ofCommit(repository: string, commit: string, changed?: readonly string[]): Promise<LinkState>;
  /** The promoted branches to which a commit's data came, by ancestry or by content; undefined where not known. */
  promotedTo(
    repository: string,
    commit: string,
    changed?: readonly string[],
  ): Promise<readonly string[] | undefined>;
  /**
   * The commits that a merge brought to the branch by its second parent, newest first: at most 1,000 of the first
   * parents there. Empty for every other commit. Two requests.
   */
  mergedBy(repository: string, commit: LakefsCommit): Promise<readonly string[]>;
  /** From now on the branches are as they are now. */
  forgetHeads(repository: string): void;
}

interface Parts {
  readonly settings: Installation;
  readonly facts: LakefsFacts;
  readonly lakefs: LakefsClient;
  readonly now: () => number;
}

/** Of the other branches that contain a commit so many are judged; mostly the first is current. */
const maxJudged = 20;
/** Promoted branches are few; more are not read. */
const maxPromoted = 20;
/** Commits of a merged branch that are read: a page of its log. */
const maxMerged = 1_000;

export function createLinkStates({ settings, facts, lakefs, now }: Parts): LinkStates {
  const { graph } = facts;
  const containing = createContainingBranches(graph);
  const branchState: BranchState = createBranchState(lakefs, graph, now);
  const changed = createCache<readonly string[]>({ size: 5_000, ttlMs: () => immutableMs, now });

  /** Undefined where the repository, its default branch or the commit is not there: then nothing is known. */
  async function placeOf(repository: string, commit: string) {
    const known = await facts.repository(repository);
    const found = known === undefined ? undefined : await facts.commit(repository, commit);
    if (known === undefined || found === undefined || found.id !== commit) return undefined;
    const heads = await facts.heads(repository);
    const defaultHead = heads.byBranch.get(known.default_branch);
    if (defaultHead === undefined) return undefined;
    return { defaultBranch: known.default_branch, defaultHead, heads, commit: found };
  }

  type Place = NonNullable<Awaited<ReturnType<typeof placeOf>>>;

  /** The dataset paths that a commit changed, emptied ones too. */
  const changedPaths = (
    repository: string,
    commit: LakefsCommit,
    known?: readonly string[],
  ): Promise<readonly string[]> =>
    changed.get(`${repository} ${commit.id}`, async () => {
      if (known !== undefined) return known;
      const found = await readCommitChanges(lakefs, repository, commit);
      const { paths } = await decideDatasets({ settings, facts }, repository, commit, found);
      return paths.map(({ path }) => path);
    });

  async function judge(
    repository: string,
    place: Place,
    path: string,
    lastChange: string | undefined,
    ownBranch: string | undefined,
  ): Promise<LinkState> {
    const { defaultBranch, defaultHead, heads, commit } = place;
    const named = literalPart(path);
    const data = { repository, commit, paths: [named], lastChange, byTable: named === path };
    const onDefault = await branchState.of(data, { name: defaultBranch, head: defaultHead }, 'content');
    if (onDefault !== undefined) return onDefault;
    const ownHead = ownBranch === undefined ? undefined : heads.byBranch.get(ownBranch);
    if (ownBranch !== undefined && ownHead !== undefined) {
      const onOwn = await branchState.of(data, { name: ownBranch, head: ownHead }, 'ancestry');
      if (onOwn !== undefined) return onOwn;
    }
    const branches = [...heads.byBranch];
    const isWatched = ([name]: readonly [string, string]): boolean =>
      isWatchedBranch(settings.branches, name);
    const watched = await containing.among(repository, commit.id, branches.filter(isWatched), defaultHead);
    const states: LinkState[] = [];
    for (const [name, head] of watched.slice(0, maxJudged)) {
      const state = await branchState.of(data, { name, head }, 'ancestry');
      if (state !== undefined) states.push(state);
      if (state?.status === 'current') break;
    }
    const best = bestState(states);
    if (best !== undefined) return best;
    if (!heads.complete)
      return unknown('there are too many branches to check whether one contains the commit');
    const unwatched = branches.filter((branch) => !isWatched(branch));
    const [other] = await containing.among(repository, commit.id, unwatched, defaultHead);
    // What is not watched is not judged, but a setting loses no data.
    if (other !== undefined) {
      return unknown(
        `only branches that are not watched contain the commit, such as "${other[0]}" (setting BRANCHES)`,
      );
    }
    return { status: 'orphaned', reason: 'no branch contains the commit any more' };
  }

  /** What hangs for one commit must not hold up every check of its runs. */
  const failing = createFailingReads(now);

  async function knownOr<T>(key: string, other: T, read: () => Promise<T>): Promise<T> {
    try {
      return await failing.run(key, read);
    } catch (error) {
      // Something was deleted while we read, lakeFS hides a commit for a while, or still knows one of an earlier
      // repository whose data is gone: none of these proves anything.
      if (isNotFound(error) || isGone(error) || error instanceof LakefsInconsistentError) return other;
      throw error;
    }
  }

  async function ofCommit(
    repository: string,
    commit: string,
    ownBranch?: string,
    known?: readonly string[],
  ): Promise<LinkState> {
    const place = await placeOf(repository, commit);
    if (place === undefined) return goneState(repository, commit);
    const paths = await changedPaths(repository, place.commit, known);
    if (paths.length === 0) return { status: 'current', reason: 'the commit changed no data' };
    const states = await Promise.all(paths.map((path) => judge(repository, place, path, commit, ownBranch)));
    // What rewrote one of several current paths is part of the answer.
    const worst = worstStates(states);
    return worst.find(({ rewritten }) => rewritten === true) ?? oldest(repository, worst);
  }

  /** Of states with the same word, that which has held longest on its branch. */
  async function oldest(repository: string, [first, ...others]: readonly LinkState[]): Promise<LinkState> {
    let found = first ?? unknown('nothing was judged');
    for (const other of others) {
      if (found.because === undefined || other.because === undefined) continue;
      if (other.because.branch !== found.because.branch) continue;
      if (await graph.contains(repository, found.because.commit, other.because.commit)) found = other;
    }
    return found;
  }

  return {
    ofLink: ({ repository, commit, path, ref, where }, runsBranch) =>
      knownOr(`link ${repository} ${commit} ${path} ${runsBranch}`, notThere, async () => {
        const heads = looksLikeCommit(ref) ? undefined : await headsOrNone(repository);
        const ownBranch = runsBranch ?? (heads?.has(ref) === true ? ref : undefined);
        // A source that names the root has read all of it; a tag that names a commit says nothing about paths.
        if (path === '' && where !== 'input') return ofCommit(repository, commit, ownBranch);
        const place = await placeOf(repository, commit);
        if (place === undefined) return goneState(repository, commit);
        return judge(repository, place, path, undefined, ownBranch);
      }),
    ofCommit: (repository, commit, known) =>
      knownOr(`commit ${repository} ${commit}`, notThere, () =>
        ofCommit(repository, commit, undefined, known),
      ),
    mergedBy: async (repository, { parents: [first, second] }) => {
      if (first === undefined || second === undefined) return [];
      const base = await graph.mergeBase(repository, first, second);
      const line = graph.line(repository, second);
      const found: string[] = [];
      for (let index = 0; index < maxMerged; index += 1) {
        const commit = await line.at(index);
        if (commit === undefined || commit.id === base) break;
        found.push(commit.id);
      }
      return found;
    },
    promotedTo: (repository, commit, known) =>
      knownOr<readonly string[] | undefined>(`promoted ${repository} ${commit}`, undefined, async () => {
        const place = await placeOf(repository, commit);
        if (place === undefined) return undefined;
        const { heads, defaultBranch } = place;
        const wanted = settings.promotedBranches;
        const isPromoted = (name: string): boolean =>
          wanted.length === 0 ? name === defaultBranch : isWatchedBranch(wanted, name);
        const branches = [...heads.byBranch].filter(([name]) => isPromoted(name)).slice(0, maxPromoted);
        const paths = await changedPaths(repository, place.commit, known);
        const data = { repository, commit: place.commit, paths };
        const came = await Promise.all(
          branches.map(([name, head]) =>
            branchState.holds(data, { name, head }, paths.length > 0 ? 'content' : 'ancestry'),
          ),
        );
        return branches.flatMap(([name], index) => (came[index] === true ? [name] : [])).sort();
      }),
    forgetHeads: (repository) => facts.forgetHeads(repository),
  };

  async function headsOrNone(repository: string): Promise<ReadonlyMap<string, string> | undefined> {
    const known = await facts.repository(repository);
    return known === undefined ? undefined : (await facts.heads(repository)).byBranch;
  }
}

function goneState(repository: string, commit: string): LinkState {
  return unknown(`lakeFS has no commit ${commit.slice(0, 12)} in "${repository}" now`);
}

const notThere = unknown('lakeFS answered that something is not there');

function unknown(reason: string): LinkState {
  return { status: 'unknown', reason };
}
