import type { Installation } from '../../config/types.js';
import {
  type Change,
  type DatasetPath,
  type DatasetPathDecision,
  datasetPaths,
} from '../../domain/paths/dataset-paths.js';
import type { LakefsClient, LakefsCommit } from '../../lakefs/types.js';
import { type CommitChanges, readCommitChanges } from '../commits/commit-changes.js';
import type { LakefsFacts } from '../commits/lakefs-facts.js';
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

/** A lakeFS server, with what the settings say of its datasets. */
export interface DatasetSources {
  readonly settings: Pick<Installation, 'rules' | 'layouts'>;
  readonly facts: Pick<LakefsFacts, 'surroundings'>;
}

/** Throws what the lakeFS client throws. */
export async function readCommitDatasets(
  lakefs: LakefsClient,
  sources: DatasetSources,
  repository: string,
  commit: LakefsCommit,
): Promise<CommitDatasets> {
  const found = await readCommitChanges(lakefs, repository, commit);
  const { paths, reasons } = await decideDatasets(sources, repository, commit, found);
  const kept = await pathsWithData(lakefs, repository, commit.id, paths, sources.settings.layouts);
  return { ...found, paths: kept, emptied: paths.filter((path) => !kept.includes(path)), reasons };
}

/**
 * Which datasets changes belong to. Costs what looking around them costs.
 *
 * @param commit without parents where `found` is not what it changed against the first of them
 * @param maxGuessed more guessed ones than these are joined; default `maxDatasetPaths`
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
  const around = await facts.surroundings.around(commit, found, options);
  return datasetPaths(found.changes, {
    ...options,
    around,
    ...(maxGuessed === undefined ? {} : { maxGuessed }),
  });
}
