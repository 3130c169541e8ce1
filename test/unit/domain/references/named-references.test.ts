import { describe, expect, test } from 'vitest';
import { referencesOf } from '../../../../src/domain/references/reference.js';
import { referenceRules } from '../../../../src/domain/references/reference-rules.js';
import { commitA, commitB, inputView, link, runView } from '../../../support/runs/run-views.js';

type Values = Readonly<Record<string, string>>;

function said(tags: Values, params: Values = {}) {
  const { found } = referencesOf(runView({ tags, params: new Map(Object.entries(params)) }));
  return found.map(({ where, name, address }) => [where, name, address.repository, address.ref]);
}

describe('keys that name a repository and a ref', () => {
  test.each<[Values, readonly (readonly string[])[]]>([
    [{ 'lakefs.repo': 'repo', 'lakefs.commit': commitA }, [['tag', 'lakefs.commit', 'repo', commitA]]],
    [{ 'lakefs.repo': 'repo', 'lakefs.commit_id': commitA }, [['tag', 'lakefs.commit_id', 'repo', commitA]]],
    [{ lakefs_repo: 'repo', 'lakefs.commit': commitA }, [['tag', 'lakefs.commit', 'repo', commitA]]],
    [{ lakefs_repo: 'repo', lakefs_tag: 'v1.2' }, [['tag', 'lakefs_tag', 'repo', 'v1.2']]],
    [{ lakefs_repo: 'repo', lakefs_branch: 'main' }, [['tag', 'lakefs_branch', 'repo', 'main']]],
    [{ lakefs_repo: 'repo', lakefs_ref: 'main' }, [['tag', 'lakefs_ref', 'repo', 'main']]],
    [{ lakefs_repo: 'repo', lakefs_ref: 'v1.2' }, [['tag', 'lakefs_ref', 'repo', 'v1.2']]],
    [{ lakefs_repo: 'repo', lakefs_ref: commitA }, [['tag', 'lakefs_ref', 'repo', commitA]]],
    [{ lakefs_repo: 'lakefs://repo', lakefs_ref: commitA }, [['tag', 'lakefs_ref', 'repo', commitA]]],
    [{ lakefs_repo: 'lakefs://repo/main/x', lakefs_ref: 'v1' }, [['tag', 'lakefs_ref', 'repo', 'v1']]],
    [{ lakefs_commit: `lakefs://repo/${commitA}/` }, [['tag', 'lakefs_commit', 'repo', commitA]]],
    [
      { lakefs_repo: 'repo', lakefs_training_data_commit: commitA },
      [['tag', 'lakefs_training_data_commit', 'repo', commitA]],
    ],
    [
      {
        ...{ 'lakefs.train.repo': 'repo', 'lakefs.train.commit_id': commitA },
        ...{ 'lakefs.eval.repo': 'other', 'lakefs.eval.commit_id': commitB },
      },
      [
        ['tag', 'lakefs.train.commit_id', 'repo', commitA],
        ['tag', 'lakefs.eval.commit_id', 'other', commitB],
      ],
    ],
    [{ lakefs_repo: 'repo', data_commit: commitA }, [['tag', 'data_commit', 'repo', commitA]]],
    [
      { lakefs_repo: 'repo', 'lakefs.repo': 'other', lakefs_commit: commitA, 'lakefs.commit': commitB },
      [
        ['tag', 'lakefs.commit', 'other', commitB],
        ['tag', 'lakefs_commit', 'repo', commitA],
      ],
    ],
  ])('%j', (tags, expected) => {
    expect(said(tags)).toEqual(expected);
    expect(said({}, tags)).toEqual(expected.map(([, ...rest]) => ['param', ...rest]));
  });

  test.each([
    'lakefs_output_commit',
    'lakefs_previous_commit',
    'lakefs_git_commit',
    'lakefs.parent.commit',
    'lakefs_model_commit_id',
    'lakefs__commit',
    'lakefs_commit_count',
    'xlakefs_train_commit',
    'lakefs.input.commit',
  ])('%s says nothing about what was read', (key) => {
    expect(said({ lakefs_repo: 'repo', [key]: commitA })).toEqual([]);
  });

  test('the repository may be a tag and the commit a param', () => {
    expect(said({ lakefs_repo: 'repo' }, { lakefs_commit: commitA })).toEqual([
      ['param', 'lakefs_commit', 'repo', commitA],
    ]);
  });

  test.each<[Values, string]>([
    [{ 'lakefs.commit': 'a1b2c3d4' }, 'the tag lakefs.repo, which would say whose commit it is, is missing'],
    [{ lakefs_tag: 'v1' }, 'the tag lakefs_repo, which would say whose tag it is, is missing'],
    [{ lakefs_branch: 'main' }, 'the tag lakefs_repo, which would say whose branch it is, is missing'],
    [{ lakefs_repo: 'repo', lakefs_tag: 'see README' }, 'the value cannot be the name of a tag'],
    [{ lakefs_repo: 'repo', lakefs_tag: '..' }, 'the value cannot be the name of a tag'],
    [{ lakefs_repo: '../x', lakefs_commit: commitA }, '"../x" cannot be the name of a repository'],
  ])('%j are text, and it says why', (tags, reason) => {
    const { found, none } = referencesOf(runView({ tags }));
    expect(found).toEqual([]);
    expect(none.map((one) => one.reason)).toEqual([reason]);
  });

  test('keys of the settings go with the repository whose key begins alike', () => {
    const rules = referenceRules({
      s3Domains: [],
      keys: ['repo:train.repo', 'commit:train.sha', 'repo:eval.repo', 'commit:eval.sha', 'sha:nonsense'],
      outputWords: [],
    });
    const tags = { 'train.repo': 'one', 'eval.repo': 'two', 'train.sha': commitA, 'eval.sha': commitA };
    const { found } = referencesOf(runView({ tags }), rules);
    expect(found.map(({ name, address }) => [name, address.repository])).toEqual([
      ['train.sha', 'one'],
      ['eval.sha', 'two'],
    ]);
  });

  test('where several repositories are named and none begins alike, nobody knows whose commit it is', () => {
    expect(said({ 'lakefs.repo': 'one', 'lakefs.repository': 'two', lakefs_commit: commitA })).toEqual([]);
  });
});

