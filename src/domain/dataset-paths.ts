import { commonParents } from './common-parents.js';
import { createDatasetDirectory, directoriesOf } from './dataset-directory.js';
import { matches } from './globs.js';
import { knownTree, type Surroundings } from './known-tree.js';
import { layoutRoots } from './layout-roots.js';
import type { Layout } from './layouts.js';
import { isNoData, noDataset } from './no-data.js';
import { count, shorten, toLine } from './text.js';

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

export interface DatasetPathOptions {
  readonly repository: string;
  readonly rules: readonly PathRule[];
  /** Layouts of CONFIG, which come before the usual ones. */
  readonly layouts?: readonly Layout[];
  /** What lies around the changes in the commit: one file tells little of the dataset that it belongs to. */
  readonly around?: Surroundings;
  /** More guessed datasets than this are joined under their common parents; default `maxDatasetPaths`. */
  readonly maxGuessed?: number;
}

/** A directory that the commit changed and that a person would call a dataset. */
export interface DatasetPath {
  /** Empty for the repository's root, else ends in a slash. */
  readonly path: string;
  /** What MLflow calls it: `<repository>/<path>` without the closing slash, or the rule's name. */
  readonly name: string;
  /** Objects of its own: what lies in a nested dataset path counts there. */
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Of what was added and changed. */
  readonly bytes: number;
  /** False where the changes prove that objects are left, undefined where only a listing can tell. */
  readonly emptied: false | undefined;
  /** Why it is one: the layout, the rule, or that it is the objects' directory. */
  readonly reason: string;
}

export interface DatasetPathDecision {
  /** Sorted by path. */
  readonly paths: readonly DatasetPath[];
  /** Why these paths, one line each. */
  readonly reasons: readonly string[];
}

/** More guessed datasets than this per commit are noise: their common parents stand for them. */
export const maxDatasetPaths = 20;

/** Datasets that a rule or a marker proves: so many are kept. MLflow takes 1,000 inputs in one request. */
const maxProvenPaths = 500;

/** UTF-16 units of an object's name; lakeFS takes 1,024 bytes. */
const maxPath = 2_000;

/** MLflow refuses a longer dataset name. */
const maxName = 500;

interface Place {
  readonly path: string;
  readonly name: string;
  readonly reason: string;
  /** By a rule or a marker, not guessed. */
  readonly proven: boolean;
}

interface Group extends Place {
  readonly changes: Change[];
}

/** Which datasets a commit changed: rules first, then layouts, then directories. Independent of the order. */
export function datasetPaths(changes: readonly Change[], options: DatasetPathOptions): DatasetPathDecision {
  const sane = changes.filter(({ path }) => path.length <= maxPath);
  const placeOf = readPlaces(sane, options);
  const found = new Map<string, Group>();
  for (const change of sane) {
    const place = placeOf(change);
    if (place === undefined) continue;
    const group = found.get(place.path);
    if (group === undefined) found.set(place.path, { ...place, changes: [change] });
    else group.changes.push(change);
  }
  const reduced = reduce([...found.values()], options);
  const named = distinctNames([...reduced].sort((a, b) => (a.path < b.path ? -1 : 1)));
  return {
    paths: named.map(toDatasetPath),
    reasons: [
      ...named.map(({ path, reason }) => `${path === '' ? 'the root' : path}: ${reason}`),
      ...(sane.length < changes.length
        ? [
            `left out: ${count(changes.length - sane.length, 'object')} with a name of more than ${maxPath} characters`,
          ]
        : []),
    ],
  };
}

