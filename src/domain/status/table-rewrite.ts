import { isUnder } from '../paths/path.js';
import { type DeltaStep, versionOfDeltaLog } from './delta-log.js';
import { type IcebergMetadata, icebergRewrite, metadataNumber } from './iceberg-log.js';

/** What an object is at the later of two commits, seen from the earlier. */
export interface ObjectChange {
  readonly type: 'added' | 'changed' | 'removed';
  /** Bytes, where lakeFS tells. */
  readonly size?: number;
}

/** A table whose own log has grown between two commits. */
export interface ChangedTable {
  readonly kind: 'delta' | 'iceberg';
  /** '' or with its slash. */
  readonly root: string;
  /** Of data, by path as seen from the root. */
  readonly changes: ReadonlyMap<string, ObjectChange>;
}

/** Versions of a Delta table that are read, new and old ones. */
export const maxVersions = 50;

/** The root of the table whose log or metadata the object belongs to. */
export function recordRoot(object: string): { kind: ChangedTable['kind']; root: string } | undefined {
  const delta = /^(?:(.*)\/)?_delta_log\/\d{20}\.json$/.exec(object);
  const iceberg = /^(?:(.*)\/)?metadata\/[^/]*\.metadata\.json$/.exec(object);
  const match = delta ?? iceberg;
  if (match === null) return undefined;
  const [, above] = match;
  return { kind: delta === null ? 'iceberg' : 'delta', root: above === undefined ? '' : `${above}/` };
}

/**
 * The tables to which all changes belong; undefined where one belongs to no table whose log has grown: then more than
 * a table's log can tell has changed.
 */
export function changedTables(
  changes: ReadonlyMap<string, ObjectChange>,
): readonly ChangedTable[] | undefined {
  const tables = new Map<string, { kind: ChangedTable['kind']; changes: Map<string, ObjectChange> }>();
  for (const [object, change] of changes) {
    const found = change.type === 'added' ? recordRoot(object) : undefined;
    if (found !== undefined) tables.set(found.root, { kind: found.kind, changes: new Map() });
  }
  const roots = [...tables.keys()].sort((a, b) => b.length - a.length);
  for (const [object, change] of changes) {
    const root = roots.find((one) => one === '' || isUnder(object, one));
    if (root === undefined) return undefined;
    tables.get(root)?.changes.set(object.slice(root.length), change);
  }
  return [...tables].map(([root, table]) => ({ root, ...table }));
}

/** The versions that a Delta table has got, oldest first; undefined where its log says more than that. */
export function newVersions({ changes }: ChangedTable): readonly number[] | undefined {
  const added: number[] = [];
  const removed: number[] = [];
  for (const [path, { type }] of changes) {
    const version = versionOfDeltaLog(path);
    if (version === undefined) continue;
    if (type === 'changed') return undefined;
    (type === 'added' ? added : removed).push(version);
  }
  added.sort((a, b) => a - b);
  const [first = 0] = added;
  // Without gaps, after one that is there; of the old ones any may have been cleaned up but the last.
  const whole = first > 0 && added.every((version, index) => version === first + index);
  return whole && removed.every((version) => version < first - 1) ? added : undefined;
}

/**
 * Whether a Delta table's log explains all files that came and went: those that came were added by a new version, those
 * that went were let go of before. Where it is `open`, older versions may tell more.
 *
 * @param steps both newest first
 */
export function explainedBy(
  { changes }: ChangedTable,
  steps: { readonly fresh: readonly DeltaStep[]; readonly older: readonly DeltaStep[] },
): 'yes' | 'no' | 'open' {
  const fresh = lastWord(steps.fresh);
  const all = lastWord([...steps.fresh, ...steps.older]);
  // What the table has by a new version has to be there.
  for (const [path, word] of fresh) if (word === 'added' && changes.get(path)?.type !== 'added') return 'no';
  let open = false;
  for (const [path, { type }] of changes) {
    if (versionOfDeltaLog(path) !== undefined) continue;
    if (type === 'changed' || (type === 'added' && fresh.get(path) !== 'added')) return 'no';
    if (type !== 'removed') continue;
    // The table still had it.
    if (all.get(path) === 'added') return 'no';
    open ||= !all.has(path);
  }
  return open ? 'open' : 'yes';
}

/** What the newest step that speaks of a file says. */
function lastWord(newestFirst: readonly DeltaStep[]): ReadonlyMap<string, 'added' | 'removed'> {
  const words = new Map<string, 'added' | 'removed'>();
  for (const { added, removed } of newestFirst.toReversed()) {
    for (const path of removed) words.set(path, 'removed');
    for (const path of added) words.set(path, 'added');
  }
  return words;
}

/** The names of the versions' operations, each once. */
export function operationsOf(steps: readonly DeltaStep[]): readonly string[] {
  return [...new Set(steps.map(({ operation }) => operation ?? 'a version without a name'))];
}

/** The metadata files of an Iceberg table that came; the newest last. Undefined where that cannot be decided. */
export function newMetadata({ changes }: ChangedTable): readonly string[] | undefined {
  const found: { name: string; number: number }[] = [];
  for (const [path, { type }] of changes) {
    if (!path.startsWith('metadata/') || type === 'removed') continue;
    const name = path.slice('metadata/'.length);
    const number = metadataNumber(name);
    if (number === undefined) continue;
    if (type === 'changed') return undefined;
    found.push({ name, number });
  }
  found.sort((a, b) => a.number - b.number);
  const numbers = new Set(found.map(({ number }) => number));
  return found.length > 0 && numbers.size === found.length ? found.map(({ name }) => name) : undefined;
}

/** The metadata file that was the newest before these; undefined where that is not known. */
export function metadataBefore(
  { changes }: ChangedTable,
  names: readonly string[],
  { earlier }: IcebergMetadata,
): string | undefined {
  const before = earlier.filter((name) => !names.includes(name)).at(-1);
  const number = before === undefined ? undefined : metadataNumber(before);
  if (before === undefined || number === undefined) return undefined;
  const newest = metadataNumber(names[0] ?? '') ?? 0;
  const isOlder = (path: string): boolean => (metadataNumber(path.slice('metadata/'.length)) ?? -1) < number;
  const gone = [...changes].flatMap(([path, { type }]) =>
    type === 'removed' && path.startsWith('metadata/') ? [path] : [],
  );
  return number < newest && gone.every(isOlder) ? before : undefined;
}

/**
 * What rewrote an Iceberg table, in words, where its metadata say that no row changed: only files of data and metadata
 * came or went, and data went only with snapshots that let go of it.
 */
export function icebergChange(
  { changes }: ChangedTable,
  before: IcebergMetadata,
  after: IcebergMetadata,
): readonly string[] | undefined {
  const words = icebergRewrite(before, after);
  if (words === undefined) return undefined;
  const letsGo = words.some((word) => word !== 'properties');
  for (const [path, { type }] of changes) {
    if (path === 'metadata/version-hint.text' || (path.startsWith('metadata/') && type !== 'changed'))
      continue;
    if (!path.startsWith('data/') || type === 'changed') return undefined;
    if (type === 'removed' && !letsGo) return undefined;
  }
  return words;
}
