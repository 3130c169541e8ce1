import { expect, test } from 'vitest';
import { referencesOf } from '../../../../src/domain/references/reference.js';
import { commitA, inputView, link, runView } from '../../../support/runs/run-views.js';

test('a dataset input and the tags of the guide are references', () => {
  const run = runView({
    inputs: [inputView(`s3://repo/${commitA}/gold/x.csv`)],
    tags: { lakefs_repo: 'repo', lakefs_commit: commitA, lakefs_branch: 'main' },
  });
  expect(referencesOf(run).found).toMatchObject([
    {
      where: 'input',
      name: 'train',
      context: 'training',
      address: { repository: 'repo', ref: commitA, path: 'gold/x.csv' },
    },
    { where: 'tag', name: 'lakefs_commit', address: { repository: 'repo', ref: commitA, path: '' } },
  ]);
});

test('the older tag of the guide counts as well', () => {
  const run = runView({ tags: { lakefs_repo: 'repo', lakefs_head_commit_id: commitA } });
  expect(referencesOf(run).found).toMatchObject([{ where: 'tag', name: 'lakefs_head_commit_id' }]);
});

test('a tag that we wrote ourselves is no evidence', () => {
  const links = JSON.stringify({ links: [link()], wrote: { lakefs_repo: 'repo', lakefs_commit: commitA } });
  const run = runView({ tags: { lakefs_repo: 'repo', lakefs_commit: commitA, 'lakefs.links': links } });
  expect(referencesOf(run)).toEqual({ found: [], none: [], unplaced: [], fallbacks: [] });
});

test.each([
  ['exact', 0],
  ['likely', 0],
  ['declared', 1],
])(
  'where our list was deleted beside the verdict %s, the tag counts as %d declarations',
  (verdict, declarations) => {
    const run = runView({
      tags: { lakefs_repo: 'repo', lakefs_commit: commitA, 'lakefs.evidence': verdict },
    });
    expect(referencesOf(run).found).toHaveLength(declarations);
  },
);

test('a folder of digits such as 202601 is no commit id', () => {
  const run = runView({ tags: { lakefs_repo: 'repo', lakefs_commit: '202601' } });
  expect(referencesOf(run).found).toEqual([]);
});

test('a tag that the user changed after us is evidence again', () => {
  const links = JSON.stringify({ links: [link()], wrote: { lakefs_repo: 'repo', lakefs_commit: commitA } });
  const run = runView({
    tags: { lakefs_repo: 'repo', lakefs_commit: 'b'.repeat(64), 'lakefs.links': links },
  });
  expect(referencesOf(run).found).toMatchObject([{ address: { ref: 'b'.repeat(64) } }]);
});

test.each([
  [{ lakefs_commit: 'a1b2c3d4' }, 'the tag lakefs_repo, which would say whose commit it is, is missing'],
  [
    { lakefs_repo: ' ', lakefs_commit: 'a1b2c3d4' },
    'the tag lakefs_repo, which would say whose commit it is, is missing',
  ],
  [{ lakefs_repo: 'repo', lakefs_commit: 'v1.2' }, 'the value is not a commit id'],
  [{ lakefs_repo: 'repo', lakefs_commit: '' }, 'the value is not a commit id'],
  [{ lakefs_repo: 'repo', lakefs_commit: 'A'.repeat(63) }, 'the value is not a commit id'],
])('the tags %o are text, and it says why', (tags, reason) => {
  const { found, none } = referencesOf(runView({ tags }));
  expect(found).toEqual([]);
  expect(none).toMatchObject([{ reason }]);
});

test('a whole commit id without a repository is left to lakeFS: no two commits have one', () => {
  const run = runView({ tags: { lakefs_commit: commitA } });
  expect(referencesOf(run)).toMatchObject({
    ...{ found: [], none: [] },
    unplaced: [{ where: 'tag', name: 'lakefs_commit', commit: commitA, repositories: [] }],
  });
});

test('an input without an address is named with its reason', () => {
  const code = inputView('', { sourceType: 'code', source: '{"tags":{"mlflow.user":"x"}}' });
  const { none } = referencesOf(runView({ inputs: [code] }));
  expect(none[0]?.reason).toContain('no source was given');
});

test('a source of 65 kB is cut in what is shown', () => {
  const { none } = referencesOf(runView({ inputs: [inputView('x', { source: 'x'.repeat(65_000) })] }));
  expect(none[0]?.text).toHaveLength(301);
});
