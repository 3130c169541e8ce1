import { isUnder } from '../paths/path.js';

/**
 * Objects that programs keep beside data, by name: what may come, change or go without any row changing. Delta's
 * checkpoints, their sidecars, compacted logs and checksums can be rebuilt from its log
 * (https://github.com/delta-io/delta/blob/master/PROTOCOL.md); Spark and Databricks mark finished writes; Hadoop keeps
 * checksums (`.<name>.crc`) and markers of folders. Parquet's `_metadata` is not one of them: readers follow it.
 */
const housekeeping: readonly RegExp[] = [
  /(?:^|\/)_delta_log\/(?:_last_checkpoint|[^/]*\.checkpoint\.[^/]*|[^/]*\.crc|[^/]*\.compacted\.json)$/,
  /(?:^|\/)_delta_log\/_sidecars\/[^/]*$/,
  /(?:^|\/)(?:_SUCCESS|_started_[^/]*|_committed_[^/]*|\.[^/]*\.crc|\.keep|\.gitkeep|\.DS_Store|[^/]*_\$folder\$)$/,
  /\/$/,
];

/** True for an object that holds no row: checkpoints, checksums, markers. */
export function isHousekeeping(object: string): boolean {
  return housekeeping.some((name) => name.test(object));
}

/**
 * True where a change to the object is a change to the data at a path: the object is part of the path, and no
 * housekeeping. A path that names such an object itself means it.
 */
export function isDataOf(object: string, path: string): boolean {
  if (path === '') return !object.startsWith('_lakefs_actions/') && !isHousekeeping(object);
  return object === path || (isUnder(object, path) && !isHousekeeping(object));
}
