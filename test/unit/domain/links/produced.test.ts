import { describe, expect, test } from 'vitest';
import { producedTag } from '../../../../src/contract/tags.js';
import { hasMakers, makersOf } from '../../../../src/domain/links/produced.js';

const run = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const hosts = ['mlflow.example:5000'];

describe('a run that made a commit is named', () => {
  test.each([
    ['by its id', { mlflow_run_id: run }],
    ['by its id in capitals, with blanks', { 'MLflow Run': ` ${run.toUpperCase()} ` }],
    ['by its id under a key of two words', { 'run id': run }],
    [
      'by the address of its page, as a button of lakeFS',
      { '::lakefs::MLflow::url[url:ui]': `https://m/#/experiments/3/runs/${run}` },
    ],
    ['by a tab of its page', { x: `http://127.0.0.1:5000/prefix/#/experiments/3/runs/${run}/artifacts?x=1` }],
    ['by a runs address', { best: `runs:/${run}/model` }],
  ])('%s', (_how, metadata) => {
    expect(makersOf(metadata, hosts)).toEqual({ runs: [run], versions: [] });
  });

  test.each([
    ['by the name of a job', { mlflow_run_id: 'sleepy_fox_w8k2' }, 'sleepy_fox_w8k2'],
    [
      'by a GUID',
      { 'run id': 'C0FFEE00-1111-2222-3333-444455556666' },
      'C0FFEE00-1111-2222-3333-444455556666',
    ],
    ['by a runs address of a job', { best: 'runs:/sleepy_fox_w8k2/model' }, 'sleepy_fox_w8k2'],
    [
      'by the page of a job on our MLflow',
      { x: 'http://mlflow.example:5000/#/experiments/c0ffee-1/runs/sleepy_fox_w8k2/artifacts' },
      'sleepy_fox_w8k2',
    ],
  ])('%s, which is no 32 hex digits', (_how, metadata, id) => {
    expect(makersOf(metadata, hosts)).toEqual({ runs: [id], versions: [] });
  });

  test('once, however often', () => {
    expect(makersOf({ run, page: `https://m/#/experiments/3/runs/${run}` }, hosts).runs).toEqual([run]);
  });
});

describe('no run is named', () => {
  test.each([
    ['by a checksum', { md5: run }],
    ['by an id within a text', { note: `made by run ${run}` }],
    ['by a longer id', { run: `${run}00` }],
    ['by a page of an experiment', { page: 'https://m/#/experiments/3/runs' }],
    ['by a page whose id goes on', { page: `https://m/#/experiments/3/runs/${run}ab` }],
    ['by the address of a program that has runs too', { url: 'http://dagster/runs/6f9a-11' }],
    ['by an empty value', { run: '' }],
    ['by the name of a run', { mlflow_run_name: 'sleepy_fox' }],
    ['by a word under another key', { mlflow: 'yes', run: 'nightly' }],
    ['by an id of Airflow', { dag_run_id: 'manual__2026-01-01T00:00:00+00:00' }],
    ['by the page of a job on another server', { x: 'https://m/#/experiments/3/runs/sleepy_fox_w8k2' }],
    ['by a runs address without an id', { x: 'runs:/../model' }],
    ['by nothing', {}],
  ])('%s', (_how, metadata) => {
    expect(hasMakers(makersOf(metadata, hosts))).toBe(false);
  });
});

describe('a model version that made a commit is named', () => {
  test.each([
    ['by its address', { model: 'models:/churn/3' }, 'churn', '3'],
    [
      'by its page on our MLflow',
      { m: 'http://mlflow.example:5000/#/models/churn%20v2/versions/12' },
      'churn v2',
      '12',
    ],
  ])('%s', (_how, metadata, name, version) => {
    expect(makersOf(metadata, hosts)).toEqual({ runs: [], versions: [{ name, version }] });
  });

  test.each([
    ['an alias, which moves', { model: 'models:/churn@champion' }],
    ['a page of another MLflow', { m: 'http://other.example/#/models/churn/versions/12' }],
    ['broken percent-encoding', { m: 'http://mlflow.example:5000/#/models/%E0%A4%A/versions/12' }],
    ['a model without a version', { m: 'models:/churn' }],
  ])('but not by %s', (_what, metadata) => {
    expect(hasMakers(makersOf(metadata, hosts))).toBe(false);
  });
});

test('a list of hundreds of ids is cut', () => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`run${index}`, index.toString(16).padStart(32, '0')]),
  );
  expect(makersOf(many, hosts).runs).toHaveLength(100);
});

test('the tag on the run has the repository and twelve digits of the commit', () => {
  expect(producedTag({ repository: 'repo', commit: 'ab'.repeat(32) })).toBe(
    'lakefs.produced.repo.abababababab',
  );
});
