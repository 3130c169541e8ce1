import { type TableVersion, versionFlag } from '../../contract/flags.js';
import { isRecord } from '../../contract/is-record.js';
import type { RunView } from '../../contract/run.js';
import { isOurKey } from '../../contract/tags.js';
import { parseJson } from '../common/text.js';

import { withoutEndSlashes } from '../paths/path.js';
import { type ReferenceRules, speaksOfOther, wordsOf } from './reference-rules.js';
import type { Reference } from './reference-types.js';
import { deltaVersion, icebergSnapshot } from './table-version.js';

/** The last words of a key that can mean nothing but the version of a table. `version` alone may be that of anything. */
const endings: readonly (readonly [readonly string[], (text: string) => TableVersion | undefined])[] = [
  [['delta', 'version'], deltaVersion],
  [['delta', 'table', 'version'], deltaVersion],
  [['table', 'version'], deltaVersion],
  [['snapshot', 'id'], icebergSnapshot],
  [['iceberg', 'snapshot'], icebergSnapshot],
];

interface NamedVersion {
  /** The words before the ending: `train` of `train_delta_version`. */
  readonly purpose: readonly string[];
  readonly version: TableVersion;
}

function versionOf(key: string, value: string, rules: ReferenceRules): NamedVersion | undefined {
  if (!/version|snapshot/i.test(key)) return undefined;
  const words = wordsOf(key).filter((word) => word !== '');
  for (const [ending, parse] of endings) {
    const purpose = words.slice(0, -ending.length);
    if (words.slice(-ending.length).join(' ') !== ending.join(' ')) continue;
    const version = speaksOfOther(purpose, rules) ? undefined : parse(value.trim());
    if (version !== undefined) return { purpose: purpose.filter((word) => !kinds.has(word)), version };
  }
  return undefined;
}

/** Words that say what a table is, and nothing about what its data is for. */
const kinds = new Set(['delta', 'iceberg', 'table']);

/**
 * The version that a dataset's source names beside its address. MLflow writes `delta_table_version`, as a number for the
 * newest and as a text for one that was asked for; it leaves 0 out, so that a source without it says nothing.
 */
export function versionOfSource(source: string, rules: ReferenceRules): TableVersion | undefined {
  if (!/version|snapshot/i.test(source)) return undefined;
  // A snapshot's id is larger than the numbers that JavaScript keeps whole.
  const parsed = parseJson(source.replace(/([:,[]\s{0,9})(\d{16,19})(?=\s{0,9}[,}\]])/g, '$1"$2"'));
  if (!isRecord(parsed)) return undefined;
  const found = Object.entries(parsed).flatMap(([key, value]) =>
    typeof value === 'string' || typeof value === 'number'
      ? (versionOf(key, String(value), rules)?.version ?? [])
      : [],
  );
  return onlyOne(found);
}

/**
 * Gives references the versions that the run's tags and params name beside them (`delta_version=3`), where it is plain
 * whose they are: of the only table that the run names, or of the only one with the same purpose in its key
 * (`train_path`, `train_delta_version`). Where one reference to a place has a version, the others to it have the same.
 */
export function withVersions(
  run: RunView,
  references: readonly Reference[],
  rules: ReferenceRules,
): readonly Reference[] {
  const named = namedVersions(run, rules);
  if (named.length === 0 && references.every(({ version }) => version === undefined)) return references;
  const found = new Map<string, TableVersion[]>();
  const add = (place: string, version: TableVersion): void => {
    found.set(place, [...(found.get(place) ?? []), version]);
  };
  for (const reference of references) {
    if (reference.version !== undefined) add(placeOf(reference), reference.version);
  }
  const recorded = new Set(found.keys());
  const tables = named.length === 0 ? [] : tablesOf(references);
  for (const { purpose, version } of named) {
    const place = tableFor(purpose, tables);
    // What a source records, the reader knew; what stands beside it was typed.
    if (place !== undefined && !recorded.has(place)) add(place, version);
  }
  return references.map((reference) => {
    if (reference.version !== undefined || reference.address.path === '') return reference;
    const version = onlyOne(found.get(placeOf(reference)) ?? []);
    return version === undefined ? reference : { ...reference, version };
  });
}

/** So many keys that name a version are read; a run may have thousands of params. */
const maxNamed = 100;

function namedVersions(run: RunView, rules: ReferenceRules): readonly NamedVersion[] {
  const named: NamedVersion[] = [];
  for (const [key, value] of [...run.tags, ...run.params]) {
    if (named.length >= maxNamed) break;
    if (isOurKey(key) || key.startsWith('mlflow.')) continue;
    const version = versionOf(key, value, rules);
    if (version !== undefined) named.push(version);
  }
  return named;
}

interface Table {
  readonly place: string;
  /** Of the key or dataset that names it. */
  readonly words: readonly string[];
}

function tablesOf(references: readonly Reference[]): readonly Table[] {
  return references
    .filter(mayBeTable)
    .map((reference) => ({ place: placeOf(reference), words: wordsOf(reference.name) }));
}

function tableFor(purpose: readonly string[], tables: readonly Table[]): string | undefined {
  const akin = tables.filter(
    ({ words }) => purpose.length > 0 && purpose.every((word, at) => words[at] === word),
  );
  const places = new Set((akin.length > 0 ? akin : tables).map(({ place }) => place));
  const [place, ...others] = places;
  return others.length === 0 ? place : undefined;
}

/** A table is a directory; people like to call it `orders.delta`. */
function mayBeTable({ address: { path } }: Reference): boolean {
  const [, ending] = /\.([a-z0-9]{1,8})$/i.exec(withoutEndSlashes(path)) ?? [];
  return path !== '' && (ending === undefined || path.endsWith('/') || ending === 'delta');
}

function placeOf({ address: { repository, ref, path } }: Reference): string {
  return `${repository}/${ref}/${withoutEndSlashes(path)}`;
}

function onlyOne(versions: readonly TableVersion[]): TableVersion | undefined {
  const [first, ...others] = versions;
  return first !== undefined && others.every((other) => versionFlag(other) === versionFlag(first))
    ? first
    : undefined;
}
