import { expect, test } from 'vitest';
import { LakefsError } from '../../../src/lakefs/errors.js';
import { aCommit, collect, page, scripted } from '../../support/lakefs/scripted-server.js';

test('A listing is read page by page, from where lakeFS says the next one begins', async () => {
  const { client, seen } = await scripted(({ query }) =>
    query.get('after') === null
      ? page([{ id: 'a', commit_id: '1' }], 'a')
      : page([{ id: 'b', commit_id: '2' }]),
  );
  expect(await collect(client.branches('images'))).toEqual([
    { id: 'a', commit_id: '1' },
    { id: 'b', commit_id: '2' },
  ]);
  expect(seen.map(({ url }) => url)).toEqual([
    '/api/v1/repositories/images/branches?amount=1000',
    '/api/v1/repositories/images/branches?amount=1000&after=a',
  ]);
});

test('A page is asked for only when the one before has been consumed', async () => {
  const { client, seen } = await scripted(() => page([{ id: 'a', commit_id: '1' }], `a${Math.random()}`));
  const branches = client.branches('images')[Symbol.asyncIterator]();
  await branches.next();
  expect(seen).toHaveLength(1);
  await branches.next();
  expect(seen).toHaveLength(2);
});

test('With a limit the first page asks for no more, and nothing is asked for afterwards', async () => {
  const { client, seen } = await scripted(() => page([aCommit('c1'), aCommit('c2')], 'c2'));
  expect((await collect(client.log('images', 'main', { limit: 2 }))).map(({ id }) => id)).toEqual([
    'c1',
    'c2',
  ]);
  expect(seen.map(({ query }) => query.get('amount'))).toEqual(['2']);
});

test('A limit beyond one page is spread over pages', async () => {
  const thousand = Array.from({ length: 1000 }, (_, n) => aCommit(`c${n}`));
  const { client, seen } = await scripted((_, n) =>
    n === 1 ? page(thousand, 'c999') : page([aCommit('z')], 'z'),
  );
  expect(await collect(client.log('images', 'main', { limit: 1001 }))).toHaveLength(1001);
  expect(seen.map(({ query }) => query.get('amount'))).toEqual(['1000', '1']);
});

test('A limit of 0 asks for nothing', async () => {
  const { client, seen } = await scripted(() => page([]));
  expect(await collect(client.log('images', 'main', { limit: 0 }))).toEqual([]);
  expect(seen).toEqual([]);
});

test.each([
  ['an empty offset', ''],
  ['the offset it was asked for', 'a'],
])('A listing that goes on with %s is an error, not an endless loop', async (_, next) => {
  const { client } = await scripted((_seen, n) => page([{ id: 'a', commit_id: '1' }], n === 1 ? 'a' : next));
  await expect(collect(client.branches('images'))).rejects.toThrow(LakefsError);
});

test('A null list is an empty one, as Go programs write it', async () => {
  const { client } = await scripted(() => ({ body: { pagination: { has_more: false }, results: null } }));
  expect(await collect(client.tags('images'))).toEqual([]);
});
