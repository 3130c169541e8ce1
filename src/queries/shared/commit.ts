import type { Installations } from '../../config/installations.js';
import type { CommitKey } from '../../contract/words.js';
import { lakefsCommitPage } from '../../domain/common/links-to.js';
import { branchContaining } from '../../facts/commits/containing-branches.js';
import type { KnownInstallation } from '../../facts/links/resolve.js';
import { iso } from './iso.js';
import type { CommitAnswer } from './schema.js';

/**
 * Reads a commit and finds a branch that contains it.
 *
 * @param label the branch that is known already: none is searched for then
 * @throws what the lakeFS client throws
 */
export async function commitAnswer(
  { installation, repository, commit }: CommitKey,
  installations: Installations<KnownInstallation>,
  label?: string,
): Promise<CommitAnswer> {
  const known = installations.named(installation);
  const facts = await known?.facts.commit(repository, commit);
  const found = known !== undefined && facts !== undefined;
  const branch = label ?? (found ? await branchContaining(known, repository, commit) : undefined);
  return {
    installation: known === undefined ? null : installation,
    repository,
    branch: branch ?? null,
    commit,
    found,
    message: facts?.message ?? null,
    committer: facts?.committer ?? null,
    date: facts === undefined ? null : iso(facts.creation_date * 1000),
    page: known === undefined ? null : lakefsCommitPage(known.settings.lakefs.publicUrl, repository, commit),
  };
}
