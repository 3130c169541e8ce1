import type { TableVersion } from '../../contract/flags.js';
import { asDirectory } from '../paths/path.js';
import { deltaLogName } from '../status/delta-log.js';
import type { Address } from './address.js';

/** The object by which a table's own records show that it had a version. Tables write it once and never change it. */
export interface VersionRecord {
  /** Holds the table's records; nothing there: no such table. */
  readonly directory: string;
  /** The key of the object, or what it begins with where the rest is made up by the writer. */
  readonly key: string;
  readonly whole: boolean;
}

/**
 * Delta writes version V as `_delta_log/<V, 20 digits>.json`
 * (https://github.com/delta-io/delta/blob/master/PROTOCOL.md#delta-log-entries). Iceberg writes a metadata file for each
 * version, and a list of manifests `snap-<snapshot id>-<attempt>-<uuid>.avro` for each snapshot, as pyiceberg and
 * Iceberg's own Java code do.
 *
 * @param path where the table is
 */
export function recordOf(version: TableVersion, path: string): VersionRecord {
  const table = asDirectory(path);
  if (version.kind === 'delta') {
    return { directory: `${table}_delta_log/`, key: table + deltaLogName(version.version), whole: true };
  }
  const directory = `${table}metadata/`;
  return version.kind === 'iceberg metadata'
    ? { directory, key: `${directory}${version.file}`, whole: true }
    : { directory, key: `${directory}snap-${version.id}-`, whole: false };
}

const recordsFolder = '/metadata/';

/** `00003-<uuid>.metadata.json`, of a Hadoop table `v3.metadata.json`; packed ones hold `.gz`. */
const metadataFile = /^(?:\d{5,9}-[0-9a-f-]{36}|v\d{1,9})(?:\.gz)?\.metadata\.json(?:\.gz)?$/;

/** Whoever reads a metadata file of Iceberg reads the table, at the version that the file is of. */
export function tableOf(address: Address): { readonly address: Address; readonly version?: TableVersion } {
  const { path } = address;
  const at = path.lastIndexOf(recordsFolder);
  const file = path.slice(at + recordsFolder.length);
  if (at <= 0 || !metadataFile.test(file)) return { address };
  return {
    address: { ...address, path: path.slice(0, at) },
    version: { kind: 'iceberg metadata', file },
  };
}

const deltaNumber = /^(?:0|[1-9]\d{0,17})$/;
const snapshotNumber = /^[1-9]\d{9,18}$/;

/** Undefined where the text is no number of a Delta version. */
export function deltaVersion(text: string): TableVersion | undefined {
  return deltaNumber.test(text) ? { kind: 'delta', version: text } : undefined;
}

/** Undefined where the text is no id as Iceberg makes them: random numbers of 63 bits. */
export function icebergSnapshot(text: string): TableVersion | undefined {
  return snapshotNumber.test(text) ? { kind: 'iceberg snapshot', id: text } : undefined;
}
