import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { shellText } from '../../../../src/domain/common/text.js';
import { referenceRules, usualRules } from '../../../../src/domain/references/reference-rules.js';
import {
  declareData,
  isDeclarable,
  launchVariables,
  type PinnedData,
  readRunContext,
  withoutLaunchVariables,
} from '../../../../src/domain/references/run-context.js';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const images = (parts: Partial<PinnedData> = {}): PinnedData => ({
  ...{ repository: 'images', commit: a, branch: 'main', path: '' },
  ...parts,
});
const labels: PinnedData = { repository: 'labels', commit: b, branch: undefined, path: '' };
const guide = { lakefs_repo: 'images', lakefs_commit: a, lakefs_branch: 'main' };
const gold = `s3://images/${a}/gold`;

describe('the tags that declare data', () => {
  test.each<[string, readonly PinnedData[], object, object]>([
    ['one branch: those of the guide', [images()], {}, guide],
    ['no branch: no lakefs_branch', [labels], {}, { lakefs_repo: 'labels', lakefs_commit: b }],
    ['a path: its address, too', [images({ path: 'gold' })], {}, { ...guide, lakefs_data_uri: gold }],
    [
      'two paths at one commit',
      [images({ path: 'gold' }), images({ path: 'x' }), images({ path: 'gold' })],
      {},
      { ...guide, lakefs_data_uri: gold, lakefs_data_uri_2: `s3://images/${a}/x` },
    ],
    [
      'two repositories: addresses alone',
      [images(), labels],
      {},
      { lakefs_data_uri: `s3://images/${a}/`, lakefs_data_uri_2: `s3://labels/${b}/` },
    ],
    [
      'two branches at one commit: none of them is said',
      [images(), images({ branch: 'dev' })],
      {},
      { lakefs_repo: 'images', lakefs_commit: a },
    ],
    [
      'a path with a blank and a comma: within a list',
      [images({ path: 'a b, c' })],
      {},
      { ...guide, lakefs_data_uri: JSON.stringify([`s3://images/${a}/a b, c`]) },
    ],
    ['other tags stay', [images()], { team: 'x', n: 1 }, { team: 'x', n: 1, ...guide }],
    ['the same declaration again: nothing is added', [images()], guide, guide],
  ])('%s', (_, data, given, context) => {
    expect(declareData(data, { ...given }, usualRules)).toEqual({ context, clash: undefined });
  });

  test.each([
    ['another commit', { lakefs_commit: b }, 'lakefs_commit'],
    ['another repository', { lakefs_repo: 'videos' }, 'lakefs_repo'],
    ['another key of this kind', { 'lakefs.train.commit': b }, 'lakefs.train.commit'],
  ])('Beside %s the guide is left out as a whole, and the address says it', (_, given, clash) => {
    expect(declareData([images()], given, usualRules)).toEqual({
      context: { ...given, lakefs_data_uri: `s3://images/${a}/` },
      clash,
    });
  });

  test('A key of the settings counts as one of this kind', () => {
    const rules = referenceRules({ s3Domains: [], keys: ['commit:dvc_rev'], outputWords: [] });
    expect(declareData([images()], { dvc_rev: b }, rules).clash).toBe('dvc_rev');
  });

  test('A tag that has our key stays as it is', () => {
    const given = { lakefs_data_uri: 's3://videos/main/' };
    expect(declareData([images({ path: 'gold' })], given, usualRules).context).toEqual({
      ...given,
      ...guide,
      lakefs_data_uri_2: gold,
    });
  });
});

test.each([
  ['gold', true],
  ['a b, c;d', true],
  ['x'.repeat(250), true],
  ['gold/../x', false],
  ['gold...', false],
])('Can the path %j be declared: %s', (path, declarable) => {
  expect(isDeclarable(images({ path }))).toBe(declarable);
});

test('A cut length of some logger is no reason to doubt an address', () => {
  const path = 'x'.repeat(250 - `s3://images/${a}/`.length);
  const { context } = declareData([images({ path })], {}, usualRules);
  expect(context.lakefs_data_uri).toBe(JSON.stringify([`s3://images/${a}/${path}`]));
});

test.each<[string | undefined, object | undefined]>([
  [undefined, {}],
  [' ', {}],
  ['{"team":"x"}', { team: 'x' }],
  ['{team:x}', undefined],
  ['["team"]', undefined],
  ['null', undefined],
])('MLFLOW_RUN_CONTEXT=%j is read as %j', (text, context) => {
  expect(readRunContext(text)).toEqual(context);
});

test('The first address has no number, and with several each has one', () => {
  expect(launchVariables([images()], {})).toEqual({
    ...{ MLFLOW_RUN_CONTEXT: '{}', LAKEFS_DATA_URI: `s3://images/${a}/`, LAKEFS_COMMIT: a },
  });
  expect(Object.keys(launchVariables([images(), labels], {}))).toEqual([
    ...['MLFLOW_RUN_CONTEXT', 'LAKEFS_DATA_URI', 'LAKEFS_COMMIT'],
    ...['LAKEFS_DATA_URI_1', 'LAKEFS_COMMIT_1', 'LAKEFS_DATA_URI_2', 'LAKEFS_COMMIT_2'],
  ]);
});

test('Addresses of an earlier launch are not handed on', () => {
  const env = { LAKEFS_DATA_URI_3: 'x', LAKEFS_COMMIT: 'x', LAKEFS_COMMITS: 'y', PATH: '/bin' };
  expect(withoutLaunchVariables(env)).toEqual({ LAKEFS_COMMITS: 'y', PATH: '/bin' });
});

test.each(['plain/path-1', '', "it's", '$HOME `id` $(id) "x" \\ !', 'two\nlines', '{"a":"b c"}'])(
  'sh reads %j back as it was',
  (text) => {
    const printed = execFileSync('sh', ['-c', `printf %s ${shellText(text)}`], { encoding: 'utf8' });
    expect(printed).toBe(text);
  },
);
