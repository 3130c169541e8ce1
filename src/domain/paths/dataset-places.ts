import { matches } from '../common/globs.js';
import { shorten, toLine } from '../common/text.js';
import { createDatasetDirectory } from './dataset-directory.js';
import { cutDepth, type DirectoryListings, type KnownTree, knownTree } from './known-tree.js';
import { type LayoutRoots, layoutRoots } from './layout-roots.js';
import type { Layout } from './layouts.js';
import { isNoData, noDataset } from './no-data.js';
import { directoriesOf, folderOf, parentDirectory } from './path.js';

/** One entry of a commit's difference to its first parent, as lakeFS tells it. */
export interface Change {
  readonly type: 'added' | 'removed' | 'changed' | 'conflict' | 'prefix_changed';
  readonly path: string;
  /** A common prefix stands for everything under it, where there was too much to read. */
  readonly path_type: 'object' | 'common_prefix';
  readonly size_bytes?: number;
}

/** Names a dataset by hand; globs as in `globs.ts`. */
export interface PathRule {
  readonly repository: string;
  readonly path: string;
  readonly name?: string;
}

export interface PlaceOptions {
  readonly repository: string;
  readonly rules: readonly PathRule[];
  /** Layouts of CONFIG, which come before the usual ones. */
  readonly layouts?: readonly Layout[];
  /** What lies around the changes in the commit: one file tells little of the dataset that it belongs to. */
  readonly around?: DirectoryListings;
}

/** MLflow refuses a longer dataset name. */
export const maxName = 500;

/** The dataset of an object. */
export interface Place {
  readonly path: string;
  readonly name: string;
  readonly reason: string;
  /** By a rule or a marker, not guessed. */
  readonly proven: boolean;
  /** A rule names it: then documents are data. */
  readonly byRule?: true;
}

/** What `createPlaces` has found out. */
export interface Places {
  /** The dataset that a change belongs to; undefined where it belongs to none. */
  placeOf(change: Change): Place | undefined;
  /** True for what no layout or directory has to tell: it is no data, or a rule says it. */
  isSettled(change: Change): boolean;
  readonly tree: KnownTree;
  readonly roots: LayoutRoots;
  /** The directory of an object, cut where a partition begins. */
  directoryOf(path: string): string;
}

/** How a commit's changes are sorted into datasets: rules first, then layouts, then directories. */
export function createPlaces(
  changes: readonly Change[],
  { repository, rules, layouts = [], around = new Map() }: PlaceOptions,
): Places {
  const hasNoDataset = noDataset(layouts);
  // What a prefix stands for is not known: any object may be in it.
  const isNone = ({ path, path_type }: Change): boolean =>
    hasNoDataset(path_type === 'common_prefix' ? `${path}…` : path);
  const data = changes.filter((change) => !isNone(change));
  const isNear = nearBy(data);
  const near = [...around].filter(([directory]) => isNear(directory));
  const dataAround = near.map(([directory, names]): [string, readonly string[]] => [
    directory,
    names.filter((name) => !hasNoDataset(name.endsWith('/') ? `${name}…` : name)),
  ]);
  const tree = knownTree(data, new Map(dataAround));
  const roots = layoutRoots(tree, layouts);
  const directoryOf = createDatasetDirectory(tree);
  const ownRules = rules
    .filter((rule) => matches([rule.repository], repository))
    .map((rule) => ({ ...rule, glob: isRoot(rule.path) ? '' : rule.path.replace(/\/?$/, '/') }));

  const byRule = (path: string): Place | undefined => {
    for (const { glob, ...rule } of ownRules) {
      const directory = directoriesOf(path).find((candidate) => matches([glob], candidate));
      if (directory === undefined) continue;
      const name = toLine(rule.name ?? defaultName(repository, directory), maxName);
      return { path: directory, name, reason: `rule ${rule.path}`, proven: true, byRule: true };
    }
    return undefined;
  };

  // A rule may say that a folder of documents is a dataset; what tools leave beside data never makes one.
  const isToolMarker = ({ path, path_type }: Change): boolean => path_type === 'object' && isNoData(path);

  const placeOf = (change: Change): Place | undefined => {
    const { path } = change;
    if (isToolMarker(change)) return undefined;
    const ruled = byRule(path);
    if (ruled !== undefined || isNone(change)) return ruled;
    const root = roots.of(path);
    if (root?.dataset === false) return undefined;
    const directory = root?.proven === true ? root.directory : directoryOf(root?.directory ?? path);
    return {
      path: directory,
      name: defaultName(repository, directory),
      reason: root?.layout ?? 'folder of its objects',
      proven: root?.proven === true,
    };
  };

  const isSettled = (change: Change): boolean => isNone(change) || byRule(change.path) !== undefined;
  return { placeOf, isSettled, tree, roots, directoryOf };
}

/** Of what is remembered of a repository only the folders above the changes count, and those directly in them. */
function nearBy(changes: readonly Change[]): (directory: string) => boolean {
  const above = new Set(['']);
  for (const { path } of changes) {
    let folder = folderOf(cutDepth(path));
    while (!above.has(folder)) {
      above.add(folder);
      folder = folderOf(folder.slice(0, -1));
    }
  }
  return (directory) => above.has(directory) || above.has(parentDirectory(directory));
}

function isRoot(path: string): boolean {
  return path === '' || path === '/';
}

export function defaultName(repository: string, directory: string): string {
  return middleCut(toLine(directory === '' ? repository : `${repository}/${directory.slice(0, -1)}`, 5_000));
}

/** What MLflow calls a directory. The end of a long path tells more than its middle. */
export function middleCut(name: string): string {
  const points = Array.from(name);
  if (points.length <= maxName) return name;
  return `${shorten(name, maxName / 2)}${points.slice(-maxName / 2).join('')}`;
}
