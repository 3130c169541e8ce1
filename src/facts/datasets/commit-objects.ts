import type { DatasetPath } from '../../domain/paths/dataset-paths.js';
import type { Layout } from '../../domain/paths/layouts.js';
import { isNoData, type NoDataset, noDataset } from '../../domain/paths/no-data.js';
import type { LakefsClient } from '../../lakefs/types.js';

/** True where the commit holds data under the path; markers such as `_SUCCESS` are none, nor is what `isNone` names. */
export async function hasData(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  path: string,
  isNone: NoDataset = isNoData,
): Promise<boolean> {
  for await (const object of lakefs.objects(repository, commit, { prefix: path })) {
    if (!isNone(object.path)) return true;
  }
  return false;
}

/** The paths that still hold data at the commit: only these can be candidates. */
export async function pathsWithData(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  paths: readonly DatasetPath[],
  layouts: readonly Layout[],
): Promise<readonly DatasetPath[]> {
  const isNone = noDataset(layouts);
  const kept = await Promise.all(
    paths.map(
      async ({ path, emptied, byRule }) =>
        emptied === false ||
        (await hasData(lakefs, repository, commit, path, byRule === true ? isNoData : isNone)),
    ),
  );
  return paths.filter((_, index) => kept[index]);
}
