import { isDataOf, isHousekeeping } from '../../domain/status/housekeeping.js';
import type { LakefsClient, LakefsCommit } from '../../lakefs/types.js';
import type { PathCounts } from './schema.js';

/** A commit of the ref's first-parent history that changed the path. */
export interface FoundVersion {
  readonly commit: LakefsCommit;
  readonly counts: PathCounts;
}

export interface FoundVersions {
  /** Newest first. */
  readonly versions: readonly FoundVersion[];
  /** The commits that were read, newest first. */
  readonly walked: readonly LakefsCommit[];
  readonly cut: boolean;
}

/** Commits that are compared at once. */
const atOnce = 16;
const maxCounted = 1_000;

export interface WalkOptions {
  /** Versions that are wanted at most. */
  readonly limit: number;
  /** Commits that are read at most. */
  readonly maxWalked: number;
  readonly onProgress: (text: string) => void;
}

/**
 * The commits that changed a path: along first parents, each compared with its first parent, so that a merge counts as
 * the commit by which its changes came (lakeFS's own filter of the log by prefix leaves all merges out). Costs a
 * request per 1,000 commits and up to two per commit whose tree differs from its parent's.
 */
export async function findVersions(
  lakefs: LakefsClient,
  repository: string,
  ref: string,
  path: string,
  { limit, maxWalked, onProgress }: WalkOptions,
): Promise<FoundVersions> {
  const versions: FoundVersion[] = [];
  const walked: LakefsCommit[] = [];
  let batch: LakefsCommit[] = [];
  const judge = async (): Promise<void> => {
    const counts = await Promise.all(batch.map((commit) => countsOf(lakefs, repository, commit, path)));
    versions.push(
      ...batch.flatMap((commit, index) => {
        const found = counts[index];
        return found === undefined || isNothing(found) ? [] : [{ commit, counts: found }];
      }),
    );
    batch = [];
    onProgress(`${walked.length.toLocaleString('en')} commits read`);
  };
  for await (const commit of lakefs.log(repository, ref, { firstParent: true, limit: maxWalked + 1 })) {
    if (walked.length === maxWalked || versions.length >= limit) {
      await judge();
      return { versions: versions.slice(0, limit), walked, cut: true };
    }
    walked.push(commit);
    batch.push(commit);
    if (batch.length === atOnce) await judge();
  }
  await judge();
  return { versions: versions.slice(0, limit), walked, cut: versions.length > limit };
}

async function countsOf(
  lakefs: LakefsClient,
  repository: string,
  { id, parents: [parent] }: LakefsCommit,
  path: string,
): Promise<PathCounts> {
  let [added, changed, removed] = [0, 0, 0];
  const counts = (cut: boolean): PathCounts => ({ added, changed, removed, cut });
  for await (const type of changesUnder(lakefs, repository, [parent, id], path)) {
    if (added + changed + removed === maxCounted) return counts(true);
    if (type === 'added') added += 1;
    else if (type === 'removed') removed += 1;
    else changed += 1;
  }
  return counts(false);
}

/** `prefix=gold/train` also matches `gold/train_v2/`, so the object and the directory are asked for one by one. */
async function* changesUnder(
  lakefs: LakefsClient,
  repository: string,
  [parent, commit]: readonly [string | undefined, string],
  path: string,
): AsyncGenerator<string> {
  if (parent === undefined) {
    for await (const object of lakefs.objects(repository, commit, { prefix: path })) {
      if (isDataOf(object.path, path)) yield 'added';
    }
    return;
  }
  yield* diffTypes(lakefs, repository, [parent, commit], `${path}/`);
  // The object itself sorts before everything that begins with its name.
  for await (const entry of lakefs.diff(repository, parent, commit, { prefix: path })) {
    if (entry.path === path) yield entry.type;
    return;
  }
}

async function* diffTypes(
  lakefs: LakefsClient,
  repository: string,
  [parent, commit]: readonly [string, string],
  prefix: string,
): AsyncGenerator<string> {
  for await (const { type, path } of lakefs.diff(repository, parent, commit, { prefix })) {
    if (!isHousekeeping(path)) yield type;
  }
}

function isNothing({ added, changed, removed }: PathCounts): boolean {
  return added + changed + removed === 0;
}
