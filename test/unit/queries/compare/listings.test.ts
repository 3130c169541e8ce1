import { describe, expect, test } from 'vitest';
import type { LakefsClient, LakefsObject } from '../../../../src/lakefs/types.js';
import { entriesUnder } from '../../../../src/queries/compare/entries-under.js';
import { compareListings } from '../../../../src/queries/compare/listings.js';
import { link } from '../../../support/runs/run-views.js';

const md5 = (digit: string): string => digit.repeat(32);

/** A lakeFS that lists these objects, as sizes and checksums by path. */
function holding(objects: Readonly<Record<string, readonly [number, string]>>): LakefsClient {
  const listed = Object.entries(objects).map(
    ([path, [size_bytes, checksum]]): LakefsObject => ({ path, path_type: 'object', size_bytes, checksum }),
  );
  const client: Partial<LakefsClient> = {
    objects: async function* (_repository, _ref, { prefix = '' } = {}) {
      yield* listed.filter(({ path }) => path.startsWith(prefix)).sort((a, b) => (a.path < b.path ? -1 : 1));
    },
  };
  return client as LakefsClient;
}

const compare = (one: LakefsClient, path: string, two: LakefsClient, other: string, limit = 10) =>
  compareListings([one, link({ path })], [two, link({ path: other, repository: 'other' })], limit);

describe('data at two paths', () => {
  const old = holding({ 'v1/a': [1, md5('a')], 'v1/b': [2, md5('b')], 'v1x/z': [9, md5('f')] });

  test('is the same where names, sizes and checksums are', async () => {
    const copy = holding({ 'v2/a': [1, md5('a')], 'v2/b': [2, md5('b')] });
    expect(await compare(old, 'v1', copy, 'v2/')).toEqual({ kind: 'equal', housekeeping: 0 });
  });

  test('differs with what was added, removed and changed', async () => {
    const copy = holding({ 'v2/a': [5, md5('c')], 'v2/c': [3, md5('d')] });
    expect(await compare(old, 'v1/', copy, 'v2')).toEqual({
      kind: 'differ',
      difference: {
        ...{ added: 1, removed: 1, changed: 1, complete: true },
        objects: [
          { type: 'changed', path: 'a', before: 1, after: 5 },
          { type: 'removed', path: 'b', before: 2, after: null },
          { type: 'added', path: 'c', before: null, after: 3 },
        ],
      },
    });
  });

  test('one file under two names is the same where its bytes are', async () => {
    const renamed = holding({ 'x/new.csv': [1, md5('a')] });
    expect(await compare(old, 'v1/a', renamed, 'x/new.csv')).toEqual({ kind: 'equal', housekeeping: 0 });
  });

  test('checksums of uploads in parts prove a difference by size only', async () => {
    const parts = holding({ 'v2/a': [1, `${md5('e')}-2`], 'v2/b': [2, md5('b')] });
    expect(await compare(old, 'v1', parts, 'v2')).toMatchObject({ kind: 'unknown' });
  });

  test('nothing at a path, or a pattern, proves nothing', async () => {
    expect(await compare(old, 'v1', old, 'nowhere')).toMatchObject({ kind: 'unknown' });
    expect(await compare(old, 'v1/*.csv', old, 'v1')).toMatchObject({ kind: 'unknown' });
  });

  test('too many objects are not compared', async () => {
    const many = holding(
      Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`v2/${n}`, [1, md5('a')]])),
    );
    expect(await compare(old, 'v1', many, 'v2')).toMatchObject({
      kind: 'unknown',
      reason: 'there are more than 10,000 objects to compare',
    });
  });
});

describe('what belongs to a path', () => {
  const objects = ['_lakefs_actions/a.yaml', 'gold', 'gold-old/x', 'gold/a', 'gold/b/c', 'gold_v2/a'];
  const under = async (path: string): Promise<readonly string[]> => {
    const found: string[] = [];
    const list = async function* (prefix: string) {
      for (const one of objects) if (one.startsWith(prefix)) yield { path: one };
    };
    for await (const entry of entriesUnder(path, list)) found.push(entry.path);
    return found;
  };

  test.each([
    ['gold/', ['gold/a', 'gold/b/c']],
    ['gold', ['gold/a', 'gold/b/c', 'gold']],
    ['gold/a', ['gold/a']],
    ['gold_', []],
    ['', objects.slice(1)],
  ])('"%s"', async (path, found) => {
    expect(await under(path)).toEqual(found);
  });
});