/** How the dataset of a change is told; undefined for what belongs to none. */
function readPlaces(
  changes: readonly Change[],
  { repository, rules, layouts = [], around = new Map() }: DatasetPathOptions,
): (change: Change) => Place | undefined {
  const hasNoDataset = noDataset(layouts);
  // What a prefix stands for is not known: any object may be in it.
  const isNone = ({ path, path_type }: Change): boolean =>
    hasNoDataset(path_type === 'common_prefix' ? `${path}…` : path);
  const tree = knownTree(
    changes.filter((change) => !isNone(change)),
    around,
  );
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
      return { path: directory, name, reason: `rule ${rule.path}`, proven: true };
    }
    return undefined;
  };

  return (change) => {
    const { path, path_type } = change;
    // A rule may say that a folder of documents is a dataset; what tools leave beside data never makes one.
    if (path_type === 'object' && isNoData(path)) return undefined;
    const ruled = byRule(path);
    if (ruled !== undefined || isNone(change)) return ruled;
    const root = roots.of(path);
    if (root?.dataset === false) return undefined;
    const directory = root?.proven === true ? root.directory : directoryOf(root?.directory ?? path);
    return {
      path: directory,
      name: defaultName(repository, directory),
      reason: root?.layout ?? 'directory of the objects',
      proven: root?.proven === true,
    };
  };
}

function isRoot(path: string): boolean {
  return path === '' || path === '/';
}

/** Puts neighbours under their parent until few enough are left: the guessed ones, and the others only where they are very many. */
function reduce(groups: readonly Group[], { repository, maxGuessed }: DatasetPathOptions): readonly Group[] {
  const guessed = groups.filter(({ proven }) => !proven);
  const proven = groups.filter((group) => group.proven);
  const joined = [
    ...join(proven, maxProvenPaths, repository),
    ...join(guessed, maxGuessed ?? maxDatasetPaths, repository),
  ];
  return onePerPath(joined);
}

function join(groups: readonly Group[], limit: number, repository: string): readonly Group[] {
  const byPath = new Map(groups.map((group) => [group.path, group]));
  return [...commonParents([...byPath.keys()], limit)].flatMap(([path, paths]) => {
    const own = paths.flatMap((one) => byPath.get(one) ?? []);
    if (paths.length === 1 && paths[0] === path) return own;
    return {
      path,
      name: defaultName(repository, path),
      reason: `common parent: the commit changed more than ${limit} ${limit === maxProvenPaths ? 'datasets' : 'directories'}`,
      proven: false,
      changes: own.flatMap(({ changes }) => changes),
    };
  });
}

/** The common parent of guessed ones may be a proven one. */
function onePerPath(groups: readonly Group[]): readonly Group[] {
  const found = new Map<string, Group>();
  for (const group of groups) {
    const before = found.get(group.path);
    found.set(
      group.path,
      before === undefined ? group : { ...before, changes: [...before.changes, ...group.changes] },
    );
  }
  return [...found.values()];
}

/**
 * MLflow keeps only the first of two datasets with one name and digest, so a rule's name serves one path. Paths that
 * differ only in what a name cannot show (control characters, a cut middle) are numbered, in the paths' order.
 */
function distinctNames(groups: readonly Group[]): readonly Group[] {
  const times = new Map<string, number>();
  for (const { name } of groups) times.set(name, (times.get(name) ?? 0) + 1);
  const taken = new Set([...times].filter(([, number]) => number === 1).map(([name]) => name));
  return groups.map((group) => {
    if (times.get(group.name) === 1) return group;
    const wanted = `${group.name} (${toLine(group.path, maxName) || 'root'})`;
    let name = middleCut(wanted);
    for (let number = 2; taken.has(name); number += 1) name = middleCut(`${wanted} (${number})`);
    taken.add(name);
    return { ...group, name };
  });
}

function defaultName(repository: string, directory: string): string {
  return middleCut(toLine(directory === '' ? repository : `${repository}/${directory.slice(0, -1)}`, 5_000));
}

/** The end of a long path tells more than its middle. */
function middleCut(name: string): string {
  const points = Array.from(name);
  if (points.length <= maxName) return name;
  return `${shorten(name, maxName / 2)}${points.slice(-maxName / 2).join('')}`;
}

function toDatasetPath({ path, name, reason, changes }: Group): DatasetPath {
  const objects = changes.filter(({ path_type }) => path_type === 'object');
  const number = (type: Change['type']): number => objects.filter((change) => change.type === type).length;
  const written = objects.filter(({ type }) => type === 'added' || type === 'changed');
  return {
    path,
    name,
    added: number('added'),
    changed: number('changed'),
    removed: number('removed'),
    bytes: written.reduce((sum, { size_bytes }) => sum + (size_bytes ?? 0), 0),
    emptied: written.length > 0 ? false : undefined,
    reason,
  };
}
