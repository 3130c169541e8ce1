/**
 * The addresses that a dataset source names. MLflow's clients write JSON of one shape per source type
 * (`uri`, `url`, `path`, HuggingFace's `data_files`); hand-made sources may be the bare address.
 */
export function addressesOfSource(source: string): readonly string[] {
  const parsed = parseJson(source);
  if (parsed === undefined) return source.includes('://') ? [source.trim()] : [];
  if (typeof parsed === 'string') return [parsed];
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return [];
  const { uri, url, path, data_files: files } = parsed as Record<string, unknown>;
  const named = [uri, url, path].flatMap(strings).concat(leaves(files));
  return [...new Set(named.filter((text) => text.includes('://')))];
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** `data_files` is a string, a list, or a map from split to either. */
function leaves(value: unknown): string[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.values(value).flatMap(strings);
  }
  return strings(value);
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
  const profile = parseJson(dataset.profile ?? '');
  const schema = parseJson(dataset.schema ?? '');
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
