import { isRecord } from '../../contract/is-record.js';
import type { InputView } from '../../contract/run.js';
import { cut, parseJson } from '../common/text.js';
import { isRefName, parseAddress, showAddress, shownValue } from './address.js';
import { isRepositoryName } from './lakefs-names.js';
import { printedTexts } from './printed-value.js';
import { outputWordOf, type ReferenceRules } from './reference-rules.js';
import type { NoReference, Reference } from './reference-types.js';
import { tableOf } from './table-version.js';
import { versionOfSource } from './table-version-keys.js';

/** UTF-16 units; MLflow takes 500 characters. */
const maxName = 1_000;

/** Adds what one dataset input says, or why it says nothing. */
export function collectInput(
  input: InputView,
  rules: ReferenceRules,
  found: Reference[],
  none: NoReference[],
): void {
  const at = { where: 'input', name: cut(input.name, maxName) } as const;
  if (input.name.length > maxName) {
    none.push({
      ...at,
      text: shownValue(input.source),
      reason: `its name has more than ${maxName} characters`,
    });
    return;
  }
  const addresses = addressesOfSource(input.source, (key) => outputWordOf(key, rules) !== undefined);
  if (addresses.length === 0) {
    const reason = sourceWithoutAddress(input.sourceType, input.source);
    none.push({ ...at, text: shownValue(input.source), reason });
  }
  // Nothing says which of several addresses the version belongs to.
  const recorded = addresses.length === 1 ? versionOfSource(input.source, rules) : undefined;
  for (const text of addresses) {
    const parsed = parseAddress(text, rules);
    if (parsed.kind === 'none') {
      none.push({ ...at, text: shownValue(showAddress(text)), reason: parsed.reason });
      continue;
    }
    const { address, version = recorded } = tableOf(parsed.address);
    found.push({
      ...at,
      context: input.context,
      address,
      host: parsed.host,
      text: shownValue(showAddress(text)),
      dataset: { digest: input.digest, ...(input.digestOfSource && { digestOfSource: true }) },
      ...(version === undefined ? {} : { version }),
    });
  }
}

/**
 * The addresses that a dataset source names. MLflow's clients write JSON of one shape per source type: `uri`, `url`,
 * `path`, HuggingFace's `data_dir` and `data_files`, and Spark's `sql`, which may name a path as a table
 * (``delta.`s3a://…` ``). Hand-made sources may be the bare address or a list. Where none of these keys names an
 * object, any other may (source types of one's own): as a whole, or in parts. Whether an address leads to lakeFS is
 * not decided here.
 *
 * @param isOutput true for a key whose value is what was written
 */
export function addressesOfSource(
  source: string,
  isOutput: (key: string) => boolean = () => false,
): readonly string[] {
  if (source.length > maxSource) return [];
  const parsed = parseJson(source);
  if (parsed === undefined) return addresses([source]);
  if (!isRecord(parsed)) return addresses(strings(parsed));
  const { uri, url, path, data_dir: directory, data_files: files, sql, table_name: table } = parsed;
  const named = [uri, url, path, directory].flatMap(strings);
  const found = addresses([...named, ...leaves(files), ...[sql, table].flatMap(strings).flatMap(pathsInSql)]);
  // A `url` may be that of the server.
  if (found.some((text) => leadsToObjects.test(text) || !/^https?:/i.test(text))) return found;
  return [...new Set([...found, ...addressesOfOwnType(source, parsed, isOutput)])];
}

/** What MLflow's own clients write beside the place: nothing of it is data. */
const clientKeys = new Set(['tags', 'sql', 'table_name', 'delta_table_name']);

function addressesOfOwnType(
  source: string,
  parsed: Readonly<Record<string, unknown>>,
  isOutput: (key: string) => boolean,
): readonly string[] {
  const texts = (printedTexts(source) ?? []).filter(
    ({ key }) => !isOutput(key) && !clientKeys.has(key.split('.', 1)[0] ?? ''),
  );
  const whole = texts.map(({ text }) => text).filter((text) => leadsToObjects.test(text));
  const assembled = addressInParts(parsed);
  return addresses(whole.length > 0 || assembled === undefined ? whole : [assembled]);
}

/** Addresses that can be no others' than lakeFS's or an object store's: the address of a server says nothing. */
const leadsToObjects = /^(?:s3[an]?|lakefs):\/|^https?:\/\/.*\/repositories\//i;

/** `{"repository": "images", "ref": "v1", "path": "train/"}`. */
function addressInParts(parsed: Readonly<Record<string, unknown>>): string | undefined {
  const text = (keys: readonly string[]): string | undefined =>
    keys
      .flatMap((key) => [key, `lakefs_${key}`])
      .map((key) => parsed[key])
      .find((value) => typeof value === 'string' && value !== '') as string | undefined;
  const repository = text(['repository', 'repo', 'repository_id']);
  const ref = text(['commit', 'commit_id', 'ref', 'ref_id', 'reference', 'tag', 'branch']);
  const path = text(['path', 'key', 'prefix', 'object', 'object_path']);
  if (repository === undefined || ref === undefined || !isRepositoryName(repository) || !isRefName(ref))
    return undefined;
  return `lakefs://${repository}/${ref}/${path?.replace(/^\//, '') ?? ''}`;
}

/** Why a source names no address, for `--why`. */
export function sourceWithoutAddress(sourceType: string, source: string): string {
  if (sourceType === 'code')
    return 'MLflow knows the code that made this dataset, not the data: no source was given, by this run or by an earlier one whose dataset has the same name and digest. Give it a source and a name of its own';
  if (source.length > maxSource) return `its source is longer than ${maxSource} characters`;
  const parsed = parseJson(source);
  if (isRecord(parsed) && ['table_name', 'delta_table_name', 'sql'].some((key) => key in parsed))
    return 'its source names a table, not its location';
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
