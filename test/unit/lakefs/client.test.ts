import { expect, test } from 'vitest';
import { isOvertaken } from '../../../src/lakefs/errors.js';
import { aCommit, collect, page, scripted } from '../../support/lakefs/scripted-server.js';

const overtaken = { status: 500, body: { message: 'predicate failed' } };

test('Every request carries the keys as basic authentication', async () => {
  const { client, seen } = await scripted(() => ({ body: { version_config: { version: '1.84.0' } } }));
  expect(await client.version()).toBe('1.84.0');
  expect(seen[0]?.headers.authorization).toBe(
    `Basic ${Buffer.from('KEY:the-secret-key').toString('base64')}`,
  );
});

test.each(['', '/', '/api/v1', '/api/v1/'])(
  'An endpoint that ends in "%s" is the same server',
  async (tail) => {
    const { endpoint } = await scripted(() => ({}));
    const { client } = await scripted(() => ({}), { endpoint: endpoint + tail });
    expect(client.endpoint).toBe(endpoint);
  },
);

test('Names and paths are encoded, each as one segment or value', async () => {
  const { client, seen } = await scripted(() => ({ body: { path: 'x' } }));
  await client.statObject('images', 'main~1', 'odd names/a b+c é%&=.txt');
  expect(seen[0]?.url.split('?')[0]).toBe('/api/v1/repositories/images/refs/main~1/objects/stat');
  expect(seen[0]?.query.get('path')).toBe('odd names/a b+c é%&=.txt');
  await client.getBranch('images', 'feature/x?y#z').catch(() => undefined);
  expect(seen[1]?.url).toBe('/api/v1/repositories/images/branches/feature%2Fx%3Fy%23z');
});

test('A diff is that of the trees unless asked otherwise', async () => {
  const { client, seen } = await scripted(() =>
    page([{ type: 'added', path: 'a', path_type: 'object', size_bytes: 3 }]),
  );
  expect(await collect(client.diff('images', 'a', 'b', { prefix: 'gold/' }))).toEqual([
    { type: 'added', path: 'a', path_type: 'object', size_bytes: 3 },
  ]);
  expect(seen[0]?.query.get('type')).toBe('two_dot');
  expect(seen[0]?.query.get('prefix')).toBe('gold/');
});

test('The log repeats its objects and prefixes', async () => {
  const { client, seen } = await scripted(() => page([]));
  await collect(
    client.log('images', 'main', { firstParent: true, stopAt: 'abc', objects: ['a', 'b'], prefixes: ['p/'] }),
  );
  const query = seen[0]?.query;
  expect(query?.getAll('objects')).toEqual(['a', 'b']);
  expect(query?.getAll('prefixes')).toEqual(['p/']);
  expect([query?.get('first_parent'), query?.get('stop_at')]).toEqual(['true', 'abc']);
});

test('Hidden branches are listed only where asked for', async () => {
  const { client, seen } = await scripted(() => page([]));
  await collect(client.branches('images'));
  await collect(client.branches('images', { hidden: true }));
  expect(seen.map(({ query }) => query.get('show_hidden'))).toEqual([null, 'true']);
});

test('A new branch is answered in plain text', async () => {
  const { client, seen } = await scripted(() => ({ status: 201, body: 'abc123' }));
  expect(await client.createBranch('images', { name: 'x', source: 'main', hidden: true })).toBe('abc123');
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ name: 'x', source: 'main', hidden: true });
});

test('An upload sends the bytes as they are, and "if absent" as If-None-Match', async () => {
  const { client, seen } = await scripted(() => ({ status: 201, body: { path: 'a.csv' } }));
  await client.uploadObject('images', 'main', 'a.csv', 'ä,1\n', { contentType: 'text/csv', ifAbsent: true });
  expect(seen[0]?.body).toBe('ä,1\n');
  expect(seen[0]?.headers).toMatchObject({ 'content-type': 'text/csv', 'if-none-match': '*' });
  await client.uploadObject('images', 'main', 'a.bin', Buffer.from([1, 2]));
  expect(seen[1]?.headers['content-type']).toBe('application/octet-stream');
  expect(seen[1]?.headers['if-none-match']).toBeUndefined();
});

test('A commit that another one overtook is tried again, since nothing was written', async () => {
  const { client, seen } = await scripted((_, n) =>
    n < 3 ? overtaken : { status: 201, body: aCommit('c1') },
  );
  expect((await client.commit('images', 'main', { message: 'm' })).id).toBe('c1');
  expect(seen).toHaveLength(3);
});

test('A branch that is overtaken for ever is an error in the end', async () => {
  const { client, seen } = await scripted(() => overtaken);
  const error = await client.merge('images', 'a', 'main').catch((thrown: unknown) => thrown);
  expect(isOvertaken(error)).toBe(true);
  expect(seen).toHaveLength(5);
});

test('Any other failure of a commit is not tried again, since it may have been written', async () => {
  const { client, seen } = await scripted(() => ({ status: 500, body: { message: 'something broke' } }));
  await expect(client.commit('images', 'main', { message: 'm' })).rejects.toThrow('something broke');
  expect(seen).toHaveLength(1);
});

test('A read is tried again', async () => {
  const { client, seen } = await scripted((_, n) => (n === 1 ? { status: 503 } : { body: aCommit('c1') }));
  expect((await client.getCommit('images', 'main')).id).toBe('c1');
  expect(seen).toHaveLength(2);
});

test('Merge bases: only the base is believed', async () => {
  const { client } = await scripted(() => ({
    body: { base_commit_id: 'b', source_commit_id: 'swapped', destination_commit_id: 'swapped' },
  }));
  expect(await client.mergeBase('images', 'x', 'y')).toBe('b');
});

test('Merge bases: two commits without a history in common have none, and nothing is tried again', async () => {
  const message = 'no merge base between a and b';
  const { client, seen } = await scripted(() => ({ status: 500, body: { message } }));
  expect(await client.mergeBase('images', 'x', 'y')).toBeUndefined();
  expect(seen).toHaveLength(1);
});

test('Merge bases: any other 500 proves nothing', async () => {
  const { client } = await scripted(() => ({ status: 500, body: { message: 'something broke' } }));
  await expect(client.mergeBase('images', 'x', 'y')).rejects.toThrow('something broke');
});

test('Fields that we do not know do no harm, and metadata may be missing', async () => {
  const { client } = await scripted(() => ({
    body: { ...aCommit('c1'), metadata: undefined, new: { x: 1 } },
  }));
  const commit = await client.getCommit('images', 'main');
  expect(commit.metadata).toEqual({});
  expect(commit).not.toHaveProperty('new');
});

test('Actions: runs, hooks and the output as text', async () => {
  const run = {
    run_id: 'r1',
    branch: 'main',
    commit_id: 'c',
    event_type: 'post-commit',
    status: 'completed',
  };
  const { client } = await scripted(({ url }) => {
    if (url.includes('/output')) return { body: 'Request:\nPOST', headers: { 'content-type': 'x/y' } };
    if (url.includes('/hooks')) {
      return page([{ hook_run_id: '0000_0000', hook_id: 'notify', action: 'a', status: 'skipped' }]);
    }
    return page([{ ...run, start_time: 't' }]);
  });
  expect((await collect(client.actionRuns('images', { commit: 'c' })))[0]?.run_id).toBe('r1');
  expect((await collect(client.hookRuns('images', 'r1')))[0]?.status).toBe('skipped');
  expect(await client.hookOutput('images', 'r1', '0000_0000')).toBe('Request:\nPOST');
});
