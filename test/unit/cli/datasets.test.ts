import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import { startSandbox } from '../../../src/sandbox/index.js';
import { type CliResult, runCli } from '../../support/service/cli.js';
import { settingsWith } from '../../support/service/settings.js';

const sandbox = await startSandbox({ env: {} });
const lakefs = createLakefsClient(sandbox);
const files = [
  ...['flowers/train/rose/1.jpg', 'flowers/val/rose/2.jpg', 'lake/orders/metadata/v1.metadata.json'],
  ...['lake/orders/data/0.parquet', 'sales/dt-2026-01-01/a.csv', 'README.md', 'models/m/MLmodel'],
];
let commit: string;

beforeAll(async () => {
  await lakefs.createRepository({ name: 'images', storage_namespace: 'local://images' });
  await lakefs.createRepository({ name: 'empty', storage_namespace: 'local://empty' });
  for (const path of files) await lakefs.uploadObject('images', 'main', path, '1234567890');
  commit = (await lakefs.commit('images', 'main', { message: 'Add data' })).id;
});
afterAll(() => sandbox.close());

function datasets(...argv: string[]): Promise<CliResult> {
  const settings = settingsWith(sandbox);
  const [installation] = settings.installations;
  const rules = [{ repository: 'images', path: 'sales/', name: 'Sales' }];
  const ruled = installation === undefined ? [] : [{ ...installation, rules }];
  return runCli(['datasets', ...argv], {
    columns: 80,
    env: { NO_COLOR: '1' },
    loadSettings: async (need) => {
      expect(need).toEqual(['lakefs']);
      return { ...settings, installations: ruled };
    },
  });
}

test('lists what would be registered at the default branch, and by which rule', async () => {
  const { code, stdout, stderr } = await datasets('images');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(`images/main (commit ${commit.slice(0, 12)}): 3 datasets

flowers/
  Splits · 2 objects · 20 B

lake/orders/
  Iceberg table · 2 objects · 20 B

sales/
  rule sales/ · 1 object · 10 B · called Sales

In no dataset: 2 objects, such as README.md, models/m/MLmodel
A commit is registered with the datasets that it changes.
`);
});

test('says the same as JSON, also by a commit', async () => {
  const { code, stdout } = await datasets(`images/${commit}`, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ installation: 'default', repository: 'images', ref: commit, commit, complete: true },
    datasets: [
      { path: 'flowers/', name: 'images/flowers', rule: 'Splits', objects: 2, bytes: 20 },
      { path: 'lake/orders/', name: 'images/lake/orders', rule: 'Iceberg table' },
      { path: 'sales/', name: 'Sales', rule: 'rule sales/' },
    ],
    leftOut: { objects: 2, examples: ['README.md', 'models/m/MLmodel'] },
  });
});

test('a repository without data has no datasets, which is an answer', async () => {
  const { code, stdout } = await datasets('empty/main');
  expect([code, stdout]).toEqual([0, expect.stringContaining('no datasets')]);
});

test.each([
  ['imagse', 1, 'no repository "imagse"'],
  ['images/nowhere', 1, 'no branch, tag or commit "nowhere"'],
  ['images/main/flowers', 2, 'leave out the path'],
  ['models:/churn/1', 2, 'is a run or a model'],
  ['0123456789abcdef0123456789abcdef', 1, 'no repository'],
])('%s ends with %i: %s', async (where, code, words) => {
  const result = await datasets(where);
  expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(words)]);
  expect(result.stdout).toBe('');
});
