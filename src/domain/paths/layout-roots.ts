import { remembered } from '../common/collections.js';
import { fitsName, isPlainName } from '../common/globs.js';
import { type KnownTree, maxDepth } from './known-tree.js';
import { type Layout, media, mediaLists, shelves, usualLayouts } from './layouts.js';

/** A dataset that its layout gives away. */
export interface LayoutRoot {
  /** Empty for the repository's root, else ends in a slash. */
  readonly directory: string;
  /** The layout's name. */
  readonly layout: string;
  readonly dataset: boolean;
  /** True where a marker proves it: then no number of datasets in a commit joins it with others. */
  readonly proven: boolean;
}

/** What `layoutRoots` has found. */
export interface LayoutRoots {
  /** The root that an object belongs to: the outermost that a marker proves, else the outermost that its folders suggest. */
  of(path: string): LayoutRoot | undefined;
  /** True where the directory is within a root that a marker proves. */
  isProven(directory: string): boolean;
}

interface Suggested {
  readonly root: LayoutRoot;
  /** Whether what is in this folder of the root belongs to it; a file of the root always does. */
  holds(folder: string): boolean;
}

/** Finds the roots of datasets in what is known of a commit's tree. */
export function layoutRoots(tree: KnownTree, own: readonly Layout[]): LayoutRoots {
  const layouts = [...own, ...usualLayouts];
  const proven = provenRoots(tree, layouts);
  const suggested = suggestedRoots(tree, layouts);
  return {
    of(path) {
      const above = directoriesAbove(path);
      for (const directory of above) {
        const root = proven.get(directory);
        if (root !== undefined) return root;
      }
      for (const directory of above) {
        const found = suggested.get(directory);
        const end = path.indexOf('/', directory.length) + 1;
        if (found !== undefined && (end === 0 || found.holds(path.slice(directory.length, end))))
          return found.root;
      }
      return undefined;
    },
    isProven: (directory) => directoriesAbove(directory).some((one) => proven.has(one)),
  };
}

/** The directories of a path, the root first, as deep as the tree is known. */
function directoriesAbove(path: string): readonly string[] {
  const found = [''];
  for (let at = path.indexOf('/'); at >= 0 && found.length <= maxDepth; at = path.indexOf('/', at + 1)) {
    found.push(path.slice(0, at + 1));
  }
  return found;
}

function provenRoots(tree: KnownTree, layouts: readonly Layout[]): ReadonlyMap<string, LayoutRoot> {
  const { markersAt, layoutOfFolder } = compile(layouts);
  const found = new Map<string, LayoutRoot>();
  const add = (directory: string, { name, dataset }: Layout): void => {
    if (!found.has(directory))
      found.set(directory, { directory, layout: name, dataset: dataset !== false, proven: true });
  };
  for (const directory of tree.directories) {
    for (const name of tree.namesIn(directory)) {
      for (const { layout, names } of markersAt(name)) {
        if (isThere(tree, directory + (names.length > 1 ? name : ''), names, name)) add(directory, layout);
      }
      const layout = layoutOfFolder(name);
      if (layout !== undefined) add(directory + name, layout);
    }
  }
  return found;
}

interface Marker {
  readonly layout: Layout;
  /** From the root on; folders with their closing slash. */
  readonly names: readonly string[];
}

function compile(layouts: readonly Layout[]) {
  const plain = new Map<string, Marker[]>();
  const patterns: Marker[] = [];
  for (const layout of layouts) {
    for (const text of layout.markers ?? []) {
      const names = text.match(/[^/]+\/?/g) ?? [];
      const [first = ''] = names;
      if (!isPlainName(first)) patterns.push({ layout, names });
      else plain.set(first, [...(plain.get(first) ?? []), { layout, names }]);
    }
  }
  const folders = layouts.flatMap((layout) =>
    (layout.folders ?? []).map((pattern) => ({ layout, pattern: pattern.replace(/\/?$/, '/') })),
  );
  return {
    /** The markers of which this is the first name. */
    markersAt: remembered((name): readonly Marker[] => [
      ...(plain.get(name) ?? []),
      ...patterns.filter(
        ({ names: [first = ''] }) => first.endsWith('/') === name.endsWith('/') && fitsName(first, name),
      ),
    ]),
    layoutOfFolder: remembered((name): Layout | undefined =>
      name.endsWith('/') ? folders.find(({ pattern }) => fitsName(pattern, name))?.layout : undefined,
    ),
  };
}

