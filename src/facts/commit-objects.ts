import type { DatasetPath } from '../domain/dataset-paths.js';
import { isNoData } from '../domain/no-data.js';
import type { LakefsClient } from '../lakefs/types.js';

/** True where the commit holds data under the path; markers such as `_SUCCESS` are none. */
export async function hasData(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  path: string,
): Promise<boolean> {
  for await (const object of lakefs.objects(repository, commit, { prefix: path })) {
    if (!isNoData(object.path)) return true;
  }
  return false;
}

/** The paths that still hold data at the commit: only these can be candidates. */
export async function pathsWithData(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  paths: readonly DatasetPath[],
): Promise<readonly DatasetPath[]> {
  const kept = await Promise.all(
    paths.map(
      async (path) => path.emptied === false || (await hasData(lakefs, repository, commit, path.path)),
    ),
  );
  return paths.filter((_, index) => kept[index]);
}
