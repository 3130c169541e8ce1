import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import type { Run } from '../../../../src/mlflow/types.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { linksOf, makeRun, proposer, withTags } from '../../../support/runs/propose.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());

const propose = proposer(sandbox, client);

let repo = '';
let a = '';
let b = '';

beforeAll(async () => {
  repo = await newRepository(client);
  await commitObject(client, repo, 'main', 'gold/x.csv', '1');
  await commitObject(client, repo, 'main', 'gold//double.csv', '1');
  await commitObject(client, repo, 'main', 'gold/100%25.csv', '1');
  a = await commitObject(client, repo, 'main', 'gold/a b.csv', '1');
  b = await commitObject(client, repo, 'main', 'gold/x.csv', '2');
});

describe('a run that is nested in one that declares', () => {
  const parent = (): Run => makeRun('parent', { tags: { lakefs_repo: repo, lakefs_commit: a } });
  const child = (parts: Parameters<typeof makeRun>[1] = {}): Run =>
    makeRun('child', { ...parts, tags: { 'mlflow.parentRunId': 'parent', ...parts.tags } });

  test('is linked by what its parent declares, and looking again changes nothing', async () => {
    const first = await propose(child(), [parent()]);
    expect(linksOf(first)).toMatchObject([
      { commit: a, where: 'parent', name: 'lakefs_commit', kind: 'declared', certain: true },
    ]);
    const tagged = withTags(child(), first);
    expect(tagged.data.tags).toContainEqual({ key: 'lakefs_commit', value: a });
    expect(await propose(tagged, [parent()])).toMatchObject({ kind: 'leave' });
  });

  test('hands nothing up, and what we wrote on it nothing down', async () => {
    const tagged = withTags(child(), await propose(child(), [parent()]));
    expect(await propose(makeRun('parent', {}), [tagged])).toMatchObject({ kind: 'leave' });
    const grandchild = makeRun('grandchild', { tags: { 'mlflow.parentRunId': 'child' } });
    const changed = makeRun('parent', { tags: { lakefs_repo: repo, lakefs_commit: b } });
    expect(linksOf(await propose(grandchild, [tagged, changed]))).toMatchObject([{ commit: b }]);
  });

  test.each([404, 403])('keeps its link when MLflow answers %d for its parent', async (status) => {
    const tagged = withTags(child(), await propose(child(), [parent()]));
    expect(await propose(tagged, [], { status })).toMatchObject({ kind: 'leave' });
  });

  test.each([404, 403])('keeps every tag when its list is cut, and MLflow answers %d', async (status) => {
    const other = await newRepository(client);
    const head = await commitObject(client, other, 'main', 'gold/x.csv', '1');
    // The list is cut from its end.
    const [[first = '', own = ''] = [], [last = '', inherited = ''] = []] = [
      [repo, a],
      [other, head],
    ].sort();
    const sources = Array.from({ length: 40 }, (_, n) => `s3://${first}/${own}/gold/part-${n}.csv`);
    const declaring = makeRun('parent', { tags: { lakefs_repo: last, lakefs_commit: inherited } });
    const tagged = withTags(child({ sources }), await propose(child({ sources }), [declaring]));
    const keys = (tagged.data.tags ?? []).map(({ key }) => key);
    expect(keys).toContain(`lakefs.input.${last}.${inherited.slice(0, 12)}`);
    expect(await propose(tagged, [], { status })).toMatchObject({
      kind: 'leave',
      reason: expect.stringContaining('cannot be read now'),
    });
  });

  test('loses its link when its parent is there and declares no more', async () => {
    const tagged = withTags(child(), await propose(child(), [parent()]));
    const proposal = await propose(tagged, [makeRun('parent', {})]);
    expect(linksOf(proposal)).toEqual([]);
    expect(withTags(tagged, proposal).data.tags).toEqual([{ key: 'mlflow.parentRunId', value: 'parent' }]);
  });

  test('is read by its own word where that is about the same repository', async () => {
    const own = child({ params: { data: `s3://${repo}/${b}/gold/x.csv` } });
    expect(linksOf(await propose(own, [parent()]))).toMatchObject([{ commit: b, where: 'param' }]);
  });
});

describe('the key that a path means', () => {
  test.each([
    ['gold//double.csv', 'gold//double.csv'],
    ['gold//x.csv', 'gold/x.csv'],
    ['/gold/x.csv', 'gold/x.csv'],
    ['gold/100%25.csv', 'gold/100%25.csv'],
    ['gold/a%20b.csv', 'gold/a b.csv'],
    ['gold/a b.csv', 'gold/a b.csv'],
    ['gold%2F', 'gold/'],
    ['gold//nothing.csv', 'gold//nothing.csv'],
  ])('s3://…/%s names %s', async (path, key) => {
    const run = makeRun('run', { sources: [`s3://${repo}/${a}/${path}`] });
    const first = await propose(run);
    expect(linksOf(first)).toMatchObject([{ commit: a, path: key }]);
    expect(await propose(withTags(run, first))).toMatchObject({ kind: 'leave' });
  });

  test.each([
    ['nowhere', { kind: 'leave' }],
    ['no ref at all', { kind: 'leave' }],
    ['main', { kind: 'tags', examination: { links: [{ ref: 'main', path: 'gold/x.csv' }] } }],
  ])('with the ref %s the link is that of a usual path', async (ref, proposal) => {
    const run = makeRun('run', { sources: [`s3://${repo}/${ref}/gold//x.csv`] });
    expect(await propose(run)).toMatchObject(proposal);
  });

  test('a link of such a path is kept when lakeFS has lost the repository', async () => {
    const lost = await newRepository(client);
    const commit = await commitObject(client, lost, 'main', 'gold/x.csv', '1');
    const run = makeRun('run', { sources: [`s3://${lost}/${commit}/gold//x.csv`] });
    const tagged = withTags(run, await propose(run));
    await client.deleteRepository(lost);
    expect(await propose(tagged)).toMatchObject({ kind: 'leave' });
  });
});

test('1,000 inputs and 2,000 tags of one commit cost a few requests, and each is linked', async () => {
  let requests = 0;
  const counted = new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...parts: unknown[]) => {
        requests += 1;
        return Reflect.apply(value, target, parts);
      };
    },
  });
  const many = (count: number, kind: string): readonly string[] =>
    Array.from({ length: count }, (_, n) => `s3://${repo}/${a}/gold/${kind}-${n}.csv`);
  const run = makeRun('run', {
    sources: many(1_000, 'input'),
    tags: Object.fromEntries(many(2_000, 'tag').map((uri, n) => [`data${n}`, uri])),
  });
  const proposal = await propose(run, [], { lakefs: counted });
  expect(linksOf(proposal)).toHaveLength(3_000);
  if (proposal.kind !== 'tags') throw new Error(proposal.reason);
  const { links, more } = JSON.parse(proposal.plan.set.get('lakefs.links') ?? '');
  expect(links.length + more).toBe(3_000);
  expect(requests).toBeLessThan(10);
}, 120_000);
