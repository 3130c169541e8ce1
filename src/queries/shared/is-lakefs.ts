import type { ServerAccess } from '../../facts/links/access.js';
import { isRefusal } from '../../lakefs/errors.js';
import type { LakefsClient } from '../../lakefs/types.js';

/**
 * Asks for the version, which throws where something else than lakeFS is under lakeFS's address. That answers 404 to
 * everything, which says nothing about a repository.
 *
 * @returns false where the user may not ask for it, which a lakeFS has understood all the same
 * @throws what the lakeFS client throws
 */
export async function assertIsLakefs(lakefs: LakefsClient): Promise<boolean> {
  try {
    await lakefs.version();
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  }
}

/**
 * Asks every lakeFS before many runs are judged by what it answers.
 *
 * @throws what the client threw where not one of them answers as lakeFS does
 */
export async function checkLakefs({ installations }: ServerAccess): Promise<void> {
  const answers = await Promise.allSettled(installations.all.map(({ lakefs }) => assertIsLakefs(lakefs)));
  const [first] = answers;
  if (first?.status === 'rejected' && answers.every(({ status }) => status === 'rejected'))
    throw first.reason;
}
