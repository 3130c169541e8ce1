import { describe, expect, test } from 'vitest';
import { maySayWhatItRead, referencesOf } from '../../../../src/domain/references/reference.js';
import { commitA, commitB, runView } from '../../../support/runs/run-views.js';

const uri = `s3://repo/${commitA}/gold/x.csv`;
const page = `https://lakefs.example.com/repositories/repo/objects?ref=v1.2&path=gold%2F`;

describe('addresses that are the value of a tag or param', () => {
  test.each([
    ['data_path', uri, 'repo', commitA, 'gold/x.csv'],
    ['lakefs_dataset', page, 'repo', 'v1.2', 'gold/'],
    ['lakefs_url', 'lakefs://repo/main/a', 'repo', 'main', 'a'],
    ['dataset', `["${uri}"]`, 'repo', commitA, 'gold/x.csv'],
    ['sparkDatasourceInfo', `path=s3a://repo/${commitA}/a,b,version=3,format=delta`, 'repo', commitA, 'a,b'],
    [
      'sparkDatasourceInfo',
      'path=dbfs:/x,format=csv\npath=s3a://repo/main/x,format=csv',
      'repo',
      'main',
      'x',
    ],
  ])('%s = %s', (key, value, repository, ref, path) => {
    const address = { repository, ref, path };
    const tag = referencesOf(runView({ tags: { [key]: value } })).found;
    expect(tag).toMatchObject([{ where: 'tag', name: key, address, dataset: undefined }]);
    const param = referencesOf(runView({ params: new Map([[key, value]]) })).found;
    expect(param).toMatchObject([{ where: 'param', name: key, address }]);
  });

  test('several addresses in one value are as many references', () => {
    const run = runView({ params: new Map([['data', `s3://repo/${commitA}/a, s3://repo/${commitB}/b`]]) });
    expect(referencesOf(run).found.map(({ address }) => address.path)).toEqual(['a', 'b']);
  });

  test.each([
    ['mlflow.source.name', uri],
    ['mlflow.note.content', uri],
    ['mlflow.log-model.history', `[{"artifact_path": "${uri}"}]`],
    ['mlflow.datasets', uri],
    ['lakefs.links', uri],
    ['lakefs.because', uri],
    [`lakefs.input.repo.${commitA.slice(0, 12)}`, uri],
    ['lakefs.maybe.repo.x', uri],
    ['lakefs.produced.repo.x', uri],
    ['lakefs.evidence', uri],
    ['homepage', 'https://example.com/a'],
    ['notes', 'see https://example.com/a for more'],
    ['data', 'gs://repo/main/x'],
  ])('the tag %s says nothing at all', (key, value) => {
    const { found, none } = referencesOf(runView({ tags: { [key]: value } }));
    expect(found).toEqual([]);
    expect(none.filter(({ text }) => text.includes('s3://'))).toEqual([]);
  });

  test.each([
    ['output_path', 'output'],
    ['saveDir', 'save'],
    ['model.checkpoint', 'model'],
    ['model.save_to', 'model'],
    ['model.path', 'model'],
    ['model_data_path', 'model'],
    ['model.restore_from_path', 'model'],
    ['data.model', 'model'],
    ['model.train_ds.cache_dir', 'cache'],
    ['model.test.output_dir', 'output'],
    ['exp.models.train.save_to', 'save'],
    ['train.model.data_model_file', 'model'],
    ['CKPT', 'ckpt'],
    ['artifact-uri', 'artifact'],
    ['destination', 'destination'],
  ])('the key %s may name what the run wrote, and it says so', (key, word) => {
    const { found, none } = referencesOf(runView({ params: new Map([[key, uri]]) }));
    expect(found).toEqual([]);
    expect(none).toMatchObject([
      { where: 'param', name: key, reason: `its key says "${word}", so it may be what the run wrote` },
    ]);
  });

  test.each([
    ...['input_path', 'layout_path', 'outlier_data', 'savings'],
    ...['model.train_ds.manifest_filepath', 'model.validation_ds.0.path', 'cfg.model.data.path'],
    ...['model/test_ds/manifest', 'Model.trainDs.path', 'models.dataset'],
  ])('the key %s holds no such word, or only as the part of the configuration', (key) => {
    expect(referencesOf(runView({ params: new Map([[key, uri]]) })).found).toHaveLength(1);
  });

  test('a remark that holds an address is text, and it says so', () => {
    const { found, none } = referencesOf(runView({ tags: { todo: `${uri} is broken` } }));
    expect(found).toEqual([]);
    expect(none).toMatchObject([{ name: 'todo', reason: expect.stringContaining('among other text') }]);
  });

  test('secrets in an address are not shown', () => {
    const run = runView({
      tags: { data: `s3://KEY:SECRET@repo/main/a`, page: `${page}&X-Amz-Signature=SECRET` },
    });
    expect(JSON.stringify(referencesOf(run))).not.toContain('SECRET');
  });

  test('2,000 tags with an address are all there, unless they name more than 100 refs', () => {
    const tags = (refOf: (n: number) => string) =>
      Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`data${n}`, `s3://repo/${refOf(n)}/${n}`]));
    expect(referencesOf(runView({ tags: tags(() => commitA) })).found).toHaveLength(2_000);
    const { found, none } = referencesOf(runView({ tags: tags((n) => `branch-${n}`) }));
    expect([found.length, none.length]).toEqual([100, 1_900]);
    expect(none[0]?.reason).toBe('tags and params name more than 100 refs');
  });
});

test.each([
  [{}, false],
  [{ 'mlflow.user': 'a', 'mlflow.source.name': 's3://repo/main/train.py', lr: '0.1' }, false],
  [{ 'lakefs.evidence': 'exact', 'lakefs.because': 'repo/main@a' }, false],
  [{ 'mlflow.parentRunId': 'p' }, true],
  [{ lakefs_branch: 'main' }, true],
  [{ 'lakefs.commit': commitA }, true],
  [{ data: uri }, true],
])('a sweep examines a run with the tags %o: %s', (tags, expected) => {
  expect(maySayWhatItRead(runView({ tags }))).toBe(expected);
});
