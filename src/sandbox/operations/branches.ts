import { askBefore, tellAfter } from '../actions/dispatch.js';
import { ApiFailure } from '../failure.js';
import { isBranchName } from '../model/names.js';
import { type Repository, refuseReadOnly } from '../model/repository.js';
import type { World } from '../world.js';
import { branchOf, resolveOr } from './shared.js';

export interface NewBranch {
  readonly name: string;
  readonly source: string;
  readonly hidden: boolean;
}

/** @returns the commit id that the branch points to */
export async function createBranch(
  world: World,
  repository: Repository,
  request: NewBranch,
): Promise<string> {
  const { name, source, hidden } = request;
  refuseReadOnly(repository);
  if (!isBranchName(name)) {
    throw new ApiFailure(
      400,
      'argument branch: branch id: invalid value: validation error: branch id must consist of letters, ' +
        'digits, underscores and dashes, and cannot start with a dash',
    );
  }
  if (repository.branches.has(name)) throw new ApiFailure(409, 'branch already exists: not unique');
  if (repository.commits.has(name)) throw new ApiFailure(409, `commit ID ${name}: conflict found`);
  if (repository.tags.has(name)) throw new ApiFailure(409, `tag ID ${name}: conflict found`);
  const { commit } = resolveOr(repository, source, `source reference '${source}': not found`);
  const facts = { branchId: name, sourceRef: source, commitId: commit.id };
  await askBefore(world, repository, { ...facts, type: 'pre-create-branch' });
  repository.branches.set(name, { name, hidden, head: commit.id, staged: new Map() });
  tellAfter(world, repository, { ...facts, type: 'post-create-branch' });
  return commit.id;
}

export async function deleteBranch(world: World, repository: Repository, name: string): Promise<void> {
  refuseReadOnly(repository);
  if (name === repository.defaultBranch) throw new ApiFailure(403, 'cannot delete repository default branch');
  const { head } = branchOf(repository, name);
  const facts = { branchId: name, sourceRef: head };
  await askBefore(world, repository, { ...facts, type: 'pre-delete-branch' });
  repository.branches.delete(name);
  tellAfter(world, repository, { ...facts, type: 'post-delete-branch' });
}

/** Moves the branch without any event; what is staged stays staged. */
export function hardReset(repository: Repository, name: string, ref: string): void {
  refuseReadOnly(repository);
  const branch = branchOf(repository, name);
  branch.head = resolveOr(repository, ref, `hard-reset ${name} to ${ref}: not found`).commit.id;
}

/** Drops uncommitted changes: all, those under a prefix, or of one object. */
export function resetStaged(repository: Repository, name: string, type: string, path: string): void {
  refuseReadOnly(repository);
  const { staged } = branchOf(repository, name);
  for (const key of [...staged.keys()]) {
    if (type === 'reset' || (type === 'object' ? key === path : key.startsWith(path))) staged.delete(key);
  }
}
