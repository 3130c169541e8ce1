import { isRecord } from '../../contract/is-record.js';

/** What one version of a Delta table did, by its file in the table's log. */
export interface DeltaStep {
  /** As the program names it (`OPTIMIZE`, `WRITE`); undefined where it says nothing. */
  readonly operation: string | undefined;
  /** True where a row, a column or the type of one may be another. */
  readonly changesRows: boolean;
  /** Paths as seen from the table's root. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Operations that write the table's description anew and leave names and types of its columns alone. */
const describing: ReadonlySet<string> = new Set([
  'SET TBLPROPERTIES',
  'UNSET TBLPROPERTIES',
  'UPDATE TABLE METADATA',
  'UPDATE FIELD METADATA',
  'ADD CONSTRAINT',
  'DROP CONSTRAINT',
  'ADD FEATURE',
  'UPGRADE PROTOCOL',
  'CLUSTER BY',
]);

/** Actions that touch no row. */
const quiet: ReadonlySet<string> = new Set(['commitInfo', 'protocol', 'txn', 'domainMetadata']);

/**
 * Reads a version's file: one action a line (https://github.com/delta-io/delta/blob/master/PROTOCOL.md#actions). An action
 * says itself whether it changes data (`dataChange`). Undefined where the text is not of that form or holds an action
 * that is not known here: it may do anything.
 */
export function readDeltaStep(text: string): DeltaStep | undefined {
  const actions: (readonly [string, Readonly<Record<string, unknown>>])[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const action = readAction(line);
    if (action === undefined) return undefined;
    actions.push(action);
  }
  if (actions.length === 0) return undefined;
  const info = actions.find(([name]) => name === 'commitInfo')?.[1];
  const operation = typeof info?.operation === 'string' ? info.operation : undefined;
  const step = { operation, changesRows: false, added: [] as string[], removed: [] as string[] };
  for (const [name, fields] of actions) {
    if (name === 'add' || name === 'remove') {
      if (typeof fields.path !== 'string') return undefined;
      step.changesRows ||= fields.dataChange !== false;
      (name === 'add' ? step.added : step.removed).push(decoded(fields.path));
    } else if (name === 'metaData') step.changesRows ||= !describing.has(operation ?? '');
    else if (name === 'cdc') step.changesRows = true;
    else if (!quiet.has(name)) return undefined;
  }
  return step;
}

function readAction(line: string): readonly [string, Readonly<Record<string, unknown>>] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const [[name, fields] = ['', undefined], ...others] = isRecord(value) ? Object.entries(value) : [];
    return isRecord(fields) && others.length === 0 ? [name, fields] : undefined;
  } catch {
    return undefined;
  }
}

/** Paths are written as in an address: `date=2026-01-01%2000` is `date=2026-01-01 00`. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The name of a version's log entry, from the table on. */
export function deltaLogName(version: number | string): string {
  return `_delta_log/${String(version).padStart(20, '0')}.json`;
}

/** The version that a file of the log is about, its path as seen from the table's root. */
export function versionOfDeltaLog(path: string): number | undefined {
  const digits = /^_delta_log\/(\d{20})\.json$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
