import type { Installation } from '../../config/types.js';
import {
  type Change,
  type DatasetPath,
  type DatasetPathDecision,
  datasetPaths,
} from '../../domain/paths/dataset-paths.js';
import type { Layout } from '../../domain/paths/layouts.js';
import { isNoData, type NoDataset, noDataset } from '../../domain/paths/no-data.js';
import type { LakefsClient, LakefsCommit } from '../../lakefs/types.js';
import type { LakefsFacts } from '../commits/lakefs-facts.js';
import { type CommitChanges, readCommitChanges } from './commit-changes.js';

/** What a commit changed, and which datasets of it hold data. */
export interface CommitDatasets {
  readonly changes: readonly Change[];
  /** False where there was too much to count. */
  readonly complete: boolean;
  /** Changed dataset paths that hold data at the commit: the candidates. */
  readonly paths: readonly DatasetPath[];
  /** Changed dataset paths that the commit emptied. */
  readonly emptied: readonly DatasetPath[];
}

/** A lakeFS server, with what the settings say of its datasets. */
export interface DatasetSources {
  readonly settings: Pick<Installation, 'rules' | 'layouts'>;
  readonly facts: Pick<LakefsFacts, 'listings'>;
}

/** Throws what the lakeFS client throws. */
export async function readCommitDatasets(
  lakefs: LakefsClient,
  sources: DatasetSources,
  repository: string,
  commit: LakefsCommit,
): Promise<CommitDatasets> {
  const found = await readCommitChanges(lakefs, repository, commit);
  const { paths } = await decideDatasets(sources, repository, commit, found);
  const kept = await pathsWithData(lakefs, repository, commit.id, paths, sources.settings.layouts);
  return { ...found, paths: kept, emptied: paths.filter((path) => !kept.includes(path)) };
}

/**
 * Which datasets changes belong to. Costs what the listings around them cost.
 *
 * @param commit without parents where `found` is not what it changed against the first of them
 * @param maxGuessed more guessed ones than these are joined; default `limits.datasets`
 * @throws what the lakeFS client throws
 */
export async function decideDatasets(
  { settings: { rules, layouts }, facts }: DatasetSources,
  repository: string,
  commit: Pick<LakefsCommit, 'id' | 'parents'>,
  found: CommitChanges,
  maxGuessed?: number,
): Promise<DatasetPathDecision> {
  const options = { repository, rules, layouts };
  const around = await facts.listings.around(commit, found, options);
  return datasetPaths(found.changes, {
    ...options,
    around,
    ...(maxGuessed === undefined ? {} : { maxGuessed }),
  });
}

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
