import { carryListings } from '../../domain/paths/carry-listings.js';
import type { PlaceOptions } from '../../domain/paths/dataset-places.js';
import type { DirectoryListings } from '../../domain/paths/known-tree.js';
import { wantedListings } from '../../domain/paths/wanted-listings.js';
import type { LakefsClient, LakefsCommit } from '../../lakefs/types.js';
import type { CommitChanges } from './commit-changes.js';

export interface ListingsReader {
  /**
   * What lies around the changes of a commit, as far as their datasets depend on it. Costs a listing for each directory
   * above them that is not known: usually three, at most 16, and none where the first parent was read before. The
   * answer depends on the commit alone, not on what was asked before, but for folders that hold more than 1,000 names and
   * for commits that need more than 16 listings.
   *
   * @param commit without parents where the changes are not those against the first of them
   * @throws what the lakeFS client throws
   */
  around(
    commit: Pick<LakefsCommit, 'id' | 'parents'>,
    changes: CommitChanges,
    options: PlaceOptions,
  ): Promise<DirectoryListings>;
}

const maxListings = 16;
/** One page. */
const maxNames = 1_000;
const maxCommits = 500;
/** Directories that are handed on from commit to commit. */
const maxDirectories = 64;

export function createListingsReader(lakefs: LakefsClient): ListingsReader {
  const memory = new Map<string, DirectoryListings>();

  function remember(key: string, known: DirectoryListings): void {
    memory.delete(key);
    memory.set(key, new Map([...known].slice(-maxDirectories)));
    const [oldest] = memory.keys();
    if (memory.size > maxCommits && oldest !== undefined) memory.delete(oldest);
  }

  function start(
    repository: string,
    { id, parents }: Pick<LakefsCommit, 'id' | 'parents'>,
    found: CommitChanges,
  ) {
    const own = memory.get(`${repository} ${id}`);
    if (own !== undefined) return own;
    const before = memory.get(`${repository} ${parents[0]}`);
    if (before === undefined || !found.complete) return new Map<string, readonly string[]>();
    return carryListings(before, found.changes);
  }

  return {
    async around(commit, found, options) {
      const { repository } = options;
      const known = new Map(start(repository, commit, found));
      let left = maxListings;
      while (left > 0) {
        const wanted = wantedListings(found.changes, { ...options, around: known }).slice(0, left);
        if (wanted.length === 0) break;
        left -= wanted.length;
        const reads = wanted.map(async (directory): Promise<[string, readonly string[]]> => {
          return [directory, await namesIn(lakefs, repository, commit.id, directory)];
        });
        for (const [directory, names] of await Promise.all(reads)) known.set(directory, names);
      }
      remember(`${repository} ${commit.id}`, known);
      return known;
    },
  };
}

async function namesIn(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  directory: string,
): Promise<readonly string[]> {
  const names: string[] = [];
  const listing = lakefs.objects(repository, commit, { prefix: directory, delimiter: '/', limit: maxNames });
  for await (const { path } of listing) if (path !== directory) names.push(path.slice(directory.length));
  return names;
}
