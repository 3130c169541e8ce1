import type { Link } from '../../contract/run.js';
import { isPattern } from '../../domain/paths/path.js';
import { isHousekeeping } from '../../domain/status/housekeeping.js';
import type { LakefsClient, LakefsObject } from '../../lakefs/types.js';
import { entriesUnder, nameUnder } from './entries-under.js';
import type { Bytes, ObjectDifference } from './schema.js';

/** Objects of each that are read. */
const maxObjects = 10_000;

type Place = readonly [LakefsClient, Link];

/**
 * Compares the objects of two paths, which may be in two repositories, by their names under the path. Equal checksums
 * mean equal bytes; different ones only where both are MD5, as one of an upload in parts depends on the parts.
 */
export async function compareListings(first: Place, second: Place, limit: number): Promise<Bytes> {
  if ([first, second].some(([, { path }]) => isPattern(path))) {
    return { kind: 'unknown', reason: 'one of the paths is a pattern, and the other is another path' };
  }
  const [left, right] = await Promise.all([list(first), list(second)]);
  if (left === undefined || right === undefined) {
    return {
      kind: 'unknown',
      reason: `there are more than ${maxObjects.toLocaleString('en')} objects to compare`,
    };
  }
  if (left.size === 0 || right.size === 0) {
    const [, { repository, path }] = left.size === 0 ? first : second;
    return { kind: 'unknown', reason: `there is nothing at "${path}" of ${repository} at its commit` };
  }
  let found: ObjectDifference[] = [];
  let undecided = 0;
  for (const [path, object] of left) {
    const other = right.get(path);
    const same = other === undefined ? false : sameBytes(object, other);
    if (same === undefined) undecided += 1;
    if (same === false) found.push(entryOf(path, object, other));
  }
  for (const [path, object] of right) {
    if (!left.has(path)) found.push(entryOf(path, undefined, object));
  }
  const isData = ({ path }: ObjectDifference): boolean => path === '' || !isHousekeeping(path);
  const all = found.length;
  found = found.filter(isData);
  const housekeeping = all - found.length;
  if (found.length === 0 && undecided > 0) {
    return {
      kind: 'unknown',
      reason: 'the checksums differ, but these were uploaded in parts, so the bytes may be equal',
    };
  }
  if (found.length === 0) return { kind: 'equal', housekeeping };
  const of = (type: ObjectDifference['type']): number => found.filter((entry) => entry.type === type).length;
  const counts = { added: of('added'), removed: of('removed'), changed: of('changed') };
  return {
    kind: 'differ',
    difference: { ...counts, complete: undecided === 0, objects: found.slice(0, limit) },
  };
}

async function list([lakefs, { repository, commit, path }]: Place): Promise<
  ReadonlyMap<string, LakefsObject> | undefined
> {
  const found = new Map<string, LakefsObject>();
  const under = entriesUnder(path, (prefix) => lakefs.objects(repository, commit, { prefix }));
  for await (const object of under) {
    if (found.size === maxObjects) return undefined;
    found.set(nameUnder(object.path, path), object);
  }
  return found;
}

/** Undefined where that is unknown. */
function sameBytes(a: LakefsObject, b: LakefsObject): boolean | undefined {
  if (a.size_bytes !== b.size_bytes) return false;
  if (a.checksum === undefined || b.checksum === undefined) return undefined;
  if (a.checksum === b.checksum) return true;
  return [a.checksum, b.checksum].every((sum) => /^[0-9a-f]{32}$/i.test(sum)) ? false : undefined;
}

function entryOf(
  path: string,
  before: LakefsObject | undefined,
  after: LakefsObject | undefined,
): ObjectDifference {
  const type = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return { type, path, before: before?.size_bytes ?? null, after: after?.size_bytes ?? null };
}
