import { isWatchedBranch } from '../../../domain/status/watched-branch.js';
import type { LakefsRef } from '../../../lakefs/types.js';
import type { Place } from '../place.js';
import type { BranchState } from '../schema.js';
import type { Reaching } from './reach.js';
import type { Change } from './types.js';

/** Branches whose head is judged, the default one and the one that was asked about first. */
const maxBranches = 20;
/** Of a repository with thousands of branches. */
const maxListed = 10_000;
/**
 * Where a change lives now: what the heads of the watched branches hold of it. Costs a request per 1,000 branches, and
 * what `Reaching` says for each of 20.
 */
export async function branchStates(
  { known: { settings }, lakefs, repository, ref }: Place,
  change: Change,
  reaching: Reaching,
): Promise<{ readonly branches: readonly BranchState[]; readonly cut: boolean }> {
  if (change.kind === 'default' || change.changed.length === 0) return { branches: [], cut: false };
  const watched: LakefsRef[] = [];
  let listed = 0;
  for await (const branch of lakefs.branches(repository.id)) {
    if (isWatchedBranch(settings.branches, branch.id)) watched.push(branch);
    listed += 1;
    if (listed === maxListed) break;
  }
  const rank = ({ id }: LakefsRef): number => (id === repository.default_branch ? 0 : id === ref ? 1 : 2);
  const chosen = [...watched].sort((a, b) => rank(a) - rank(b)).slice(0, maxBranches);
  const branches = await Promise.all(
    chosen.map(async ({ id, commit_id }) => ({ branch: id, reach: (await reaching.of(commit_id, '')).kind })),
  );
  return {
    branches: branches.filter(({ reach }) => reach !== 'none'),
    cut: watched.length > chosen.length || listed === maxListed,
  };
}
