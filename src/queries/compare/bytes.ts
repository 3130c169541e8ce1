import type { Link } from '../../contract/run.js';
import { literalPart } from '../../domain/paths/path.js';
import { isDataOf } from '../../domain/status/housekeeping.js';
import type { ServerFacts } from '../../facts/links/server.js';
import { isNotFound } from '../../lakefs/errors.js';
import type { LakefsClient } from '../../lakefs/types.js';
import { entriesUnder } from './entries-under.js';
import { compareListings } from './listings.js';
import { samePlace } from './pair.js';
import type { Bytes, ObjectDifference } from './schema.js';

/** Entries of lakeFS's difference that are counted. */
const maxCounted = 10_000;

/** Changed objects that are read at both commits, until one is found whose bytes differ. */
const maxRead = 1_000;

/**
 * Compares the bytes that two links name: by lakeFS's own difference in one repository and path, else by the names,
 * sizes and checksums of the objects. Costs a request per 1,000 objects that differ (or, for other paths, that are
 * there), and two per changed object that is listed.
 *
 * @param limit objects that are listed; all are counted, up to 10,000
 * @throws what the lakeFS client throws, but for what is not there
 */
export async function compareBytes(
  [left, right]: readonly [Link, Link],
  facts: ServerFacts,
  limit: number,
): Promise<Bytes> {
  const [one, other] = [left, right].map(({ installation }) => clientOf(installation, facts));
  if (one === undefined || other === undefined) {
    const { installation } = one === undefined ? left : right;
    return { kind: 'unknown', reason: `the settings name no installation "${installation}" any more` };
  }
  try {
    if (!samePlace(left, right)) return await compareListings([one, left], [other, right], limit);
    return await compareCommits(one, left, right, facts, limit);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return { kind: 'unknown', reason: 'lakeFS does not have one of the commits now' };
  }
}

function clientOf(installation: string, { access }: ServerFacts): LakefsClient | undefined {
  return access.installations.named(installation)?.lakefs;
}

async function compareCommits(
  lakefs: LakefsClient,
  left: Link,
  right: Link,
  { sources }: ServerFacts,
  limit: number,
): Promise<Bytes> {
  const { repository } = left;
  const path = literalPart(left.path);
  const facts = sources.lakefs(left.installation);
  const [a, b] = await Promise.all([
    facts?.commit(repository, left.commit),
    facts?.commit(repository, right.commit),
  ]);
  if (a === undefined || b === undefined) {
    return { kind: 'unknown', reason: 'lakeFS does not have one of the commits now' };
  }
  const nothing = (housekeeping = 0): Promise<Bytes> => equalIfThere(lakefs, left, path, housekeeping);
  if (a.meta_range_id === b.meta_range_id) return nothing();
  const counts = { added: 0, removed: 0, changed: 0 };
  const objects: ObjectDifference[] = [];
  let [counted, equal, housekeeping] = [0, 0, 0];
  const entries = entriesUnder(path, (prefix) =>
    lakefs.diff(repository, left.commit, right.commit, { prefix }),
  );
  for await (const { type, path: object, size_bytes: size } of entries) {
    if (type === 'conflict' || type === 'prefix_changed') continue;
    if (counted === maxCounted || equal === maxRead) break;
    if (!isDataOf(object, path)) {
      housekeeping += 1;
      continue;
    }
    counted += 1;
    if (objects.length < limit) {
      const found =
        type === 'changed' ? await changedObject(lakefs, left, right, object) : inOneOnly(type, object, size);
      if (found === undefined) {
        equal += 1;
        continue;
      }
      objects.push(found);
    }
    counts[type] += 1;
  }
  const complete = counted < maxCounted && equal < maxRead;
  if (objects.length === 0) {
    if (!complete)
      return {
        kind: 'unknown',
        reason: 'there is too much to compare: the metadata of many objects differs',
      };
    return equal > 0 ? { kind: 'equal', housekeeping } : nothing(housekeeping);
  }
  if (path !== left.path) {
    return {
      kind: 'unknown',
      reason: `"${left.path}" is a pattern: whether it matches what differs is not known`,
    };
  }
  return { kind: 'differ', difference: { ...counts, complete, objects } };
}

function inOneOnly(type: 'added' | 'removed', path: string, size: number | undefined): ObjectDifference {
  return type === 'added'
    ? { type, path, before: null, after: size ?? null }
    : { type, path, before: size ?? null, after: null };
}

/** Nothing differs where nothing is: a path that lakeFS does not hold proves no equality. */
async function equalIfThere(
  lakefs: LakefsClient,
  { repository, commit }: Link,
  path: string,
  housekeeping: number,
): Promise<Bytes> {
  const objects = entriesUnder(path, (prefix) => lakefs.objects(repository, commit, { prefix }));
  const { done } = await objects.next();
  await objects.return(undefined);
  if (done !== true) return { kind: 'equal', housekeeping };
  return { kind: 'unknown', reason: `there is nothing at "${path}", at either commit` };
}

/** lakeFS calls an object changed also where only its metadata did: undefined where the bytes are equal. */
async function changedObject(
  lakefs: LakefsClient,
  left: Link,
  right: Link,
  path: string,
): Promise<ObjectDifference | undefined> {
  const [before, after] = await Promise.all([
    lakefs.statObject(left.repository, left.commit, path),
    lakefs.statObject(right.repository, right.commit, path),
  ]);
  const sameSum = before.checksum !== undefined && before.checksum === after.checksum;
  if (sameSum && before.size_bytes === after.size_bytes) return undefined;
  return { type: 'changed', path, before: before.size_bytes ?? null, after: after.size_bytes ?? null };
}
