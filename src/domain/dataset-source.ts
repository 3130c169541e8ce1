import { isRecord } from './is-record.js';

/**
 * The addresses that a dataset source names. MLflow's clients write JSON of one shape per source type: `uri`, `url`,
 * `path`, HuggingFace's `data_dir` and `data_files`, and Spark's `sql`, which may name a path as a table
 * (``delta.`s3a://…` ``). Hand-made sources may be the bare address or a list. Whether an address leads to lakeFS is
 * not told here.
 */
export function addressesOfSource(source: string): readonly string[] {
  if (source.length > maxSource) return [];
  const parsed = parseJson(source);
  if (parsed === undefined) return addresses([source]);
  if (!isRecord(parsed)) return addresses(strings(parsed));
  const { uri, url, path, data_dir: directory, data_files: files, sql, table_name: table } = parsed;
  const named = [uri, url, path, directory].flatMap(strings);
  return addresses([...named, ...leaves(files), ...[sql, table].flatMap(strings).flatMap(pathsInSql)]);
}

/** Why a source names no address, for `--why`. */
export function sourceWithoutAddress(sourceType: string, source: string): string {
  if (sourceType === 'code')
    return 'MLflow knows the code that made this dataset, not the data (no source was given)';
  if (source.length > maxSource) return `its source is longer than ${maxSource} characters`;
  const parsed = parseJson(source);
  if (isRecord(parsed) && ['table_name', 'delta_table_name', 'sql'].some((key) => key in parsed))
    return 'its source names a table, not where that lies';
  return 'its source names no address';
}

/** UTF-16 units; MLflow takes 65,535 bytes. */
const maxSource = 65_535;

function addresses(texts: readonly string[]): readonly string[] {
  const trimmed = texts.map((text) => text.trim());
  return [...new Set(trimmed.filter((text) => text.includes(':/')))];
}

/** Spark reads a path as a table where the name of a format stands before it; anything else in SQL is only text. */
function pathsInSql(sql: string): string[] {
  const found = sql.matchAll(/\b(?:delta|parquet|iceberg|orc|avro|csv|json|text)\.`([^`]+)`/gi);
  return [...found].flatMap(([, path]) => path ?? []);
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** `data_files` is a string, a list, or a map from split to either. */
function leaves(value: unknown): string[] {
  return isRecord(value) ? Object.values(value).flatMap(strings) : strings(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
