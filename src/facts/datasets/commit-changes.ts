import { limits } from '../../contract/limits.js';
import { isPartition, isYear } from '../../domain/paths/dataset-directory.js';
import type { Change } from '../../domain/paths/dataset-paths.js';
import { noDataset } from '../../domain/paths/no-data.js';
import { parentDirectory } from '../../domain/paths/path.js';
import type { LakefsClient, LakefsCommit } from '../../lakefs/types.js';

/** What a commit changed, seen from its first parent. */
export interface CommitChanges {
  /** Where not complete: common prefixes only. */
  readonly changes: readonly Change[];
  /** False where there was more to read than the limit: there are no numbers then. */
  readonly complete: boolean;
}

/** Entries of a difference that are read one by one. */
export const maxChanges = 10_000;

/** Listings that are read to find the directories of a difference that is too long. */
const maxListings = 100;

/**
 * Reads what a commit changed against its first parent; for a commit without parents, everything it holds.
 * Beyond `limit` entries it reads common prefixes, and goes down as long as they hold nothing but a few more.
 * Throws what the lakeFS client throws.
 *
 * @param maxFolders of these prefixes at most
 */
export async function readCommitChanges(
  lakefs: LakefsClient,
  repository: string,
  commit: LakefsCommit,
  limit = maxChanges,
  maxFolders: number = limits.datasets,
): Promise<CommitChanges> {
  const changes: Change[] = [];
  for await (const change of list(lakefs, repository, commit)) {
    if (changes.length === limit) {
      return { changes: await changedPrefixes(lakefs, repository, commit, maxFolders), complete: false };
    }
    changes.push(change);
  }
  return { changes, complete: true };
}

async function* list(
  lakefs: LakefsClient,
  repository: string,
  commit: LakefsCommit,
  options: { prefix?: string; delimiter?: string } = {},
): AsyncIterable<Change> {
  const parent = commit.parents[0];
  if (parent !== undefined) {
    yield* lakefs.diff(repository, parent, commit.id, { type: 'two_dot', ...options });
    return;
  }
  for await (const { path, path_type, size_bytes } of lakefs.objects(repository, commit.id, options)) {
    yield { type: 'added', path, path_type, ...(size_bytes === undefined ? {} : { size_bytes }) };
  }
}

async function changedPrefixes(
  lakefs: LakefsClient,
  repository: string,
  commit: LakefsCommit,
  maxFolders: number,
): Promise<readonly Change[]> {
  const found: Change[] = [];
  const waiting: Change[] = [prefixChange('')];
  for (let listings = 0; waiting.length > 0; listings += 1) {
    const [next] = waiting.splice(0, 1);
    if (next === undefined) break;
    const room = maxFolders - found.length - waiting.length;
    const children =
      listings < maxListings
        ? await onlyPrefixes(list(lakefs, repository, commit, { prefix: next.path, delimiter: '/' }), room)
        : undefined;
    if (children === undefined) found.push(next);
    else waiting.push(...children);
  }
  return found;
}

/** The prefixes of one level, or undefined where the level itself is the dataset, or has too many of them. */
async function onlyPrefixes(
  level: AsyncIterable<Change>,
  room: number,
): Promise<readonly Change[] | undefined> {
  const prefixes: Change[] = [];
  const isNone = noDataset();
  for await (const { path, path_type } of level) {
    if (isNone(path_type === 'object' ? path : `${path}…`)) continue;
    if (path_type === 'object') return undefined;
    const name = path.slice(parentDirectory(path).length, -1);
    if (isPartition(name) || isYear(name) || name === '_delta_log' || prefixes.length >= room)
      return undefined;
    prefixes.push(prefixChange(path));
  }
  return prefixes;
}

function prefixChange(path: string): Change {
  return { type: 'prefix_changed', path, path_type: 'common_prefix' };
}
