import { askBefore, tellAfter } from '../actions/dispatch.js';
import { ApiFailure } from '../failure.js';
import type { Commit } from '../model/commit.js';
import { mergeBase, mergeTrees, type Strategy } from '../model/merge.js';
import { addCommit, headOf, type Repository, refuseReadOnly } from '../model/repository.js';
import type { Tree } from '../model/tree.js';
import type { World } from '../world.js';
import { branchOf, refuseDirty, resolveOr } from './shared.js';

export interface MergeRequest {
  /** Empty means lakeFS's default message. */
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly strategy: Strategy;
  readonly squash: boolean;
  readonly allowEmpty: boolean;
}

/**
 * Merges a ref into a branch; there is no fast-forward.
 * @throws MergeConflict, ApiFailure
 */
export async function merge(
  world: World,
  repository: Repository,
  sourceRef: string,
  destination: string,
  request: MergeRequest,
): Promise<Commit> {
  refuseReadOnly(repository);
  const branch = branchOf(repository, destination);
  refuseDirty(branch);
  const source = resolveOr(
    repository,
    sourceRef,
    `update branch ${destination}: get commit by ref ${sourceRef}: not found`,
  ).commit;
  const message = request.message === '' ? `Merge '${sourceRef}' into '${destination}'` : request.message;
  const metadata = { ...request.metadata, '.lakefs.merge.strategy': request.strategy };
  const head = headOf(repository, branch);
  const tree = mergedTree(repository, head, source, destination, request);
  // The commit exists before anybody is asked: a refusal leaves it dangling.
  const made = addCommit(
    repository,
    {
      committer: world.user,
      message,
      createdMs: world.now(),
      metadata,
      parents: request.squash ? [head] : [head, source],
      tree,
    },
    source,
  );
  const facts = {
    branchId: destination,
    commitId: made.id,
    commitMessage: message,
    committer: world.user,
    metadata,
    mergeSource: sourceRef,
  };
  await askBefore(world, repository, { ...facts, type: 'pre-merge', sourceRef: source.id });
  if (branch.head !== head.id) throw new ApiFailure(500, 'predicate failed');
  branch.head = made.id;
  tellAfter(world, repository, { ...facts, type: 'post-merge', sourceRef: made.id });
  return made;
}

function mergedTree(
  repository: Repository,
  head: Commit,
  source: Commit,
  destination: string,
  request: MergeRequest,
): Tree {
  const base = mergeBase(repository, head, source);
  if (base.tree.sameAs(source.tree)) {
    if (!request.allowEmpty) throw new ApiFailure(400, `update branch ${destination}: no changes`);
    return head.tree;
  }
  return mergeTrees(base.tree, source.tree, head.tree, request.strategy);
}
