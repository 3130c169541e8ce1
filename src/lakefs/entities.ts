import { Ajv } from 'ajv';
import Type, { type Static, type TObject, type TProperties } from 'typebox';

/** An answer that lacks what every lakeFS sends. Whoever knows the request makes a `LakefsError` of it. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

const ajv = new Ajv();

interface Field {
  readonly key: string;
  readonly isValid: (value: unknown) => boolean;
  readonly isList: boolean;
  readonly isRequired: boolean;
  readonly fallback: unknown;
}

type Entity<P extends TProperties> = Readonly<Static<TObject<P>>>;

/**
 * Reads one kind of answer. Only the fields of the schema are kept, so that new ones do no harm. A required one that is
 * missing throws `ShapeError`; an optional one of another type counts as left out.
 *
 * @param name with its article, for people
 */
function reader<P extends TProperties>(name: string, properties: P): (value: unknown) => Entity<P> {
  const fields = Object.entries(properties).map(
    ([key, property]): Field => ({
      key,
      isValid: ajv.compile(property),
      isList: Reflect.get(property, 'type') === 'array',
      isRequired: !Type.IsOptional(property),
      fallback: Reflect.get(property, 'default'),
    }),
  );

  function pick(given: unknown, { key, isValid, isList, isRequired, fallback }: Field): unknown {
    if (isValid(given)) return given;
    // Go programs may write `null` for an empty list.
    if (isList && given === null) return [];
    if (fallback !== undefined || !isRequired) return fallback;
    throw new ShapeError(`${name} ${given === undefined ? 'without' : 'with an unusable'} "${key}"`);
  }

  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ShapeError(
        `${typeof value === 'string' ? 'text that is not JSON' : 'no JSON object'} for ${name}`,
      );
    }
    const read: Partial<Record<string, unknown>> = {};
    for (const field of fields) {
      const found = pick(Reflect.get(value, field.key), field);
      if (found !== undefined) read[field.key] = found;
    }
    return read as Entity<P>;
  };
}

const text = Type.String();
const number = Type.Number();
const optionalText = Type.Optional(text);
const optionalNumber = Type.Optional(number);
const textMap = Type.Record(text, text);
const pathType = Type.Enum(['object', 'common_prefix'], { default: 'object' });

export const toCommit = reader('a commit', {
  /** 64 lower-case hex digits. */
  id: text,
  parents: Type.Unsafe<readonly string[]>(Type.Array(text)),
  committer: text,
  message: text,
  /** Unix seconds; callers may set it to anything. */
  creation_date: number,
  /** Equal ids in one repository mean byte-for-byte equal trees; empty for an empty tree. */
  meta_range_id: text,
  metadata: Type.Unsafe<Readonly<Record<string, string>>>({ ...textMap, default: {} }),
  generation: optionalNumber,
});
export type LakefsCommit = ReturnType<typeof toCommit>;

export const toRepository = reader('a repository', {
  id: text,
  /** Unix seconds. */
  creation_date: number,
  default_branch: text,
  storage_namespace: text,
  read_only: Type.Optional(Type.Boolean()),
});
export type LakefsRepository = ReturnType<typeof toRepository>;

export const toRef = reader('a branch or tag', { id: text, commit_id: text });
export type LakefsRef = ReturnType<typeof toRef>;

export const toDiffEntry = reader('a difference', {
  type: Type.Enum(['added', 'removed', 'changed', 'conflict', 'prefix_changed']),
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
  metadata: Type.Optional(Type.Unsafe<Readonly<Record<string, string>>>(textMap)),
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
export const toConfiguration = reader('the configuration', { version_config: Type.Unknown() });
export const toVersion = reader('the version', { version: text });
export const toListing = reader('a listing', {
  results: Type.Unsafe<readonly unknown[]>(Type.Array(Type.Unknown())),
  pagination: Type.Unknown(),
});
export const toPagination = reader('the pagination of a listing', {
  has_more: Type.Optional(Type.Boolean()),
  next_offset: optionalText,
});
