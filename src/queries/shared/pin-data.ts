import type { Installations } from '../../config/installations.js';
import { isDeclarable, type PinnedData } from '../../domain/references/run-context.js';
import type { KnownInstallation } from '../../facts/links/resolve.js';
import { NotThereError } from './not-found.js';
import { type DataWhat, findPlace } from './place.js';
import { showWhat } from './target.js';

export interface Pinned {
  readonly data: PinnedData;
  /** True where the branch has changes under the path that are not in the commit. */
  readonly uncommitted: boolean;
}

/**
 * The commit that a ref leads to now, which must hold something at the path. Costs three to eight requests.
 *
 * @param installation where the settings name several lakeFS servers
 * @throws NotThereError where repository, ref or path is not there; what the client throws for all else
 */
export async function pinData(
  what: DataWhat,
  searched: Installations<KnownInstallation>,
  installation: string | undefined,
): Promise<Pinned> {
  const { known, repository, commit, ref, refKind, path } = await findPlace(what, searched, installation);
  const branch = refKind === 'branch' ? ref : undefined;
  const data = { repository: repository.id, commit: commit.id, branch, path };
  const uncommitted =
    branch !== undefined && (await known.facts.refs.staged(repository.id, branch, path)).any;
  if (path !== '' && !(await known.facts.holds(repository.id, commit.id, path))) {
    const why = uncommitted ? `: what the branch has there is not committed yet, so commit it first` : '';
    throw new NotThereError(
      `${repository.id}/${ref} (commit ${commit.id.slice(0, 12)}) holds nothing at "${path}"${why}`,
    );
  }
  if (!isDeclarable(data)) {
    throw new NotThereError(
      `${showWhat(what)} cannot be declared: no address can say its path without doubt`,
    );
  }
  return { data, uncommitted };
}
