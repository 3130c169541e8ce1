import { askBefore, tellAfter } from '../actions/dispatch.js';
import { ApiFailure } from '../failure.js';
import { MergeConflict, mergeTrees } from '../model/merge.js';
import { addCommit, commitOf, headOf, type Repository, refuseReadOnly } from '../model/repository.js';
import { Tree } from '../model/tree.js';
import type { World } from '../world.js';
import { branchOf, refuseDirty, resolveOr } from './shared.js';

export interface RevertRequest {
  readonly ref: string;
  /** 1-based; 0 for a commit with one parent. */
  readonly parentNumber: number;
  readonly message: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly allowEmpty: boolean;
}

/** Undoes on the branch what the commit changed against its parent. */
export async function revert(
  world: World,
  repository: Repository,
  branchName: string,
  request: RevertRequest,
): Promise<void> {
  refuseReadOnly(repository);
  const branch = branchOf(repository, branchName);
  refuseDirty(branch);
  const bad = resolveOr(repository, request.ref, `get commit from ref ${request.ref}: not found`).commit;
  if (bad.parents.length > 1 && request.parentNumber <= 0) {
    throw new ApiFailure(409, 'must specify 1-based parent number for reverting merge commit');
  }
  if (request.parentNumber > bad.parents.length) {
    throw new ApiFailure(400, `parent ${request.parentNumber}: parent number is out of range`);
  }
  const parent = bad.parents[Math.max(0, request.parentNumber - 1)];
  const before = parent === undefined ? Tree.empty : commitOf(repository, parent).tree;
  const undo = (): Tree => {
    const head = headOf(repository, branch).tree;
    try {
      const tree = mergeTrees(bad.tree, before, head, 'default');
      if (tree.sameAs(head) && !request.allowEmpty) throw new ApiFailure(400, 'update branch: no changes');
      return tree;
    } catch (error) {
      if (error instanceof MergeConflict) throw new ApiFailure(409, 'update branch: conflict found');
      throw error;
    }
  };
  undo();
  const facts = {
    branchId: branchName,
    commitMessage: request.message ?? `Revert ${request.ref}`,
    committer: world.user,
    metadata: request.metadata,
  };
  const asked = await askBefore(world, repository, { ...facts, type: 'pre-revert', sourceRef: branchName });
  const made = addCommit(repository, {
    committer: world.user,
    message: facts.commitMessage,
    createdMs: world.now(),
    metadata: request.metadata,
    tree: undo(),
    parents: [headOf(repository, branch)],
  });
  branch.head = made.id;
  if (asked !== undefined) asked.commitId = made.id;
  tellAfter(world, repository, { ...facts, type: 'post-revert', sourceRef: made.id, commitId: made.id });
}
