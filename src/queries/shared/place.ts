import { didYouMean } from '../../config/did-you-mean.js';
import type { Installations } from '../../config/installations.js';
import { withoutOuterSlashes } from '../../domain/paths/path.js';
import { asCommitId } from '../../domain/references/lakefs-names.js';
import { type FoundRef, findRef, type KnownInstallation } from '../../facts/links/resolve.js';
import { isRefusal } from '../../lakefs/errors.js';
import type { LakefsClient, LakefsRepository } from '../../lakefs/types.js';
import { assertIsLakefs } from './is-lakefs.js';
import { NotThereError } from './not-found.js';
import { showWhat, type What } from './target.js';

export type DataWhat = Extract<What, { readonly kind: 'data' }>;

/** A place in a lakeFS that was found. */
export interface Place extends FoundRef {
  readonly known: KnownInstallation;
  readonly lakefs: LakefsClient;
  readonly repository: LakefsRepository;
  readonly ref: string;
  /** Without slashes around it; empty for the root. */
  readonly path: string;
}

/**
 * Finds the repository and the commit that a person named. Costs two to four requests.
 *
 * @param installation where several lakeFS servers are beside the MLflow server
 * @throws NotThereError where one of them is not there, with what is; what the client throws for all else
 */
export async function findPlace(
  what: DataWhat,
  searched: Installations<KnownInstallation>,
  installation: string | undefined,
): Promise<Place> {
  const asked = showWhat(what);
  const name = what.address.repository;
  const candidates = candidatesFor(what, searched, installation);
  const found: Pick<Place, 'known' | 'repository' | 'lakefs'>[] = [];
  for (const known of candidates) {
    const repository = await known.facts.repository(name);
    if (repository !== undefined) found.push({ known, repository, lakefs: known.lakefs });
  }
  const [first, second] = found;
  if (first === undefined) throw await noRepository(name, candidates);
  if (second !== undefined) {
    const names = found.map(({ known }) => known.settings.name).join(', ');
    throw new NotThereError(`several lakeFS have a repository "${name}": say --installation (${names})`);
  }
  // lakeFS answers 404 to ids in upper case.
  const ref = asCommitId(what.address.ref);
  if (ref.includes('$')) {
    throw new NotThereError(`${asked} names uncommitted data, which no link can name: ask without the "$"`);
  }
  const led = await findRef(first.known, first.repository.id, ref);
  if (led === undefined) throw await noRef(what.address.ref, first.repository.id, first.known);
  return { ...first, ...led, ref, path: withoutOuterSlashes(what.address.path) };
}

function candidatesFor(
  { address: { repository }, host }: DataWhat,
  searched: Installations<KnownInstallation>,
  installation: string | undefined,
): readonly KnownInstallation[] {
  const here = searched.matching({ installation, host });
  if (here.all.length === 0) {
    const known = searched.all.map(({ settings }) => settings.lakefs.endpoint).join(', ');
    throw new NotThereError(`${host ?? installation} is not a lakeFS of the settings, which name ${known}`);
  }
  const watched = here.matching({ repository });
  if (watched.all.length > 0) return watched.all;
  throw new NotThereError(
    `repository "${repository}" is left out by the setting LAKEFS_MLFLOW_REPOSITORIES, so no run is linked to it`,
  );
}

/** @throws what the client throws where something else than lakeFS is there */
async function noRepository(name: string, candidates: readonly KnownInstallation[]): Promise<NotThereError> {
  const names: string[] = [];
  for (const { lakefs } of candidates) {
    if (!(await assertIsLakefs(lakefs))) continue;
    try {
      for await (const { id } of lakefs.repositories()) {
        if (names.push(id) >= maxNames) break;
      }
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  const where = candidates.map(({ settings }) => settings.lakefs.endpoint).join(' and ');
  return new NotThereError(`lakeFS at ${where} has no repository "${name}"${didYouMean(name, names)}`);
}

const maxNames = 1_000;

async function noRef(ref: string, repository: string, { facts }: KnownInstallation): Promise<NotThereError> {
  const branches = await facts.branches(repository);
  const some = branches.slice(0, 5).map((branch) => `"${branch}"`);
  const there = `its branches are ${some.join(', ')}${branches.length > some.length ? ' and others' : ''}`;
  const similar = didYouMean(ref, branches);
  return new NotThereError(
    `repository "${repository}" has no branch, tag or commit "${ref}"${similar === '' ? `: ${there}` : similar}`,
  );
}
