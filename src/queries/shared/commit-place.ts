import type { Installations } from '../../config/installations.js';
import type { CommitKey } from '../../contract/words.js';
import { lakefsCommitPage } from '../../domain/common/links-to.js';
import { branchContaining } from '../../facts/commits/containing-branches.js';
import type { KnownInstallation } from '../../facts/links/resolve.js';
import { iso } from './iso.js';
import type { CommitPlace } from './types.js';

/**
 * Reads a commit and finds a branch that holds it.
 *
 * @param label the branch that is known already: it is not looked up then
 * @throws what the lakeFS client throws
 */
export async function commitPlace(
  { installation, repository, commit }: CommitKey,
  installations: Installations<KnownInstallation>,
  label?: string,
): Promise<CommitPlace> {
  const known = installations.named(installation);
  if (known === undefined) return { repository, commit, server: undefined, facts: undefined, branch: label };
  const { endpoint, publicUrl } = known.settings.lakefs;
  const facts = await known.facts.commit(repository, commit);
  const branch = facts === undefined ? label : (label ?? (await branchContaining(known, repository, commit)));
  return { repository, commit, server: { installation, endpoint, publicUrl }, facts, branch };
}

export function commitJson({
  repository,
  commit,
  server,
  facts,
  branch,
}: CommitPlace): Record<string, unknown> {
  return {
    installation: server?.installation ?? null,
    repository,
    branch: branch ?? null,
    commit,
    found: facts !== undefined,
    message: facts?.message ?? null,
    committer: facts?.committer ?? null,
    date: facts === undefined ? null : iso(facts.creation_date * 1000),
    page: server === undefined ? null : lakefsCommitPage(server.publicUrl, repository, commit),
  };
}
