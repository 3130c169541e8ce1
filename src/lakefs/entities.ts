import { isRecord } from '../contract/is-record.js';

/** An answer that lacks what every lakeFS sends. Whoever knows the request makes a `LakefsError` of it. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** One field of an answer: what is taken for it. By hand, as a library of schemas made every command start 0.15 s later. */
interface Field<T> {
  readonly isValid: (value: unknown) => boolean;
  /** What counts where the answer has nothing of this form; without `or` the answer cannot be used. */
  readonly or?: { readonly value: T };
  readonly isList?: boolean;
}

type Fields = Readonly<Record<string, Field<unknown>>>;

type ValueOf<F> = F extends Field<infer T> ? T : never;

type OptionalKey<F extends Fields> = { [K in keyof F]: undefined extends ValueOf<F[K]> ? K : never }[keyof F];

type Entity<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKey<F>>]: ValueOf<F[K]>;
} & {
  readonly [K in OptionalKey<F>]?: Exclude<ValueOf<F[K]>, undefined>;
};

/**
 * Reads one kind of answer. Only the fields named here are kept, so that new ones do no harm. A required one that is
 * missing throws `ShapeError`; an optional one of another type counts as left out.
 *
 * @param name with its article, for people
 */
function reader<F extends Fields>(name: string, fields: F): (value: unknown) => Entity<F> {
  const entries = Object.entries(fields);

  function pick(given: unknown, key: string, { isValid, or, isList }: Field<unknown>): unknown {
    if (isValid(given)) return given;
    // Go programs may write `null` for an empty list.
    if (isList === true && given === null) return [];
    if (or !== undefined) return or.value;
    throw new ShapeError(`${name} ${given === undefined ? 'without' : 'with an unusable'} "${key}"`);
  }

  return (value) => {
    if (!isRecord(value)) {
      throw new ShapeError(
        `${typeof value === 'string' ? 'text that is not JSON' : 'no JSON object'} for ${name}`,
      );
    }
    const read: Record<string, unknown> = {};
    for (const [key, field] of entries) {
      const found = pick(value[key], key, field);
      if (found !== undefined) read[key] = found;
    }
    return read as Entity<F>;
  };
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextMap = (value: unknown): boolean => isRecord(value) && Object.values(value).every(isText);

const text: Field<string> = { isValid: isText };
const number: Field<number> = { isValid: (value) => typeof value === 'number' };
const flag: Field<boolean> = { isValid: (value) => typeof value === 'boolean' };
const textMap: Field<Readonly<Record<string, string>>> = { isValid: isTextMap };
const texts: Field<readonly string[]> = {
  isValid: (value) => Array.isArray(value) && value.every(isText),
  isList: true,
};
const anything: Field<unknown> = { isValid: () => true };
const list: Field<readonly unknown[]> = { isValid: Array.isArray, isList: true };

function oneOf<const W extends readonly string[]>(...words: W): Field<W[number]> {
  return { isValid: (value) => words.some((word) => word === value) };
}

function orElse<T>(field: Field<T>, value: T): Field<T> {
  return { ...field, or: { value } };
}

function optional<T>(field: Field<T>): Field<T | undefined> {
  return { ...field, or: { value: undefined } };
}

const optionalText = optional(text);
const optionalNumber = optional(number);
const pathType = orElse(oneOf('object', 'common_prefix'), 'object');

export const toCommit = reader('a commit', {
  /** 64 lower-case hex digits. */
  id: text,
  parents: texts,
  committer: text,
  message: text,
  /** Unix seconds; callers may set it to anything. */
  creation_date: number,
  /** Equal ids in one repository mean byte-for-byte equal trees; empty for an empty tree. */
  meta_range_id: text,
  metadata: orElse(textMap, {}),
  generation: optionalNumber,
});
export type LakefsCommit = ReturnType<typeof toCommit>;

export const toRepository = reader('a repository', {
  id: text,
  /** Unix seconds. */
  creation_date: number,
  default_branch: text,
  storage_namespace: text,
  read_only: optional(flag),
});
export type LakefsRepository = ReturnType<typeof toRepository>;

export const toRef = reader('a branch or tag', { id: text, commit_id: text });
export type LakefsRef = ReturnType<typeof toRef>;

export const toDiffEntry = reader('a difference', {
  type: oneOf('added', 'removed', 'changed', 'conflict', 'prefix_changed'),
  path: text,
  path_type: pathType,
  size_bytes: optionalNumber,
});
export type LakefsDiffEntry = ReturnType<typeof toDiffEntry>;

export const toObject = reader('an object', {
  path: text,
  path_type: pathType,
  checksum: optionalText,
  size_bytes: optionalNumber,
  /** Unix seconds. */
  mtime: optionalNumber,
  physical_address: optionalText,
  content_type: optionalText,
  metadata: optional(textMap),
});
export type LakefsObject = ReturnType<typeof toObject>;

export const toActionRun = reader('an action run', {
  run_id: text,
  branch: text,
  commit_id: text,
  event_type: text,
  status: text,
  start_time: text,
  end_time: optionalText,
});
export type LakefsActionRun = ReturnType<typeof toActionRun>;

export const toHookRun = reader('a hook run', {
  hook_run_id: text,
  hook_id: text,
  action: text,
  status: text,
});
export type LakefsHookRun = ReturnType<typeof toHookRun>;

export const toMerge = reader('a merge', { reference: text });
export const toMergeBase = reader('a merge base', { base_commit_id: text });
export const toConfiguration = reader('the configuration', { version_config: anything });
export const toVersion = reader('the version', { version: text });
export const toListing = reader('a listing', {
  results: list,
  pagination: anything,
});
export const toPagination = reader('the pagination of a listing', {
  has_more: optional(flag),
  next_offset: optionalText,
});
