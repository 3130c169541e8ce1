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

/** Columns of these types are part of the pandas digest; booleans, dates and others are not. */
const digestedTypes = new Set(['integer', 'long', 'float', 'double']);

/** UTF-16 units; that of a frame is a pair of numbers. */
const maxProfile = 10_000;

/** MLflow's pandas digest looks at this many rows. */
const digestedRows = 10_000;

/**
 * True where the digest of a dataset covers all its content, so that two datasets of equal name and digest are
 * equal data. MLflow digests pandas frames as 8 hex digits over the first 10,000 rows of the numeric columns and
 * of the columns that hold nothing but strings (mlflow/data/digest_utils.py): a date, a boolean or a string column
 * with gaps is not covered, which the schema tells.
 */
export function digestCoversContent(dataset: {
  readonly digest: string;
  readonly schema: string | undefined;
  readonly profile: string | undefined;
}): boolean {
  // Digits alone are more often a date or a number that a person gave as digest (one in 43 of MLflow's own is so).
  if (!/^(?!\d+$)[0-9a-f]{8}$/.test(dataset.digest)) return false;
  // JSON.parse of nothing throws, and a sweep asks this of every input.
  if (!dataset.profile || !dataset.schema || dataset.profile.length > maxProfile) return false;
  const profile = parseJson(dataset.profile);
  const schema = parseJson(dataset.schema);
  if (!isRecord(profile) || !isRecord(schema)) return false;
  const { num_rows: rows, num_elements: elements } = profile;
  const { mlflow_colspec: columns } = schema;
  if (typeof rows !== 'number' || typeof elements !== 'number' || rows > digestedRows) return false;
  return Array.isArray(columns) && columns.length > 0 && columns.every(isDigested);
}

function isDigested(column: unknown): boolean {
  if (!isRecord(column)) return false;
  return column.type === 'string' ? column.required !== false : digestedTypes.has(String(column.type));
}
