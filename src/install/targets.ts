import { isBranchName, isRepositoryName } from '../domain/references/lakefs-names.js';
import { isMachineBranch } from '../domain/status/watched-branch.js';
import type { LakefsClient } from '../lakefs/types.js';

/** lakeFS's own rule; the message says it, since lakeFS's is longer. */
export function repositoryNameProblem(name: string): string | undefined {
  if (isRepositoryName(name)) return undefined;
  return `"${name}" is not a lakeFS repository name: use 3 to 63 lower-case letters, digits and dashes`;
}

export function branchNameProblem(name: string): string | undefined {
  if (isBranchName(name)) return undefined;
  return `"${name}" is not a lakeFS branch name: use letters, digits, dashes and underscores only`;
}

/**
 * The branches to change: the named ones, or all that lakeFS lists (without hidden ones, and those that a program
 * made for one write), or the default one.
 */
export async function chooseBranches(
  lakefs: LakefsClient,
  repository: { readonly id: string; readonly default_branch: string },
  wanted: { readonly branches?: readonly string[] | undefined; readonly all?: boolean | undefined },
): Promise<readonly string[]> {
  if (wanted.branches !== undefined) return [...new Set(wanted.branches)];
  if (wanted.all !== true) return [repository.default_branch];
  const names: string[] = [];
  for await (const branch of lakefs.branches(repository.id)) {
    if (!isMachineBranch(branch.id)) names.push(branch.id);
  }
  return names;
}