describe('a branch by its key', () => {
  const tags = { lakefs_repo: 'repo', lakefs_branch: 'main' };

  test.each([
    ['the commit is named beside it', runView({ tags: { ...tags, lakefs_commit: commitA } })],
    ['the lakeFS tag is named beside it', runView({ tags: { ...tags, lakefs_tag: 'v1' } })],
    ['an input names a place of the repository', runView({ tags, inputs: [inputView('s3://repo/dev/x')] })],
    ['a param does', runView({ tags, params: new Map([['data', 's3://repo/dev/x']]) })],
  ])('says nothing where %s', (_what, run) => {
    const names = referencesOf(run).found.map(({ name }) => name);
    expect(names).toHaveLength(1);
    expect(names).not.toContain('lakefs_branch');
  });

  test('a ref that is no commit id is a label like it', () => {
    const beside = { lakefs_repo: 'repo', lakefs_ref: 'v1', lakefs_commit: commitA };
    expect(said(beside)).toEqual([['tag', 'lakefs_commit', 'repo', commitA]]);
  });

  test.each([
    ['a git commit', '0123456789abcdef0123456789abcdef01234567', 1],
    ['the beginning of an id', '0123456', 1],
    ['a whole id', commitA, 0],
  ])('waits beside %s until lakeFS says whether it is there', (_what, commit, labels) => {
    const { found, fallbacks } = referencesOf(runView({ tags: { ...tags, lakefs_commit: commit } }));
    expect([found.map(({ name }) => name), fallbacks.length]).toEqual([['lakefs_commit'], labels]);
  });

  test('counts beside data of another repository', () => {
    const run = runView({ tags, inputs: [inputView('s3://other/dev/x')] });
    expect(referencesOf(run).found.map(({ name }) => name)).toEqual(['train', 'lakefs_branch']);
  });
});

describe('what we wrote', () => {
  const ours = (wrote: Values): Values => ({
    ...wrote,
    'lakefs.links': JSON.stringify({ links: [link()], wrote }),
  });

  test('a branch and a repository of ours say nothing', () => {
    expect(said(ours({ lakefs_repo: 'repo', lakefs_branch: 'main' }))).toEqual([]);
  });

  test("a repository of ours says whose the user's own commit is, but not whose branch", () => {
    expect(said({ ...ours({ lakefs_repo: 'repo' }), lakefs_commit: commitA })).toHaveLength(1);
    expect(said({ ...ours({ lakefs_repo: 'repo' }), lakefs_branch: 'main' })).toEqual([]);
    expect(said({ ...ours({ lakefs_repo: 'repo' }), lakefs_tag: 'v1' })).toEqual([]);
  });

  test("a user's own repository and branch say the same before and after we wrote the commit", () => {
    const users = { lakefs_repo: 'repo', lakefs_branch: 'main' };
    expect(said({ ...users, ...ours({ lakefs_commit: commitA }) })).toEqual(said(users));
  });
});
