import type { Change } from '../src/domain/dataset-paths.js';
import { count } from '../src/domain/text.js';
import type { CommitKey } from '../src/domain/words.js';
import type { LakefsCommit } from '../src/lakefs/types.js';
import { type FollowHeadDependencies, followHead, registerJob } from './follow-head.js';

export interface NewCommit {
  readonly key: CommitKey;
  readonly commit: LakefsCommit;
  /** What it changed, against its first parent. */
  readonly changes: readonly Change[];
  readonly branch: string | undefined;
  /** The repository's catalog experiment. */
  readonly catalogId: string;
}

/** Commits with the same tree, of which a squash merge may have been made. */
const maxEqualTrees = 20;

/**
 * What a commit that is registered for the first time means for others: for what runs read under the paths that it
 * changed (followHead tells what that costs), for the commits that a merge brought along, which are promoted
 * by it, and for those whose tree or change a squash merge or a cherry-pick took over. The former are at most 100, the
 * latter one search. Answers with what it did, in words; undefined where there was nothing to do.
 *
 * @throws what the clients throw
 */
export async function followCommit(
  deps: FollowHeadDependencies,
  { key, commit, changes, branch, catalogId }: NewCommit,
): Promise<string | undefined> {
  const { installation, repository } = key;
  const change = changes.map(({ path }) => path);
  const affected = await followHead(deps, { installation, repository, change, branch, catalogId });
  const merged = (await deps.facts.statesIn(installation)?.mergedBy(repository, commit)) ?? [];
  const taken = commit.parents.length === 1 ? await takenOver(deps, commit, catalogId) : [];
  const known = new Set([key.commit, ...affected.map((other) => other.commit)]);
  const more = [...new Set([...merged, ...taken])].filter((id) => !known.has(id));
  if (more.length > 0) await deps.queues.addMany(more.map((id) => registerJob({ ...key, commit: id })));
  const total = affected.length + more.length;
  return total === 0 ? undefined : `${count(total, 'other commit')} looked at again`;
}

/** Commits whose data a squash merge, a cherry-pick or an import brought here without their history. */
async function takenOver(
  { facts }: FollowHeadDependencies,
  { metadata, meta_range_id }: LakefsCommit,
  catalogId: string,
): Promise<readonly string[]> {
  const origin = metadata['cherry-pick-origin'];
  const picked = origin !== undefined && /^[0-9a-f]{64}$/.test(origin) ? [origin] : [];
  if (origin === undefined && metadata['.lakefs.merge.strategy'] === undefined) return [];
  if (meta_range_id === '') return picked;
  const filter = `tags.\`lakefs.meta_range\` = '${meta_range_id}'`;
  const page = await facts.access.mlflow.runs.searchRuns([catalogId], filter, 'ACTIVE_ONLY', maxEqualTrees);
  const equal = (page.runs ?? []).flatMap(({ data }) =>
    (data.tags ?? []).flatMap(({ key, value }) => (key === 'lakefs_commit' ? [value] : [])),
  );
  return [...picked, ...equal];
}
