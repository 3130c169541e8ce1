import { isPlainName } from '../common/globs.js';
import { type Change, createPlaces, type PlaceOptions, type Places } from './dataset-places.js';
import { isMedia, mayHoldClasses } from './layout-roots.js';
import { usualLayouts } from './layouts.js';
import { folderOf, parentDirectory } from './path.js';

/** Folders below this depth are not checked: what a dataset holds is its own affair. */
const maxDepth = 8;

/**
 * The directories whose names would tell more of the datasets that were changed: those above the objects, for the
 * markers that this commit did not touch; folders such as `metadata/`, in which markers are; and of class folders one
 * more beside that of a picture. Those of `around` are known, and with the answer there may be more to look at. The outermost first, since more datasets share them.
 */
export function wantedListings(changes: readonly Change[], options: PlaceOptions): readonly string[] {
  const around = options.around ?? new Map<string, readonly string[]>();
  const places = createPlaces(changes, options);
  const markerFolders = foldersOfMarkers(options);
  const wanted = new Set<string>();
  const seen = new Set<string>();

  const want = (directory: string): void => {
    if (!around.has(directory)) wanted.add(directory);
  };
  // From the root down, one at a time: where one proves a dataset, nothing below it has to be checked.
  const lookAbove = (directory: string): void => {
    for (const one of upTo(directory, maxDepth)) {
      want(one);
      if (!around.has(one) || places.roots.isProven(one)) return;
      for (const name of around.get(one) ?? []) if (markerFolders.has(name)) want(one + name);
    }
  };

  for (const change of changes) {
    const folder = folderOf(change.path);
    const kind = isMedia(change.path) ? 'media' : '';
    if (seen.has(`${folder} ${kind}`) || places.isSettled(change)) continue;
    seen.add(`${folder} ${kind}`);
    lookAbove(places.directoryOf(change.path));
    if (kind === 'media') {
      const beside = besideClass(folder, places, around);
      if (beside !== undefined) want(beside);
    }
  }
  return [...wanted].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

/** Whether what lies beside it is of its kind, too, is shown by one of them. */
function besideClass(
  folder: string,
  { tree, roots }: Places,
  around: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const parent = parentDirectory(folder);
  if (folder === '' || !mayHoldClasses(parent) || roots.of(`${folder}x`) !== undefined) return undefined;
  const others = [...tree.namesIn(parent)]
    .filter((name) => name.endsWith('/') && parent + name !== folder)
    .sort()
    .map((name) => parent + name);
  if (others.some((other) => around.has(other))) return undefined;
  return others[0];
}

function foldersOfMarkers({ layouts = [] }: PlaceOptions): ReadonlySet<string> {
  const markers = [...layouts, ...usualLayouts].flatMap(({ markers: own = [] }) => own);
  const folders = markers.map((marker) => marker.slice(0, marker.indexOf('/') + 1));
  return new Set(
    folders.filter((folder, index) => folder !== '' && folder !== markers[index] && isPlainName(folder)),
  );
}

/** The root and the directories below it down to this one. */
function upTo(directory: string, most: number): readonly string[] {
  const found = [''];
  for (let at = directory.indexOf('/'); at >= 0 && found.length < most; at = directory.indexOf('/', at + 1)) {
    found.push(directory.slice(0, at + 1));
  }
  return found;
}

function depth(directory: string): number {
  return directory.split('/').length;
}