/** Whether a marker lies there, of whose names the first is `name`. */
function isThere(tree: KnownTree, directory: string, names: readonly string[], name: string): boolean {
  const [first = '', ...others] = names;
  if (!fitsName(first, name)) return false;
  if (others.length === 0) return true;
  for (const next of tree.namesIn(directory)) {
    if (isThere(tree, directory + next, others, next)) return true;
  }
  return false;
}

const mediaEndings: ReadonlySet<string> = new Set(media);
const lists: ReadonlySet<string> = new Set(mediaLists);
const shelfNames: ReadonlySet<string> = new Set(shelves);

/** True for a folder that holds datasets, and is none because of what lies in it. */
export function isShelf(directory: string): boolean {
  const name = directory.slice(directory.lastIndexOf('/', directory.length - 2) + 1, -1);
  return shelfNames.has(name.toLowerCase());
}

/** Folders beside each other that a shelf's name, or `data`, does not make a dataset. */
export function mayHoldClasses(directory: string): boolean {
  return directory !== '' && !isShelf(directory) && !/(?:^|\/)data\/$/i.test(directory);
}

export function isMedia(name: string): boolean {
  return mediaEndings.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase());
}

function suggestedRoots(tree: KnownTree, layouts: readonly Layout[]): ReadonlyMap<string, Suggested> {
  const withMedia = new Set(
    tree.directories.filter((directory) => [...tree.namesIn(directory)].some(isMedia)),
  );
  const found = new Map<string, Suggested>();
  const sideBySide = layouts.filter(({ beside }) => beside !== undefined).map(readBeside);
  for (const directory of tree.directories) {
    if (isShelf(directory)) continue;
    const names = [...tree.namesIn(directory)];
    const folders = names.filter((name) => name.endsWith('/'));
    const root = (layout: string, dataset = true): LayoutRoot => ({
      ...{ directory, layout, dataset, proven: false },
    });
    const classes = folders.filter((name) => withMedia.has(directory + name));
    const fits = sideBySide.find((layout) => layout.isIn(folders, (name) => holdsClasses(directory + name)));
    if (fits !== undefined) {
      found.set(directory, { root: root(fits.name, fits.dataset), holds: fits.holds });
    } else if (
      names.some((name) => lists.has(name)) &&
      classes.length + (withMedia.has(directory) ? 1 : 0) > 0
    ) {
      found.set(directory, { root: root(listedName), holds: () => true });
    } else if (classes.length > 1 && !withMedia.has(directory) && mayHoldClasses(directory)) {
      const members = new Set(classes);
      found.set(directory, { root: root(classesName), holds: (folder) => members.has(folder) });
    }
  }
  return found;

  function holdsClasses(directory: string): boolean {
    for (const name of tree.namesIn(directory)) if (withMedia.has(directory + name)) return true;
    return false;
  }
}

/** What the table of layouts cannot say by names: see `media` and `mediaLists`. */
const classesName = 'Class folders';
const listedName = 'Pictures or sounds with a list';

interface SideBySide {
  readonly name: string;
  readonly dataset: boolean;
  isIn(folders: readonly string[], hasClasses: (folder: string) => boolean): boolean;
  holds(folder: string): boolean;
}

function readBeside({ name, beside, dataset }: Layout): SideBySide {
  const { one = [], other = [], aloneWithMedia } = beside ?? {};
  const isOf = (patterns: readonly string[]) =>
    remembered((folder) => patterns.some((pattern) => fitsName(pattern.toLowerCase(), folder.toLowerCase())));
  const [isOne, isOther] = [isOf(one), isOf(other)];
  const holds = (folder: string): boolean => isOne(folder) || isOther(folder);
  return {
    name,
    dataset: dataset !== false,
    holds,
    isIn(folders, hasClasses) {
      if (folders.some(isOne) && folders.some(isOther)) return true;
      return aloneWithMedia === true && folders.some((folder) => holds(folder) && hasClasses(folder));
    },
  };
}
