import { askBefore, tellAfter } from '../actions/dispatch.js';
import { ApiFailure } from '../failure.js';
import type { Commit } from '../model/commit.js';
import { addCommit, headOf, type Repository, refuseReadOnly } from '../model/repository.js';
import type { World } from '../world.js';
import { branchOf, refuseProtected } from './shared.js';

export interface CommitRequest {
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Seconds since 1970. */
  readonly date?: number;
  readonly allowEmpty: boolean;
}

/** Commits what is staged on the branch. */
export async function commit(
  world: World,
  repository: Repository,
  branchName: string,
  request: CommitRequest,
): Promise<Commit> {
  refuseReadOnly(repository);
  const branch = branchOf(repository, branchName);
  refuseProtected(repository, branchName, 'commit');
  const facts = {
    branchId: branchName,
    sourceRef: branchName,
    commitMessage: request.message,
    committer: world.user,
    metadata: request.metadata,
  };
  await askBefore(world, repository, { ...facts, type: 'prepare-commit' });
  if (
    !request.allowEmpty &&
    headOf(repository, branch).tree.with(branch.staged).sameAs(headOf(repository, branch).tree)
  ) {
    throw new ApiFailure(400, 'commit: no changes');
  }
  const asked = await askBefore(world, repository, { ...facts, type: 'pre-commit' });
  const head = headOf(repository, branch);
  const made = addCommit(repository, {
    committer: world.user,
    message: request.message,
    createdMs: request.date === undefined ? world.now() : request.date * 1000,
    metadata: request.metadata,
    parents: [head],
    tree: head.tree.with(branch.staged),
  });
  branch.head = made.id;
  branch.staged.clear();
  if (asked !== undefined) asked.commitId = made.id;
  tellAfter(world, repository, { ...facts, type: 'post-commit', sourceRef: made.id, commitId: made.id });
  return made;
}
