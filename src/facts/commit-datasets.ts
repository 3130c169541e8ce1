import { type Change, type DatasetPath, datasetPaths, type PathRule } from '../domain/dataset-paths.js';
import type { LakefsClient, LakefsCommit } from '../lakefs/types.js';
import { readCommitChanges } from './commit-changes.js';
import { pathsWithData } from './commit-objects.js';

/** What a commit changed, and which datasets of it hold data. */
export interface CommitDatasets {
  readonly changes: readonly Change[];
  /** False where there was too much to count. */
  readonly complete: boolean;
  /** Changed dataset paths that hold data at the commit: the candidates. */
  readonly paths: readonly DatasetPath[];
  /** Changed dataset paths that the commit emptied. */
  readonly emptied: readonly DatasetPath[];
  readonly reasons: readonly string[];
}

/** Throws what the lakeFS client throws. */
export async function readCommitDatasets(
  lakefs: LakefsClient,
  repository: string,
  commit: LakefsCommit,
  rules: readonly PathRule[],
): Promise<CommitDatasets> {
  const { changes, complete } = await readCommitChanges(lakefs, repository, commit);
  const { paths, reasons } = datasetPaths(changes, { repository, rules });
  const kept = await pathsWithData(lakefs, repository, commit.id, paths);
  return { changes, complete, paths: kept, emptied: paths.filter((path) => !kept.includes(path)), reasons };
}
