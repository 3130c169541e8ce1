import { asDirectory, folderOf, isUnder } from '../../domain/paths/path.js';
import type { LakefsClient, LakefsCommit, LakefsRepository } from '../../lakefs/types.js';
import { createCache } from '../common/cache.js';
import { orAbsent } from '../common/or-absent.js';
import { createListingsReader, type ListingsReader } from '../datasets/directory-listings.js';
import { createRefFacts, type RefFacts } from '../links/ref-facts.js';
import { createTableVersions, type TableVersions } from '../links/table-versions.js';
import { type CommitGraph, createCommitGraph } from './commit-graph.js';
import { type CommitHomes, createCommitRepositories } from './commit-repositories.js';
import { createPathHistory, type PathHistory } from './path-history.js';

/** What a lakeFS server holds, remembered for as long as it can be. Undefined answers mean a plain 404. */
export interface LakefsFacts {
  repository(repository: string): Promise<LakefsRepository | undefined>;
  /** The commit that a ref leads to. */
  commit(repository: string, ref: string): Promise<LakefsCommit | undefined>;
  branches(repository: string): Promise<readonly string[]>;
  /** The commit that each branch points to, hidden branches too. At most 10,000 are read; remembered for 10 s. */
  heads(repository: string): Promise<BranchHeads>;
  /** Forgets where the branches point: the next who asks has it as it is then. */
  forgetHeads(repository: string): void;
  /** True where no data at `path` (an object or a directory) differs between two commits: housekeeping is none. */
  equalUnder(repository: string, left: string, right: string, path: string): Promise<boolean>;
  /** True where the commit has an object at `path` (an object or a directory). */
  holds(repository: string, commit: string, path: string): Promise<boolean>;
  /**
   * The repositories that have a commit of this whole id, among those that match the globs `watched`.
   *
   * @param asOf Unix ms: that there is none is not older
   */
  repositoriesWith(commit: string, watched: readonly string[], asOf: number): Promise<CommitHomes>;
  /**
   * Learns for many paths of one commit whether it has an object there, by one request; what that does not tell is asked
   * for path by path later on.
   */
  learnPlaces(repository: string, commit: string, paths: readonly string[]): Promise<void>;
  readonly graph: CommitGraph;
  readonly refs: RefFacts;
  readonly paths: PathHistory;
  readonly tables: TableVersions;
  readonly listings: ListingsReader;
}

export interface BranchHeads {
  /** Commit ids by branch name. */
  readonly byBranch: ReadonlyMap<string, string>;
  /** False where there are more branches than are read. */
  readonly complete: boolean;
}

/** A repository may be deleted, and made again under its name. */
const repositoryMs = 60_000;
/** A commit that is not there yet may be there soon. */
const absentMs = 30_000;
/** How long ago the branches may have been read, in ms. */
const headMs = 10_000;
/** Objects in one request. */
const placesPage = 1_000;
/** Branches that are read; thousands are normal. */
const maxBranches = 10_000;

export function createLakefsFacts(lakefs: LakefsClient, now: () => number): LakefsFacts {
  const repositories = createCache<LakefsRepository | undefined>({
    size: 1_000,
    ttlMs: () => repositoryMs,
    now,
  });
  const commits = createCache<LakefsCommit | undefined>({
    size: 20_000,
    ttlMs: (commit) => (commit === undefined ? absentMs : repositoryMs),
    now,
  });
  const heads = createCache<BranchHeads>({ size: 1_000, ttlMs: () => headMs, now });
  // Commits never change.
  const held = createCache<boolean>({ size: 20_000, ttlMs: () => repositoryMs * 10, now });

  const graph = createCommitGraph(lakefs, now);

  const commitOf = (repository: string, ref: string): Promise<LakefsCommit | undefined> =>
    commits.get(`${repository} ${ref}`, () => orAbsent(() => lakefs.getCommit(repository, ref)));

  const headsOf = (repository: string): Promise<BranchHeads> =>
    heads.get(repository, async () => {
      const listing = lakefs.branches(repository, { hidden: true });
      const refs = await collect(listing, maxBranches);
      const byBranch = new Map(refs.map(({ id, commit_id }) => [id, commit_id]));
      return { byBranch, complete: refs.length < maxBranches };
    });

  const equalUnder: LakefsFacts['equalUnder'] = async (repository, left, right, path) => {
    const [a, b] = await Promise.all([commitOf(repository, left), commitOf(repository, right)]);
    if (a !== undefined && a.meta_range_id === b?.meta_range_id) return true;
    return !(await graph.difference.differsUnder(repository, left, right, path));
  };
  const holds: LakefsFacts['holds'] = (repository, commit, path) =>
    held.get(`${repository} ${commit} ${path}`, () => hasObject(lakefs, repository, commit, path));

  const refs = createRefFacts(lakefs, now);

  return {
    graph,
    refs,
    repositoriesWith: createCommitRepositories(lakefs, now),
    paths: createPathHistory(lakefs, { equalUnder, holds }, now),
    tables: createTableVersions(lakefs, { graph, refs, holds }, now),
    listings: createListingsReader(lakefs),
    repository: (repository) =>
      repositories.get(repository, () => orAbsent(() => lakefs.getRepository(repository))),
    commit: commitOf,
    branches: async (repository) => [...(await headsOf(repository)).byBranch.keys()],
    heads: headsOf,
    forgetHeads: (repository) => heads.forget(repository),
    equalUnder,
    holds,
    learnPlaces: async (repository, commit, paths) => {
      const prefix = commonDirectory(paths);
      const found = await collect(
        lakefs.objects(repository, commit, { prefix, limit: placesPage }),
        placesPage,
      );
      for (const path of paths) {
        const there = found.some((object) => isUnder(object.path, path));
        if (there || found.length < placesPage) held.put(`${repository} ${commit} ${path}`, there);
      }
    },
  };
}

/** `prefix=gold/train` also matches `gold/train_v2/`, so the object and the directory are asked for one by one. */
async function hasObject(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  path: string,
): Promise<boolean> {
  const directory = asDirectory(path);
  for (const prefix of new Set([directory, path])) {
    for await (const object of lakefs.objects(repository, commit, { prefix, limit: 1 })) {
      if (prefix === directory || object.path === path) return true;
    }
  }
  return false;
}

/** The directory that all paths are in; '' is the root. */
function commonDirectory([first = '', ...others]: readonly string[]): string {
  let common = first;
  for (const path of others) while (!path.startsWith(common)) common = common.slice(0, -1);
  return folderOf(common);
}

async function collect<T>(items: AsyncIterable<T>, limit: number): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) {
    found.push(item);
    if (found.length >= limit) break;
  }
  return found;
}
