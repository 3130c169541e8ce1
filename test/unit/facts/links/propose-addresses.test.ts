import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { linksOf, makeRun, proposer, withTags } from '../../../support/runs/propose.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
const propose = proposer(sandbox, client);
afterAll(() => sandbox.close());

let repo = '';
let a = '';

beforeAll(async () => {
  repo = await newRepository(client);
  a = await commitObject(client, repo, 'main', 'gold/x y.csv', '1');
});

/** A dataset of a source type of one's own. */
function withSource(source: unknown) {
  const run = makeRun('run', { sources: ['-'] });
  for (const { dataset } of run.inputs?.dataset_inputs ?? []) {
    if (dataset !== undefined) Object.assign(dataset, { source: JSON.stringify(source), source_type: 'own' });
  }
  return run;
}

const signature = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIACANARY&X-Amz-Signature=5ecre7canary';

describe("an address of lakeFS's S3 gateway on the endpoint's own host, without a setting", () => {
  const plain = () => `${sandbox.endpoint}/${repo}/${a}/gold/x%20y.csv`;

  test.each([
    ['plain', () => plain()],
    ['presigned', () => `${plain()}?${signature}`],
  ])('is a link where it is %s', async (_what, address) => {
    const param = makeRun('run', { params: { data: address() } });
    const first = await propose(param);
    expect(linksOf(first)).toMatchObject([{ repository: repo, commit: a, path: 'gold/x y.csv' }]);
    expect(linksOf(await propose(withSource({ url: address() })))).toMatchObject([{ commit: a }]);
    expect(await propose(withTags(param, first))).toMatchObject({ kind: 'leave' });
    const written = first.kind === 'tags' ? [...first.plan.set] : [];
    expect(JSON.stringify(written)).not.toMatch(/5ecre7|AKIACANARY/);
  });

  test.each([
    ['an address', () => ({ data: `${plain()}?${signature}` })],
    ['one among other text', () => ({ data: `see s3://x and ${plain()}?${signature} for more` })],
    [
      'one in a map',
      () => ({ data: `{'a': '${plain()}?${signature}', 'b': 's3://x/y of ${plain()}?${signature}'}` }),
    ],
    ['the value of a commit key', () => ({ lakefs_repo: repo, lakefs_commit: `?${signature}` })],
    ['one that was cut', () => ({ data: `['s3://${repo}/${a}/x', '${plain()}?${signature}` })],
  ])('never shows its signature: %s', async (_what, params) => {
    const proposal = await propose(makeRun('run', { params: params() }));
    const examination = proposal.kind === 'tags' ? proposal.examination : proposal.settled?.examination;
    expect(examination).toBeDefined();
    const said = [examination?.judged.map(({ reference }) => reference.text), examination?.none];
    expect(JSON.stringify([said, examination?.links])).not.toMatch(/5ecre7|AKIACANARY/);
  });

  test('is none for the API, the pages, another host, or a repository that is not there', async () => {
    for (const path of ['/api/v1/config', '/auth/login/x', '/', `/nowhere/${a}/gold/x%20y.csv`]) {
      expect(await propose(makeRun('run', { params: { data: sandbox.endpoint + path } }))).toMatchObject({
        kind: 'leave',
      });
    }
    const other = makeRun('run', { params: { data: `https://s3.example.com/${repo}/${a}/gold/x%20y.csv` } });
    expect(await propose(other)).toMatchObject({ kind: 'leave' });
  });
});

describe("a dataset source of one's own type", () => {
  test.each<[string, () => unknown]>([
    [
      'an address beside the server',
      () => ({ lakefs_uri: `lakefs://${repo}/${a}/gold/`, server: sandbox.endpoint }),
    ],
    [
      'an address behind the server',
      () => ({ url: sandbox.endpoint, uri_lakefs: `lakefs://${repo}/${a}/gold/` }),
    ],
    ['a list under one key', () => ({ lakefs_uris: [`lakefs://${repo}/${a}/gold/`] })],
    ['three keys', () => ({ repository: repo, ref: a, path: 'gold/' })],
    ['three keys with prefixes', () => ({ lakefs_repo: repo, lakefs_commit: a, key: 'gold/' })],
  ])('is read by %s', async (_what, source) => {
    expect(linksOf(await propose(withSource(source())))).toMatchObject([
      { repository: repo, commit: a, path: 'gold/', where: 'input' },
    ]);
  });

  test.each<[string, () => unknown]>([
    ['what it wrote', () => ({ output_uri: `lakefs://${repo}/${a}/gold/` })],
    ['a note', () => ({ note: `copied from lakefs://${repo}/${a}/gold/` })],
    ['the code that made it', () => ({ tags: { 'mlflow.source.name': `s3://${repo}/${a}/gold/train.py` } })],
    ['a repository without a ref', () => ({ repository: repo, path: 'gold/' })],
  ])('says nothing by %s', async (_what, source) => {
    expect(await propose(withSource(source()))).toMatchObject({ kind: 'leave' });
  });
});

test('lakefs://repository@commit/path names the path at the commit', async () => {
  const address = `lakefs://${repo}@${a}/gold/`;
  expect(linksOf(await propose(makeRun('run', { params: { data: address } })))).toMatchObject([
    { repository: repo, commit: a, path: 'gold/', kind: 'declared' },
  ]);
  expect(linksOf(await propose(makeRun('run', { sources: [address] })))).toMatchObject([{ commit: a }]);
});
