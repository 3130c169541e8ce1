import { describe, expect, test } from 'vitest';
import { parseAddress, showAddress } from '../../../../src/domain/references/address.js';

const commit = '3afddad4fef987b4919f5e82f16682c018f59ed2ff8a3f4a1f3d6b9b24f1f6f2';

test.each([
  [`s3://repo/${commit}/gold/train.csv`, 'repo', commit, 'gold/train.csv'],
  [`s3a://repo/${commit}/gold/train_v2/`, 'repo', commit, 'gold/train_v2/'],
  [`s3n://repo/main/a`, 'repo', 'main', 'a'],
  [`lakefs://repo/main~2/a b/ü.csv`, 'repo', 'main~2', 'a b/ü.csv'],
  [`S3://repo/${commit}/x`, 'repo', commit, 'x'],
  [`s3:///repo/${commit}//gold//x`, 'repo', commit, '/gold//x'],
  [`s3://repo//${commit}/gold`, 'repo', commit, 'gold'],
  [`s3:/repo/${commit}/from-pathlib`, 'repo', commit, 'from-pathlib'],
  [`s3://repo/${commit}`, 'repo', commit, ''],
  [`s3://repo/${commit}/`, 'repo', commit, ''],
  [`s3://repo/${commit}/a/.b/c..d`, 'repo', commit, 'a/.b/c..d'],
  [`lakefs://repo/main@/x`, 'repo', 'main@', 'x'],
  [`s3://repo/${commit}/a?b#c%2Fd`, 'repo', commit, 'a?b#c%2Fd'],
])('the object address %s names repository, ref and path', (text, repository, ref, path) => {
  expect(parseAddress(text)).toEqual({ kind: 'address', address: { repository, ref, path } });
});

test.each([
  [
    `https://lakefs.example.com/api/v1/repositories/repo/refs/${commit}/objects?path=data%2Ftrain.csv`,
    'lakefs.example.com',
    commit,
    'data/train.csv',
  ],
  [
    `http://localhost:8000/repositories/repo/objects?ref=v1.2&path=gold%2F`,
    'localhost:8000',
    'v1.2',
    'gold/',
  ],
  [`https://lakefs.example.com/repositories/repo/commits/${commit}`, 'lakefs.example.com', commit, ''],
  [`https://x.example/lake/api/v1/repositories/repo/refs/ma%69n/objects`, 'x.example', 'main', ''],
  [`https://x.example//api/v1/repositories/repo/refs/main/objects/stat?path=a+b`, 'x.example', 'main', 'a b'],
  [
    `https://x.example/api/v1/repositories/repo/refs/main/objects/ls?prefix=gold/`,
    'x.example',
    'main',
    'gold/',
  ],
  [
    `https://x.example/repositories/repo/objects/?ref=v1&path=a%252Fb%23c%3Fd`,
    'x.example',
    'v1',
    'a%2Fb#c?d',
  ],
  [`https:/x.example/repositories/repo/object?ref=v1&path=a`, 'x.example', 'v1', 'a'],
])('the web address %s names its host too', (text, host, ref, path) => {
  expect(parseAddress(text)).toEqual({ kind: 'address', address: { repository: 'repo', ref, path }, host });
});

const domains = ['s3.lake.example', 'localhost:8000'];

test.each([
  [`https://repo.s3.lake.example/${commit}/a%20b/x.csv?versionId=1`, commit, 'a b/x.csv', 's3.lake.example'],
  [`https://s3.lake.example/repo/main/gold/?X-Amz-Signature=1`, 'main', 'gold/', 's3.lake.example'],
  [`http://REPO.localhost:8000/main/x`, 'main', 'x', 'localhost:8000'],
  [`http://localhost:8000/repo/main/x`, 'main', 'x', 'localhost:8000'],
  [`https://s3.lake.example/repo/main`, 'main', '', 's3.lake.example'],
  [`s3://repo.s3.lake.example/main/x`, 'main', 'x', 's3.lake.example'],
  [`s3a://s3.lake.example/repo/main/x`, 'main', 'x', 's3.lake.example'],
])('%s is an address of the S3 gateway where its domain is configured', (text, ref, path, host) => {
  const address = { repository: 'repo', ref, path };
  expect(parseAddress(text, { s3Domains: domains, hosts: [] })).toEqual({ kind: 'address', address, host });
  expect(parseAddress(text)).not.toHaveProperty('host', host);
});

test.each([
  ['https://s3.lake.example/', '"" cannot be the name of a repository'],
  ['https://repo.s3.lake.example/', 'it names no ref'],
  ['https://a.b.s3.lake.example/main/x', '"a.b" cannot be the name of a repository'],
  ['https://xs3.lake.example/repo/main/x', 'it is not an address of lakeFS'],
])('%s is none of the S3 gateway: %s', (text, reason) => {
  expect(parseAddress(text, { s3Domains: domains, hosts: [] })).toEqual({ kind: 'none', reason });
});

