import { isRecord } from '../../contract/is-record.js';
import { dataUriTag, guideTag } from '../../contract/tags.js';
import { parseAddress } from './address.js';
import { addressesOfValue } from './addresses-of-value.js';
import { type ReferenceRules, roleOf } from './reference-rules.js';

/** Data that the runs of a command are to read. */
export interface PinnedData {
  readonly repository: string;
  /** The whole id. */
  readonly commit: string;
  /** The branch that led to the commit; undefined for a tag, a commit or an expression. */
  readonly branch: string | undefined;
  /** Without slashes around it; empty for the whole repository. */
  readonly path: string;
}

/** What `MLFLOW_RUN_CONTEXT` holds: MLflow gives these tags to every run that its fluent API starts. */
export type RunContext = Readonly<Record<string, unknown>>;

export interface Declared {
  readonly context: RunContext;
  /** A key of the given context because of which the data is declared by its addresses alone. */
  readonly clash: string | undefined;
}

/** Reads `MLFLOW_RUN_CONTEXT`; undefined where it is no JSON object, which MLflow would ignore as a whole. */
export function readRunContext(text: string | undefined): RunContext | undefined {
  if (text === undefined || text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Adds the tags that declare the data; a tag that is there stays as it is. One commit is declared by the tags of
 * lakeFS's guide, several by their addresses, and each path by its address. Where the context says something else by
 * a key of that kind, the guide's tags are left out as a whole: half of them beside those of somebody else would name a
 * commit that nobody meant.
 */
export function declareData(data: readonly PinnedData[], given: RunContext, rules: ReferenceRules): Declared {
  const guide = guideTagsFor(data);
  const clash = Object.keys(given).find(
    (key) => roleOf(key, rules) !== undefined && guide !== undefined && given[key] !== guide[key],
  );
  const byGuide = guide !== undefined && clash === undefined;
  const context: Record<string, unknown> = { ...given, ...(byGuide && guide) };
  const values = data.filter(({ path }) => path !== '' || !byGuide).map(addressTag);
  for (const value of new Set(values)) {
    if (!Object.values(context).includes(value)) context[freeKey(context)] = value;
  }
  return { context, clash };
}

/** Undefined where there are several commits: the guide has no way to say so. */
function guideTagsFor(data: readonly PinnedData[]): Readonly<Record<string, string>> | undefined {
  const [first] = data;
  const isSame = ({ repository, commit }: PinnedData): boolean =>
    repository === first?.repository && commit === first.commit;
  if (first === undefined || !data.every(isSame)) return undefined;
  const { repository, commit, branch } = first;
  const label = data.every((one) => one.branch === branch) ? branch : undefined;
  return {
    [guideTag.repo]: repository,
    [guideTag.commit]: commit,
    ...(label !== undefined && { [guideTag.branch]: label }),
  };
}

function freeKey(context: RunContext): string {
  let key: string = dataUriTag;
  for (let number = 2; Object.hasOwn(context, key); number += 1) key = `${dataUriTag}_${number}`;
  return key;
}

/** The address by commit, as S3 clients of lakeFS's gateway take it. */
function dataUri({ repository, commit, path }: PinnedData): string {
  return `s3://${repository}/${commit}/${path}`;
}

/** As `addressesOfValue` reads it back: a path with blanks or commas counts only within a list. */
function addressTag(data: PinnedData): string {
  const uri = dataUri(data);
  return isReadAs(uri, data) ? uri : JSON.stringify([uri]);
}

/** False for a path that a reader of the run could not make out: one with `..`, say, or that ends in `...`. */
export function isDeclarable(data: PinnedData): boolean {
  return isReadAs(addressTag(data), data);
}

function isReadAs(value: string, { repository, commit, path }: PinnedData): boolean {
  const found = addressesOfValue(value);
  if (found.kind !== 'addresses') return false;
  const [only, ...others] = found.addresses;
  if (only === undefined || others.length > 0 || only.reason !== undefined) return false;
  const parsed = parseAddress(only.text);
  if (parsed.kind !== 'address') return false;
  const { address } = parsed;
  return address.repository === repository && address.ref === commit && address.path === path;
}

/** The variables of a command that is to read the data: the first also without a number. */
export function launchVariables(
  data: readonly PinnedData[],
  context: RunContext,
): Readonly<Record<string, string>> {
  const numbered = data.length > 1 ? data.flatMap((one, index) => pair(one, `_${index + 1}`)) : [];
  return Object.fromEntries([
    ['MLFLOW_RUN_CONTEXT', JSON.stringify(context)],
    ...data.slice(0, 1).flatMap((one) => pair(one, '')),
    ...numbered,
  ]);
}

function pair(data: PinnedData, suffix: string): readonly (readonly [string, string])[] {
  return [
    [`LAKEFS_DATA_URI${suffix}`, dataUri(data)],
    [`LAKEFS_COMMIT${suffix}`, data.commit],
  ];
}

/** The environment without the addresses of an earlier launch, which may have named more of them. */
export function withoutLaunchVariables<T>(env: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^LAKEFS_(?:DATA_URI|COMMIT)(?:_\d+)?$/.test(name)),
  );
}
