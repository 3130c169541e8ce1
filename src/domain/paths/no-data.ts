import { remembered } from '../common/collections.js';
import { fitsName } from '../common/globs.js';
import { isHousekeeping } from '../status/housekeeping.js';
import { type Layout, noData, usualLayouts } from './layouts.js';

/**
 * Objects that tools leave beside data: housekeeping, Parquet's summaries, and lakeFS's action files. No dataset is made
 * of them.
 */
export function isNoData(path: string): boolean {
  if (path.startsWith('_lakefs_actions/') || isHousekeeping(path)) return true;
  return /(?:^|\/)(?:_metadata|_common_metadata)$/.test(path);
}

/** Tells which objects are no data by their well-known names: of these no dataset is made. */
export type NoDataset = (path: string) => boolean;

/**
 * What `isNoData` tells, and documents, code, tools' folders and hidden files, unless a layout knows them: `.zgroup` is part of its store.
 *
 * @param layouts of CONFIG, beside the usual ones
 */
export function noDataset(layouts: readonly Layout[] = []): NoDataset {
  const known = new Set([...layouts, ...usualLayouts].flatMap(namesInMarkers));
  const folders = createNames(noData.folders, known);
  const files = createNames(noData.files, known);
  return (path) => {
    if (isNoData(path)) return true;
    const names = path.split('/');
    const file = names.pop() ?? '';
    return (file !== '' && files(file)) || names.some((name) => folders(name));
  };
}

function namesInMarkers({ markers = [] }: Layout): readonly string[] {
  return markers.flatMap((one) => one.split('/').filter((name) => name !== ''));
}

function createNames(patterns: readonly string[], known: ReadonlySet<string>): (name: string) => boolean {
  return remembered(
    (name) => !known.has(name) && patterns.some((pattern) => fitsName(pattern, name.toLowerCase())),
  );
}
