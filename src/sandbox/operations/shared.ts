import { ApiFailure, notFound } from '../failure.js';
import { matchesGlob } from '../model/names.js';
import { RefInvalid, RefNotFound, type Resolved, resolveRef } from '../model/refs.js';
import type { Branch, Repository } from '../model/repository.js';

/** @throws ApiFailure 404 */
export function branchOf(repository: Repository, name: string): Branch {
  const branch = repository.branches.get(name);
  if (branch === undefined) throw notFound('branch not found');
  return branch;
}

/** Resolves, or answers with a message of the caller's: lakeFS words it differently in every call. */
export function resolveOr(
  repository: Repository,
  ref: string,
  missing: string,
  invalid: (message: string) => ApiFailure = (message) => new ApiFailure(400, message),
): Resolved {
  try {
    return resolveRef(repository, ref);
  } catch (error) {
    if (error instanceof RefNotFound) throw notFound(missing);
    if (error instanceof RefInvalid) throw invalid(error.message);
    throw error;
  }
}

export function refuseDirty(branch: Branch): void {
  if (branch.staged.size > 0) throw new ApiFailure(400, 'uncommitted changes (dirty branch)');
}

/** @throws ApiFailure 403. Merges and deletion are not refused. */
export function refuseProtected(repository: Repository, branch: string, verb: 'write' | 'commit'): void {
  if (repository.protectedBranches.some((pattern) => matchesGlob(pattern, branch))) {
    throw new ApiFailure(403, `cannot ${verb} to protected branch`);
  }
}
