import { limits } from '../../contract/limits.js';
import { toLine } from '../common/text.js';
import { commonParents } from './common-parents.js';
import {
  type Change,
  createPlaces,
  defaultName,
  maxName,
  middleCut,
  type Place,
  type PlaceOptions,
} from './dataset-places.js';

export type { Change } from './dataset-places.js';

export interface DatasetPathOptions extends PlaceOptions {
  /** More guessed datasets than this are joined under their common parents; default `limits.datasets`. */
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
  /** A rule names it: then documents are data. */
  readonly byRule?: true;
}

export interface DatasetPathDecision {
  /** Sorted by path. */
  readonly paths: readonly DatasetPath[];
  /** Changes that belong to no dataset, also because their names are too long to be kept. */
  readonly leftOut: readonly Change[];
}

/** UTF-16 units of an object's name; lakeFS takes 1,024 bytes. */
const maxPath = 2_000;

interface Group extends Place {
  readonly changes: Change[];
}

/** Which datasets a commit changed: rules first, then layouts, then directories. Independent of the order. */
export function datasetPaths(changes: readonly Change[], options: DatasetPathOptions): DatasetPathDecision {
  const sane = changes.filter(({ path }) => path.length <= maxPath);
  const { placeOf } = createPlaces(sane, options);
  const found = new Map<string, Group>();
  const leftOut = changes.filter(({ path }) => path.length > maxPath);
  for (const change of sane) {
    const place = placeOf(change);
    if (place === undefined) {
      leftOut.push(change);
      continue;
    }
    const group = found.get(place.path);
    if (group === undefined) found.set(place.path, { ...place, changes: [change] });
    else group.changes.push(change);
  }
  const reduced = reduce([...found.values()], options);
  const named = distinctNames([...reduced].sort((a, b) => (a.path < b.path ? -1 : 1)));
  return { paths: named.map(toDatasetPath), leftOut };
}

/** Puts neighbours under their parent until few enough are left: the guessed ones, and the others only where they are very many. */
function reduce(groups: readonly Group[], { repository, maxGuessed }: DatasetPathOptions): readonly Group[] {
  const guessed = groups.filter(({ proven }) => !proven);
  const proven = groups.filter((group) => group.proven);
  const joined = [
    ...join(proven, limits.provenDatasets, repository),
    ...join(guessed, maxGuessed ?? limits.datasets, repository),
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
      reason: `common parent: the commit changed more than ${limit} ${limit === limits.provenDatasets ? 'datasets' : 'directories'}`,
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

function toDatasetPath({ path, name, reason, byRule, changes }: Group): DatasetPath {
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
    ...(byRule === undefined ? {} : { byRule }),
  };
}
