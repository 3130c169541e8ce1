import { askBefore, tellAfter } from '../actions/dispatch.js';
import { ApiFailure } from '../failure.js';
import type { Commit } from '../model/commit.js';
import { MergeConflict, mergeTrees } from '../model/merge.js';
import { addCommit, commitOf, headOf, type Repository, refuseReadOnly } from '../model/repository.js';
import { Tree } from '../model/tree.js';
import type { World } from '../world.js';
import { branchOf, refuseDirty, resolveOr } from './shared.js';

export interface CherryPickRequest {
  readonly ref: string;
  /** 1-based; undefined for a commit with one parent. */
  readonly parentNumber: number | undefined;
  readonly message: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Repeats a commit's changes on the branch. A commit is made even where nothing changes. */
export async function cherryPick(
  world: World,
  repository: Repository,
  branchName: string,
  request: CherryPickRequest,
): Promise<Commit> {
  refuseReadOnly(repository);
  const branch = branchOf(repository, branchName);
  refuseDirty(branch);
  const picked = resolveOr(repository, request.ref, `get commit from ref ${request.ref}: not found`).commit;
  if (picked.parents.length > 1 && request.parentNumber === undefined) {
    throw new ApiFailure(400, 'must specify 1-based parent number for cherry-picking merge commit');
  }
  const number = request.parentNumber ?? 1;
  if (number > 1 && number > picked.parents.length) {
    throw new ApiFailure(400, `parent ${number}: parent number is out of range`);
  }
  const parent = picked.parents[number - 1];
  const before = parent === undefined ? Tree.empty : commitOf(repository, parent).tree;
  const repeat = (): Tree => {
    try {
      return mergeTrees(before, picked.tree, headOf(repository, branch).tree, 'default');
    } catch (error) {
      if (error instanceof MergeConflict) throw new ApiFailure(409, 'update branch: conflict found');
      throw error;
    }
  };
  repeat();
  const metadata = {
    ...picked.metadata,
    ...request.metadata,
    'cherry-pick-origin': picked.id,
    'cherry-pick-committer': picked.committer,
  };
  const facts = {
    branchId: branchName,
    commitMessage: request.message ?? picked.message,
    committer: world.user,
    metadata,
  };
  await askBefore(world, repository, { ...facts, type: 'pre-cherry-pick', sourceRef: branchName });
  const made = addCommit(repository, {
    committer: world.user,
    message: facts.commitMessage,
    createdMs: world.now(),
    metadata,
    tree: repeat(),
    parents: [headOf(repository, branch)],
  });
  branch.head = made.id;
  tellAfter(world, repository, { ...facts, type: 'post-cherry-pick', sourceRef: made.id, commitId: made.id });
  return made;
}
