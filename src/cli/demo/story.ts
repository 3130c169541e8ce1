import { readFileSync } from 'node:fs';
import { deltaLogName } from '../../domain/status/delta-log.js';
import type { LakefsClient } from '../../lakefs/types.js';
import { deltaLogEntry, ridesCsv } from './data.js';
import { shippedFile } from './shipped.js';

/** Where lakeFS's MLflow guide has its training set, and a Delta table beside it. */
export const rides = 'gold/train_v2/';
export const features = 'gold/features/';

/** A commit of the demo and what the service should make of it. */
export interface DemoCommit {
  readonly id: string;
  readonly branch: string;
  readonly message: string;
  /** The dataset paths that it changes. */
  readonly paths: readonly string[];
}

/** The next experiment's branch: `experiment-1` on a fresh repository. It does not exist yet. */
export async function nextExperiment(lakefs: LakefsClient, repository: string): Promise<string> {
  const taken = new Set<string>();
  for await (const { id } of lakefs.branches(repository, { prefix: 'experiment-' })) taken.add(id);
  let number = 1;
  while (taken.has(`experiment-${number}`)) number += 1;
  return `experiment-${number}`;
}

/** Commits a training set of `rows` rides. */
export async function commitRides(
  lakefs: LakefsClient,
  repository: string,
  { branch, message, rows, seed }: { branch: string; message: string; rows: number; seed: number },
): Promise<DemoCommit> {
  await lakefs.uploadObject(repository, branch, `${rides}rides.csv`, ridesCsv({ seed, rows }), {
    contentType: 'text/csv',
  });
  const { id } = await lakefs.commit(repository, branch, { message });
  return { id, branch, message, paths: [rides] };
}

/** Commits a version of the Delta table; the first one makes it. */
export async function commitFeatures(
  lakefs: LakefsClient,
  repository: string,
  { branch, message, now }: { branch: string; message: string; now: number },
): Promise<DemoCommit> {
  let version = 0;
  for await (const _ of lakefs.objects(repository, branch, { prefix: `${features}_delta_log/` }))
    version += 1;
  const content = readFileSync(shippedFile('features.parquet'));
  const file = `part-${now.toString(36)}.parquet`;
  await lakefs.uploadObject(repository, branch, `${features}${file}`, content);
  const entry = deltaLogEntry(version, { file, sizeBytes: content.length, time: now });
  await lakefs.uploadObject(repository, branch, `${features}${deltaLogName(version)}`, entry, {
    contentType: 'application/json',
  });
  const { id } = await lakefs.commit(repository, branch, { message });
  return { id, branch, message, paths: [features] };
}

/** Merges an experiment; the merge commit brings what the experiment changed. */
export async function mergeExperiment(
  lakefs: LakefsClient,
  repository: string,
  branch: string,
): Promise<DemoCommit> {
  const message = `Merge ${branch}`;
  const id = await lakefs.merge(repository, branch, 'main', { message });
  return { id, branch: 'main', message, paths: [rides, features] };
}
