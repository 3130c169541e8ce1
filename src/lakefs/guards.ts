import type {
  LakefsActionRun,
  LakefsCommit,
  LakefsDiffEntry,
  LakefsHookRun,
  LakefsObject,
  LakefsRef,
  LakefsRepository,
} from './types.js';

/**
 * Reads lakeFS's answers field by field. Only what we use is looked at, so that new fields do no harm; a
 * missing one throws `ShapeError`, which the caller turns into a `LakefsError` that names the request.
 */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fields(value: unknown, what: string): Fields {
  if (isFields(value)) return value;
  throw new ShapeError(
    `${typeof value === 'string' ? 'text that is not JSON' : 'no JSON object'} for ${what}`,
  );
}

export function text(from: Fields, key: string, what: string): string {
  const value = from[key];
  if (typeof value === 'string') return value;
  throw new ShapeError(`${what} without "${key}"`);
}

function number(from: Fields, key: string, what: string): number {
  const value = from[key];
  if (typeof value === 'number') return value;
  throw new ShapeError(`${what} without "${key}"`);
}

/** A list; lakeFS, as Go programs do, may write `null` for an empty one. */
export function list(from: Fields, key: string, what: string): readonly unknown[] {
  const value = from[key];
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  throw new ShapeError(`${what} without "${key}"`);
}

function strings(value: unknown): Record<string, string> {
  if (!isFields(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

export function toCommit(value: unknown): LakefsCommit {
  const from = fields(value, 'a commit');
  return {
    id: text(from, 'id', 'a commit'),
    parents: list(from, 'parents', 'a commit').filter((parent) => typeof parent === 'string'),
    committer: text(from, 'committer', 'a commit'),
    message: text(from, 'message', 'a commit'),
    creation_date: number(from, 'creation_date', 'a commit'),
    meta_range_id: text(from, 'meta_range_id', 'a commit'),
    metadata: strings(from.metadata),
    ...(typeof from.generation === 'number' && { generation: from.generation }),
  };
}

export function toRepository(value: unknown): LakefsRepository {
  const from = fields(value, 'a repository');
  return {
    id: text(from, 'id', 'a repository'),
    creation_date: number(from, 'creation_date', 'a repository'),
    default_branch: text(from, 'default_branch', 'a repository'),
    storage_namespace: text(from, 'storage_namespace', 'a repository'),
    ...(typeof from.read_only === 'boolean' && { read_only: from.read_only }),
  };
}

export function toRef(value: unknown): LakefsRef {
  const from = fields(value, 'a branch or tag');
  return { id: text(from, 'id', 'a branch or tag'), commit_id: text(from, 'commit_id', 'a branch or tag') };
}

const diffTypes = ['added', 'removed', 'changed', 'conflict', 'prefix_changed'] as const;

export function toDiffEntry(value: unknown): LakefsDiffEntry {
  const from = fields(value, 'a difference');
  const type = diffTypes.find((known) => known === from.type);
  if (type === undefined) throw new ShapeError(`a difference of unknown type ${JSON.stringify(from.type)}`);
  return {
    type,
    path: text(from, 'path', 'a difference'),
    path_type: from.path_type === 'common_prefix' ? 'common_prefix' : 'object',
    ...(typeof from.size_bytes === 'number' && { size_bytes: from.size_bytes }),
  };
}

export function toObject(value: unknown): LakefsObject {
  const from = fields(value, 'an object');
  return {
    path: text(from, 'path', 'an object'),
    path_type: from.path_type === 'common_prefix' ? 'common_prefix' : 'object',
    ...(typeof from.checksum === 'string' && { checksum: from.checksum }),
    ...(typeof from.size_bytes === 'number' && { size_bytes: from.size_bytes }),
    ...(typeof from.mtime === 'number' && { mtime: from.mtime }),
    ...(typeof from.physical_address === 'string' && { physical_address: from.physical_address }),
    ...(typeof from.content_type === 'string' && { content_type: from.content_type }),
    ...(isFields(from.metadata) && { metadata: strings(from.metadata) }),
  };
}

export function toActionRun(value: unknown): LakefsActionRun {
  const from = fields(value, 'an action run');
  return {
    run_id: text(from, 'run_id', 'an action run'),
    branch: text(from, 'branch', 'an action run'),
    commit_id: text(from, 'commit_id', 'an action run'),
    event_type: text(from, 'event_type', 'an action run'),
    status: text(from, 'status', 'an action run'),
    start_time: text(from, 'start_time', 'an action run'),
    ...(typeof from.end_time === 'string' && { end_time: from.end_time }),
  };
}

export function toHookRun(value: unknown): LakefsHookRun {
  const from = fields(value, 'a hook run');
  return {
    hook_run_id: text(from, 'hook_run_id', 'a hook run'),
    hook_id: text(from, 'hook_id', 'a hook run'),
    action: text(from, 'action', 'a hook run'),
    status: text(from, 'status', 'a hook run'),
  };
}