test("the pages and the API keep their meaning on the gateway's own host", () => {
  const page = `http://localhost:8000/repositories/repo/objects?ref=main&path=a`;
  expect(parseAddress(page, { s3Domains: domains, hosts: [] })).toMatchObject({
    address: { repository: 'repo', ref: 'main', path: 'a' },
  });
  const api = `http://localhost:8000/api/v1/repositories/repo/refs/main/objects?path=a`;
  expect(parseAddress(api, { s3Domains: domains, hosts: [] })).toMatchObject({
    address: { repository: 'repo', ref: 'main', path: 'a' },
  });
});

test.each([
  ['/data/train.csv', 'it is not an address'],
  ['', 'it is not an address'],
  ['gs://repo/main/a.csv', 'the scheme gs does not lead to lakeFS'],
  ['s3://My_Bucket/main/a', '"My_Bucket" cannot be the name of a repository'],
  ['s3://repo', 'it names no ref'],
  ['s3://repo/', 'it names no ref'],
  ['s3://', '"" cannot be the name of a repository'],
  ['https://example.com/data.csv', 'it is not an address of lakeFS'],
  ['https://x.example/repositories/repo/settings', 'it is an address of lakeFS that names no data'],
  ['https://x.example/repositories/%E0%A4%A/objects?ref=main', 'its percent-encoding is broken'],
  ['http://', 'it is not a well-formed address'],
  ['s3://repo/../x', 'it contains "." or "..", which programs interpret differently'],
  ['s3://repo/main/a/../b', 'it contains "." or "..", which programs interpret differently'],
  [
    'https://x.example/repositories/repo/objects?ref=..&path=a',
    'it contains "." or "..", which programs interpret differently',
  ],
  ['s3://$bucket/main/x', '"$bucket" cannot be the name of a repository'],
  ['s3://Repo/main/x', '"Repo" cannot be the name of a repository'],
  ['repo/main/x', 'it is not an address'],
  [`s3://${'x'.repeat(65_000)}/a`, `"${'x'.repeat(100)}" cannot be the name of a repository`],
])('%s is no address of lakeFS data, and it says why', (text, reason) => {
  expect(parseAddress(text)).toEqual({ kind: 'none', reason });
});

test.each([
  ['s3://repo/main/a@b:c', 's3://repo/main/a@b:c'],
  ['s3n://AKIAKEY:se/cret@bucket/main/a', 's3n://bucket/main/a'],
  ['s3://AKIAKEY@bucket/a', 's3://bucket/a'],
  ['postgresql://joe:secret@db/x', 'postgresql://db/x'],
  [
    'https://joe:secret@x.example:8443/api/v1/repositories/r/refs/m/objects?path=a%2Fb&X-Amz-Signature=secret&sig=secret#secret',
    'https://x.example:8443/api/v1/repositories/r/refs/m/objects?path=a%2Fb',
  ],
  ['https://joe:secret@x.example:99999/a?token=secret', 'https://x.example:99999/a'],
])('%s is shown without secrets', (text, shown) => {
  expect(showAddress(text)).toBe(shown);
  const reason = parseAddress(text);
  expect(JSON.stringify(reason)).not.toMatch(/secret|AKIAKEY/);
});

describe("lakeFS's S3 gateway on lakeFS's own host", () => {
  const gateway = { s3Domains: [], hosts: ['lakefs.example.com:8000'] };
  const origin = 'http://lakefs.example.com:8000';

  test.each([
    ['/repo/v1/gold/x.csv', 'gold/x.csv'],
    ['/repo/v1/gold/x%20y.csv?X-Amz-Expires=60&X-Amz-Signature=5e', 'gold/x y.csv'],
    ['/repo/v1/', ''],
    ['/repo/v1', ''],
  ])('%s is path style', (path, key) => {
    expect(parseAddress(origin + path, gateway)).toEqual({
      kind: 'address',
      address: { repository: 'repo', ref: 'v1', path: key },
      host: 'lakefs.example.com:8000',
    });
  });

  test.each(['/', '/repo', '/api/v1/config', '/auth/login', '/repositories', '/_health/x', '/docs/v1/x'])(
    '%s is none',
    (path) => {
      expect(parseAddress(origin + path, gateway).kind).toBe('none');
    },
  );

  test.each(['http://lakefs.example.com/repo/v1/x', 'https://other.example:8000/repo/v1/x'])(
    '%s is another host',
    (text) => {
      expect(parseAddress(text, gateway).kind).toBe('none');
    },
  );
});

describe('lakefs://repository@commit/path', () => {
  const commit = 'ab'.repeat(32);

  test.each([
    [`lakefs://repo@${commit}/gold/x.csv`, commit, 'gold/x.csv'],
    [`lakefs://repo@${commit}`, commit, ''],
    ['LAKEFS://repo@abcdef1/x', 'abcdef1', 'x'],
  ])('%s', (text, ref, path) => {
    expect(parseAddress(text)).toEqual({ kind: 'address', address: { repository: 'repo', ref, path } });
    expect(showAddress(text)).toBe(text);
  });

  test.each([
    'lakefs://KEY@repo/main/x',
    `lakefs://key:secret@${commit}/main/x`,
    'lakefs://repo@main/x',
    `s3://repo@${commit}/x`,
    'lakefs://repo@abc/x',
    `lakefs://repo@${commit}0/x`,
  ])('%s is no such address', (text) => {
    expect(parseAddress(text).kind).toBe('none');
    expect(showAddress(text)).not.toContain('@');
  });
});
