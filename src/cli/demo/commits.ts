import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deltaLogName } from '../../domain/status/delta-log.js';
import type { LakefsClient } from '../../lakefs/types.js';

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

/** A branch name that is still free: `experiment-1` in a new repository. */
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

/** Commits the next version of the Delta table; the first one creates it. */
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

/** `seed` makes the data of each start different, as lakeFS refuses a commit without changes. */
export interface RidesOptions {
  readonly seed: number;
  readonly rows: number;
}

/** A CSV of rides, the same for the same seed. */
export function ridesCsv({ seed, rows }: RidesOptions): string {
  let state = (seed % 2_147_483_646) + 1;
  function next(): number {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  }
  const lines = Array.from({ length: rows }, (_, index) => {
    const distance = 0.5 + 12 * next();
    const fare = 2.4 + 1.9 * distance + 3 * next();
    return `${index + 1},${distance.toFixed(2)},${fare.toFixed(2)}`;
  });
  return `ride,distance_km,fare\n${lines.join('\n')}\n`;
}

export interface DeltaFile {
  /** Name of the parquet file in the table's folder. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Unix ms. */
  readonly time: number;
}

/**
 * The log entry that adds one file to a Delta table; version 0 also creates the table. The columns are those of
 * demo/features.parquet. https://github.com/delta-io/delta/blob/master/PROTOCOL.md
 */
export function deltaLogEntry(version: number, { file, sizeBytes, time }: DeltaFile): string {
  const field = (name: string, type: string) => ({ name, type, nullable: true, metadata: {} });
  const schema = { type: 'struct', fields: [field('id', 'long'), field('distance_km', 'double')] };
  const table = [
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    {
      metaData: {
        id: '6b2f3f0e-7d53-4c37-9f0f-0c1f4a1d9c55',
        format: { provider: 'parquet', options: {} },
        schemaString: JSON.stringify(schema),
        partitionColumns: [],
        configuration: {},
        createdTime: time,
      },
    },
  ];
  const add = { path: file, partitionValues: {}, size: sizeBytes, modificationTime: time, dataChange: true };
  return [...(version === 0 ? table : []), { add }].map((action) => `${JSON.stringify(action)}\n`).join('');
}

/** The path of a file of the package's `demo` folder: three folders up as source, four once compiled into `dist`. */
export function shippedFile(name: string): string {
  const places = ['../../../demo/', '../../../../demo/'].map((folder) =>
    fileURLToPath(new URL(`${folder}${name}`, import.meta.url)),
  );
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new Error(`${name} is missing from the package's demo folder: reinstall the package`);
  return found;
}
