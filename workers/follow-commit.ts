import type { CommitKey } from '../src/contract/words.js';
import { count } from '../src/domain/common/text.js';
import type { Change } from '../src/domain/paths/dataset-paths.js';
import type { LakefsCommit } from '../src/lakefs/types.js';
import { type FollowHeadDependencies, followHead } from './follow-head.js';

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
  return affected.length === 0 ? undefined : `${count(affected.length, 'consumed commit')} looked at again`;
}
