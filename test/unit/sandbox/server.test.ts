import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.js';
import { decodeAwsChunked } from '../../../src/sandbox/s3/content.js';
import { type Client, makeClient } from './client.js';

let sandbox: Sandbox;
let client: Client;

beforeEach(async () => {
  sandbox = await startSandbox({ accessKeyId: 'KEY', secretAccessKey: 'SECRET' });
  client = await makeClient(sandbox);
});

afterEach(() => sandbox.close());

it.each([
  ['POST', '/branches/main/import'],
  ['GET', '/pulls'],
  ['GET', '/settings/gc_rules'],
])('what it does not do is 501 and says what: %s %s', async (method, path) => {
  const answer = await client.call(method, path);
  expect(answer.status).toBe(501);
  expect(answer.json.message).toBe(
    `the sandbox lakeFS does not do this: ${method} /api/v1/repositories/vision${path}`,
  );
});

it('the keys it was started with count, and no others', async () => {
  const wrong = Buffer.from('AKIAIOSFOLQUICKSTART:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY').toString(
    'base64',
  );
  const url = `${sandbox.endpoint}/api/v1/repositories`;
  const answer = await fetch(url, { headers: { authorization: `Basic ${wrong}` } });
  expect(answer.status).toBe(401);
});

it('a token of the login opens the API', async () => {
  const answer = await fetch(`${sandbox.endpoint}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ access_key_id: 'KEY', secret_access_key: 'SECRET' }),
  });
  const token = /"token":"([^"]+)"/.exec(await answer.text())?.[1];
  const url = `${sandbox.endpoint}/api/v1/repositories/vision`;
  expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  expect((await fetch(url, { headers: { authorization: `Bearer ${token}x` } })).status).toBe(401);
});

it('two commits that begin alike are not found by what they share', async () => {
  const ids: string[] = [];
  // Seventeen ids cannot all begin differently.
  for (let index = 0; index < 17; index++) {
    await client.upload('a', String(index));
    ids.push(await client.commit(`commit ${index}`));
  }
  const shared = ids.map((id) => id.slice(0, 1)).find((digit, index, all) => all.indexOf(digit) !== index);
  expect((await client.call('GET', `/commits/${shared}`)).status).toBe(404);
  expect((await client.call('GET', `/commits/${ids[3]?.slice(0, 12)}`)).json.id).toBe(ids[3]);
});

it('two thousand objects in one commit are listed, compared and merged within seconds', async () => {
  const uploads = Array.from({ length: 2_000 }, (_, index) => index);
  await client.call('POST', '/branches', { name: 'exp', source: 'main' });
  for (let at = 0; at < uploads.length; at += 200) {
    await Promise.all(
      uploads.slice(at, at + 200).map((index) => client.upload(`many/${index}`, `${index}`, 'exp')),
    );
  }
  const began = performance.now();
  const id = await client.commit('many', 'exp');
  let after = '';
  let count = 0;
  do {
    const { json } = await client.call(
      'GET',
      `/refs/main/diff/${id}?type=two_dot&amount=1000&after=${after}`,
    );
    count += json.results.length;
    after = String((json.pagination as Record<string, unknown>).next_offset);
  } while (after !== '');
  expect(count).toBe(2_000);
  expect((await client.call('POST', '/refs/exp/merge/main', {})).status).toBe(200);
  expect(performance.now() - began).toBeLessThan(10_000);
}, 60_000);

it('several objects are removed at once', async () => {
  for (const path of ['a', 'b', 'c']) await client.upload(path, path);
  expect(
    (await client.call('POST', '/branches/main/objects/delete', { paths: ['a', 'b', 'none'] })).json,
  ).toEqual({
    errors: [],
  });
  const left = await client.call('GET', '/refs/main/objects/ls');
  expect(left.json.results.map(({ path }) => path)).toEqual(['c']);
});

it('history follows parents even where dates are set back', async () => {
  await client.upload('a', '1');
  const dated = await client.call('POST', '/branches/main/commits', { message: 'old', date: 1 });
  await client.upload('a', '2');
  await client.commit('new');
  const log = await client.call('GET', '/refs/main/commits');
  expect(log.json.results.map(({ message }) => message)).toEqual(['new', 'old', 'Repository created']);
  expect(dated.json.creation_date).toBe(1);
});

it('takes the data out of a signed stream with trailers', () => {
  const body = '5;chunk-signature=ab\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n';
  expect(decodeAwsChunked(Buffer.from(body)).toString()).toBe('hello world');
});
