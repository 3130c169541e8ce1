import { isRecord } from '../../contract/is-record.js';

/** What is read of an Iceberg table's metadata file (https://iceberg.apache.org/spec/#table-metadata-fields). */
export interface IcebergMetadata {
  /** Undefined for a table without rows. Ids are 64 bits wide: beyond 2^53 they are compared by their first 53. */
  readonly current: number | undefined;
  readonly snapshots: ReadonlyMap<number, IcebergSnapshot>;
  /** The current schema, as text. */
  readonly schema: string;
  /** Names of the metadata files before this one, oldest first. */
  readonly earlier: readonly string[];
}

interface IcebergSnapshot {
  readonly parent: number | undefined;
  readonly operation: string;
}

/** Undefined where the text is not of that form. */
export function readIcebergMetadata(text: string): IcebergMetadata | undefined {
  const value = parsed(text);
  if (!isRecord(value) || !Array.isArray(value.schemas)) return undefined;
  const schema = value.schemas.find(
    (one) => isRecord(one) && one['schema-id'] === value['current-schema-id'],
  );
  if (schema === undefined) return undefined;
  const current = value['current-snapshot-id'];
  const snapshots = recordsOf(value.snapshots).flatMap((snapshot): [number, IcebergSnapshot][] => {
    const { 'snapshot-id': id, 'parent-snapshot-id': parent, summary } = snapshot;
    const operation = isRecord(summary) ? String(summary.operation) : '';
    return typeof id === 'number'
      ? [[id, { parent: typeof parent === 'number' ? parent : undefined, operation }]]
      : [];
  });
  return {
    current: typeof current === 'number' && current >= 0 ? current : undefined,
    snapshots: new Map(snapshots),
    schema: JSON.stringify(schema),
    earlier: recordsOf(value['metadata-log']).map((entry) => nameOf(String(entry['metadata-file']))),
  };
}

/**
 * What led from one state of a table to a later one, in words, where no row changed: snapshots that only replace files
 * (`replace`, of compaction and rewritten manifests), expired snapshots, properties. Undefined where rows or columns
 * changed, or a snapshot on the way is not there any more.
 */
export function icebergRewrite(
  before: IcebergMetadata,
  after: IcebergMetadata,
): readonly string[] | undefined {
  if (before.schema !== after.schema) return undefined;
  let at = after.current;
  // A snapshot that is its own ancestor is nobody's.
  for (let left = after.snapshots.size; at !== before.current; left -= 1) {
    const snapshot = at === undefined || left === 0 ? undefined : after.snapshots.get(at);
    if (snapshot === undefined || snapshot.operation !== 'replace') return undefined;
    at = snapshot.parent;
  }
  const replaced = after.current !== before.current;
  const expired = [...before.snapshots.keys()].some((id) => !after.snapshots.has(id));
  const words = [...(replaced ? ['replace'] : []), ...(expired ? ['expired snapshots'] : [])];
  return words.length === 0 ? ['properties'] : words;
}

/** The number in the name of a metadata file: `00003-<uuid>.metadata.json`, or `v3.metadata.json` without a catalog. */
export function metadataNumber(name: string): number | undefined {
  const digits = /^v?(\d{1,15})(?:-[^/]*)?\.metadata\.json$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function nameOf(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1);
}

function recordsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
