import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLakefsFacts } from '../../../../src/facts/commits/lakefs-facts.js';
import { answer } from '../../../../src/facts/links/answer.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { runView } from '../../../support/runs/run-views.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
let repository = '';
let a = '';
let b = '';

beforeAll(async () => {
  repository = await newRepository(client);
  await commitObject(client, repository, 'main', 'gold/train_v2/x.csv', '1');
  a = await commitObject(client, repository, 'main', 'gold/train/part-1.csv', '1');
  b = await commitObject(client, repository, 'main', 'gold/train/part-2.csv', '2');
});
afterAll(() => sandbox.close());

function ask(kind: 'equal' | 'holds', path: string): Promise<boolean> {
  const facts = createLakefsFacts(client, Date.now);
  const sources = { lakefs: () => facts, writers: { isSole: async () => false } };
  const common = { installation: 'default', repository, path };
  return kind === 'equal'
    ? answer({ kind, ...common, commits: [a, b] }, runView(), sources)
    : answer({ kind, ...common, commit: a }, runView(), sources);
}

const paths: readonly (readonly [string, boolean])[] = [
  ['gold/train_v2/', true],
  ['gold/train_v2', true],
  ['gold/train_v2/x.csv', true],
  ['gold/train/part-1.csv', true],
  ['gold/train/', false],
  ['gold/train', false],
  ['', false],
  // Nothing differs there, because nothing is there.
  ['gold/train/*.csv', false],
  ['gold/{train,test}/part-1.csv', false],
  ['gold/train_v2/*.csv', true],
  ['gold/train_v2/../train/', false],
  ['gold/trai', false],
  ['gold/train_v2/x', false],
];

test.each(paths)('whether the bytes under "%s" are equal: %s', async (path, equal) => {
  expect(await ask('equal', path)).toBe(equal);
});

test.each([
  ['gold/train/', true],
  ['gold/train', true],
  ['gold/train/part-1.csv', true],
  ['gold/train/part-2.csv', false],
  ['gold/trai', false],
  ['gold/test/', false],
])('whether the commit holds "%s": %s', async (path, holds) => {
  expect(await ask('holds', path)).toBe(holds);
});
