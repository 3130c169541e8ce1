import { commonParents } from './common-parents.js';
import { datasetDirectory, directoriesOf, isNoData, isUnder, tableRootOf } from './dataset-directory.js';
import { matches } from './globs.js';
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
  /** Roots of tables that are known from elsewhere than this commit's changes. */
  readonly tableRoots?: readonly string[];
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
}

export interface DatasetPathDecision {
  /** Sorted by path. */
  readonly paths: readonly DatasetPath[];
  /** Why these paths, one line each. */
  readonly reasons: readonly string[];
}

/** More than this per commit are noise: their common parents stand for them. */
export const maxDatasetPaths = 20;

/** UTF-16 units of an object's name; lakeFS takes 1,024 bytes. */
const maxPath = 2_000;

/** MLflow refuses a longer dataset name. */
const maxName = 500;

interface Group {
  readonly path: string;
  readonly name: string;
  readonly reason: string;
  readonly changes: Change[];
}

/** Which datasets a commit changed: rules first, then table roots, then directories. Independent of the order. */
export function datasetPaths(changes: readonly Change[], options: DatasetPathOptions): DatasetPathDecision {
  const sane = changes.filter(({ path }) => path.length <= maxPath);
  const data = sane.filter(({ path, path_type }) => path_type === 'common_prefix' || !isNoData(path));
  const roots = tableRoots(sane, options);
  const found = new Map<string, Group>();
  for (const change of data) {
    if (isUnder(change.path, '_lakefs_actions/')) continue;
    const { path, name, reason } = place(change, roots, options);
    const group = found.get(path);
    if (group === undefined) found.set(path, { path, name, reason, changes: [change] });
    else group.changes.push(change);
  }
  const reduced = reduce(found, options.repository);
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

function tableRoots(changes: readonly Change[], options: DatasetPathOptions): readonly string[] {
  const seen = changes.map(({ path }) => tableRootOf(path)).filter((root) => root !== undefined);
  return [...new Set([...(options.tableRoots ?? []), ...seen])].sort((a, b) => b.length - a.length);
}

function place(
  { path }: Change,
  roots: readonly string[],
  { repository, rules }: DatasetPathOptions,
): Omit<Group, 'changes'> {
  for (const rule of rules) {
    if (!matches([rule.repository], repository)) continue;
    const glob = rule.path === '' || rule.path === '/' ? '' : rule.path.replace(/\/?$/, '/');
    const directory = directoriesOf(path).find((candidate) => matches([glob], candidate));
    if (directory === undefined) continue;
    const name = rule.name ?? defaultName(repository, directory);
    return { path: directory, name: toLine(name, maxName), reason: `rule ${rule.path}` };
  }
  const root = roots.find((candidate) => isUnder(path, candidate));
  if (root !== undefined)
    return { path: root, name: defaultName(repository, root), reason: 'root of a table' };
  const directory = datasetDirectory(path);
  return {
    path: directory,
    name: defaultName(repository, directory),
    reason: 'directory of changed objects',
  };
}

/** Puts neighbours under their parent until few enough are left. */
function reduce(groups: ReadonlyMap<string, Group>, repository: string): readonly Group[] {
  const parents = commonParents([...groups.keys()], maxDatasetPaths);
  return [...parents].flatMap(([path, paths]) => {
    const own = paths.flatMap((one) => groups.get(one) ?? []);
    if (paths.length === 1 && paths[0] === path) return own;
    return {
      path,
      name: defaultName(repository, path),
      reason: `common parent: the commit changed more than ${maxDatasetPaths} directories`,
      changes: own.flatMap(({ changes }) => changes),
    };
  });
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

function toDatasetPath({ path, name, changes }: Group): DatasetPath {
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
  };
}
