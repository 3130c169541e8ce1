import { CatalogError } from '../../domain/catalog/error.js';
import { isNotFound } from '../../lakefs/errors.js';
import type { LakefsClient, LakefsCommit, LakefsRepository } from '../../lakefs/types.js';

/** Commits of a branch's log that are searched for one that answers 404. */
const maxListed = 1_000;

/**
 * Reads the repository. Throws a CatalogError where lakeFS says that there is none.
 */
export async function readRepository(lakefs: LakefsClient, repository: string): Promise<LakefsRepository> {
  try {
    return await lakefs.getRepository(repository);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CatalogError(
      'permanent',
      `lakeFS at ${lakefs.endpoint} has no repository "${repository}": if it was deleted, there is nothing to do; if the event came from another lakeFS, correct the address in its action`,
      { cause: error },
    );
  }
}

/**
 * Reads a commit back; undefined where lakeFS holds none of that id. A 404 for a commit that a branch's log lists is a
 * known fault of lakeFS that passes (cherry-picking a commit with metadata hides it until a restart): a transient
 * CatalogError.
 */
export async function readCommit(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  branches: readonly string[],
): Promise<LakefsCommit | undefined> {
  try {
    const found = await lakefs.getCommit(repository, commit);
    // lakeFS takes branch names and beginnings of ids as well.
    return found.id === commit ? found : undefined;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (!(await isListed(lakefs, repository, commit, branches))) return undefined;
    throw new CatalogError(
      'transient',
      `lakeFS lists commit ${commit.slice(0, 12)} of "${repository}" but answers 404 for it, which is temporary`,
      { cause: error },
    );
  }
}

async function isListed(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  branches: readonly string[],
): Promise<boolean> {
  for (const branch of new Set(branches)) {
    try {
      for await (const { id } of lakefs.log(repository, branch, { limit: maxListed })) {
        if (id === commit) return true;
      }
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return false;
}
