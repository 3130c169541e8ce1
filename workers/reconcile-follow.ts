import type { CommitKey } from '../src/contract/words.js';
import { followHead } from './follow-head.js';
import type { Pass } from './reconcile-pass.js';

/**
 * Looks again at what runs read, where branches moved and no new commit tells of it: some were deleted or reset, one
 * went on to commits that were known already, or one was made at a commit that no branch pointed to (a restored one).
 * The first look of a process does not know where branches were: it looks at all, once. Costs nothing where none moved;
 * else what `followHead` costs, once for all of them.
 *
 * @param lost branches of which commits may be gone
 * @param knownBefore true for a head that was settled before this look
 */
export async function followSilentMoves(
  { facts, queues, payload, experimentId, heads, before, moves, reconcileMemory, key }: Pass,
  lost: readonly string[],
  knownBefore: (head: string) => boolean,
): Promise<readonly CommitKey[]> {
  const headOf = (branch: string): string => heads.get(branch) ?? '';
  const pointedTo = new Set(before.values());
  const silent = [
    ...lost,
    ...moves.moved.filter((branch) => knownBefore(headOf(branch))),
    ...moves.made.filter((branch) => !pointedTo.has(headOf(branch))),
  ];
  const isFirstLook = !reconcileMemory.heads.has(key);
  if (silent.length === 0 && !isFirstLook) return [];
  const { installation, repository } = payload;
  return followHead(
    { facts, queues },
    { installation, repository, change: 'everything', branch: silent[0], catalogId: experimentId },
  );
}
