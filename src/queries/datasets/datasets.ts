import type { Installations } from '../../config/installations.js';
import type { Change } from '../../domain/paths/dataset-paths.js';
import { maxChanges, readCommitChanges } from '../../facts/datasets/commit-changes.js';
import { decideDatasets } from '../../facts/datasets/commit-datasets.js';
import type { KnownInstallation } from '../../facts/links/resolve.js';
import { NotThereError } from '../shared/not-found.js';
import { type DataWhat, findPlace, type Place } from '../shared/place.js';
import type { Datasets } from './schema.js';

/** Folders that are read one by one where the objects are too many. */
const maxFolders = 500;
const maxExamples = 3;

/**
 * Reads the whole commit as if it were the first of its repository. Costs a listing per 1,000 objects, at most eleven;
 * beyond 10,000 objects up to 116 more.
 *
 * @throws NotThereError; what the lakeFS client throws
 */
export async function readDatasets(place: Place): Promise<Datasets> {
  const { known, lakefs, repository, commit } = place;
  const whole = { ...commit, parents: [] };
  const found = await readCommitChanges(lakefs, repository.id, whole, maxChanges, maxFolders);
  const { paths, leftOut } = await decideDatasets(
    known,
    repository.id,
    whole,
    found,
    Number.POSITIVE_INFINITY,
  );
  return {
    installation: known.settings.name,
    repository: repository.id,
    ref: place.ref,
    commit: commit.id,
    complete: found.complete,
    datasets: paths.map(({ path, name, reason, added, bytes }) => ({
      ...{ path, name, rule: reason },
      ...(found.complete ? { objects: added, bytes } : {}),
    })),
    ...(found.complete ? { leftOut: { objects: leftOut.length, examples: examplesOf(leftOut) } } : {}),
  };
}

/** One of each folder: they are alike. */
function examplesOf(leftOut: readonly Change[]): readonly string[] {
  const byFolder = new Map<string, string>();
  for (const { path } of leftOut) {
    const [folder = ''] = path.split('/');
    const key = path.includes('/') ? folder : path;
    if (!byFolder.has(key)) byFolder.set(key, path);
    if (byFolder.size === maxExamples) break;
  }
  return [...byFolder.values()];
}

/**
 * Where a person names a repository alone, its default branch is meant.
 *
 * @throws NotThereError; what the lakeFS client throws
 */
export async function findRepositoryOrRef(
  { repository, ref }: { readonly repository: string; readonly ref: string | undefined },
  searched: Installations<KnownInstallation>,
  installation: string | undefined,
): Promise<Place> {
  const what = (at: string): DataWhat => ({
    kind: 'data',
    address: { repository, ref: at, path: '' },
    host: undefined,
  });
  if (ref !== undefined) return findPlace(what(ref), searched, installation);
  for (const { facts } of searched.matching({ installation }).all) {
    const found = await facts.repository(repository);
    if (found !== undefined) return findPlace(what(found.default_branch), searched, installation);
  }
  // Says what is missing, and what there is.
  await findPlace(what('main'), searched, installation);
  throw new NotThereError(`there is no repository "${repository}"`);
}
