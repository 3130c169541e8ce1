import { askBefore, tellAfter } from '../actions/dispatch.js';
import { ApiFailure, notFound } from '../failure.js';
import { isTagName } from '../model/names.js';
import { type Repository, refuseReadOnly } from '../model/repository.js';
import type { World } from '../world.js';
import { resolveOr } from './shared.js';

/** @returns the commit id that the tag points to */
export async function createTag(
  world: World,
  repository: Repository,
  id: string,
  ref: string,
): Promise<string> {
  refuseReadOnly(repository);
  if (!isTagName(id)) throw new ApiFailure(400, 'argument tagID: tag id: invalid value: validation error');
  if (repository.branches.has(id)) throw new ApiFailure(409, `branch name ${id}: conflict found`);
  if (repository.commits.has(id)) throw new ApiFailure(409, `commit ID ${id}: conflict found`);
  const { commit } = resolveOr(repository, ref, 'not found');
  if (repository.tags.has(id)) throw new ApiFailure(409, 'tag already exists: not unique');
  const facts = { tagId: id, sourceRef: commit.id, commitId: commit.id };
  await askBefore(world, repository, { ...facts, type: 'pre-create-tag' });
  repository.tags.set(id, commit.id);
  tellAfter(world, repository, { ...facts, type: 'post-create-tag' });
  return commit.id;
}

export async function deleteTag(world: World, repository: Repository, id: string): Promise<void> {
  refuseReadOnly(repository);
  const commitId = repository.tags.get(id);
  if (commitId === undefined) throw notFound('tag not found');
  const facts = { tagId: id, sourceRef: commitId, commitId };
  await askBefore(world, repository, { ...facts, type: 'pre-delete-tag' });
  repository.tags.delete(id);
  tellAfter(world, repository, { ...facts, type: 'post-delete-tag' });
}
