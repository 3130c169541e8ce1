import { describe, expect, test } from 'vitest';
import { readWhat, showWhat } from '../../../../src/queries/shared/target.js';
import { runCli } from '../../../support/service/cli.js';

const id = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const commit = 'c'.repeat(64);

describe('what may be asked about', () => {
  test.each([
    id,
    `  ${id}\n`,
    id.toUpperCase(),
    `https://mlflow.example/#/experiments/1/runs/${id}`,
    `https://mlflow.example/prefix/#/experiments/${'9'.repeat(18)}/runs/${id}/artifacts?x=1`,
    `http://mlflow.example/api/2.0/mlflow/runs/get?run_id=${id}`,
    `runs:/${id}/model`,
  ])('%j is a run', (text) => {
    expect(readWhat(text)).toEqual({ kind: 'run', id });
  });

  test('ids of hosted servers are words, and keep their case', () => {
    expect(readWhat('Calm_Plum_abc123')).toEqual({ kind: 'run', id: 'Calm_Plum_abc123' });
  });

  test.each([
    ['runs:/calm_plum_abc123/model', 'calm_plum_abc123'],
    ['runs:/calm_plum_abc123', 'calm_plum_abc123'],
    ['runs:/C0FFEE00-1111-2222-3333-444455556666/a/b', 'C0FFEE00-1111-2222-3333-444455556666'],
    ['https://ml.azure.com/runs/calm_plum_abc123?wsid=/subscriptions/1', 'calm_plum_abc123'],
    ['https://mlflow.example/#/experiments/c0ffee-11/runs/calm_plum_abc123/artifacts', 'calm_plum_abc123'],
  ])('%j is a run whose id is no 32 hex digits', (text, run) => {
    expect(readWhat(text)).toEqual({ kind: 'run', id: run });
  });

  test.each([
    'runs:/../model',
    'runs://',
    'https://mlflow.example/#/experiments/1/runs',
    'https://mlflow.example/#/experiments/1/runs/..',
    'https://mlflow.example/runs/a/b',
  ])('%j is no run', (text) => {
    expect(readWhat(text).kind).toBe('none');
  });

  test.each([
    ['models:/boats/3', 'boats', '3'],
    ['models:/boats/03/', 'boats', '3'],
    ['models:///boats/3', 'boats', '3'],
    ['models:/two words/12', 'two words', '12'],
    ['models:/Prévision ✓ v1.2/1', 'Prévision ✓ v1.2', '1'],
    ['models:/a@b/1', 'a@b', '1'],
    ['models:/a%20b/1', 'a%20b', '1'],
    ['https://mlflow.example/#/models/two%20words/versions/12', 'two words', '12'],
    ['https://mlflow.example/x/#/models/boats/versions/12?tab=1', 'boats', '12'],
    [`https://mlflow.example/#/models/${id}/versions/1`, id, '1'],
  ])('%j is a version', (text, name, version) => {
    expect(readWhat(text)).toEqual({ kind: 'version', name, version });
  });

  test.each([
    ['models:/boats@champion', 'boats', 'champion'],
    ['models:/two words@the best', 'two words', 'the best'],
    ['models:/a@b@champion', 'a@b', 'champion'],
  ])('%j is an alias', (text, name, alias) => {
    expect(readWhat(text)).toEqual({ kind: 'alias', name, alias });
  });

  test.each([
    `models:/m-${id}`,
    `m-${id}`,
    `models:/M-${id.toUpperCase()}`,
    `https://mlflow.example/#/experiments/1/models/m-${id}`,
  ])('%j is a logged model', (text) => {
    expect(readWhat(text)).toEqual({ kind: 'logged', id: `m-${id}` });
  });

  test.each([
    ['images/main', 'images', 'main', ''],
    ['images/main/', 'images', 'main', ''],
    ['images/main/gold/train', 'images', 'main', 'gold/train'],
    ['images/main//gold/', 'images', 'main', 'gold/'],
    [`images/${commit}/a b/é%2F?x#y/../z`, 'images', commit, 'a b/é%2F?x#y/../z'],
    ['images/main~2/gold', 'images', 'main~2', 'gold'],
    ['images/v1.2/gold', 'images', 'v1.2', 'gold'],
    [`${id}/main/gold`, id, 'main', 'gold'],
    ['lakefs://images/main/gold', 'images', 'main', 'gold'],
    [`s3://images/${commit}/gold/x.csv`, 'images', commit, 'gold/x.csv'],
    ['s3a://images/main', 'images', 'main', ''],
  ])('%j is data', (text, repository, ref, path) => {
    expect(readWhat(text)).toEqual({ kind: 'data', address: { repository, ref, path }, host: undefined });
  });

  test.each([
    [`/repositories/images/commits/${commit}`, commit, ''],
    ['/repositories/images/objects?ref=main&path=gold%2Ftrain%2F', 'main', 'gold/train/'],
    ['/repositories/images/commits?ref=dev', 'dev', ''],
    [`/api/v1/repositories/images/commits/${commit}`, commit, ''],
    [`/api/v1/repositories/images/refs/main/objects?path=models%2F${id}%2Fx`, 'main', `models/${id}/x`],
  ])('the address %j of lakeFS is data, and the host is reported', (rest, ref, path) => {
    expect(readWhat(`https://lakefs.example:8000${rest}`)).toEqual({
      kind: 'data',
      address: { repository: 'images', ref, path },
      host: 'lakefs.example:8000',
    });
  });

  test.each([
    id,
    'models:/two words/3',
    'models:/a@b@champion',
    `models:/m-${id}`,
    'images/main',
    'images/main/a b/é?#',
  ])('%j is shown so that it reads back the same', (text) => {
    const what = readWhat(text);
    if (what.kind === 'none') throw new Error(what.problem);
    expect(showWhat(what)).toBe(text);
    expect(readWhat(showWhat(what))).toEqual(what);
  });

  test.each([
    ['', 'is no run id'],
    ['a b', 'is no run id'],
    ['--', 'is no run id'],
    [commit, 'whose repository is missing'],
    ['boats@champion', 'begins with models:/'],
    ['models:/boats', 'without a version or alias'],
    ['models:/', 'names no model'],
    ['models:/@champion', 'names no model'],
    ['models:/boats@', 'names no alias'],
    ['models:/boats/latest', 'stages move'],
    ['models:/boats/Production', 'stages move'],
    ['models:/boats/-1', 'stages move'],
    ['models:/boats/3/model.pkl', 'more parts'],
    ['runs:/', 'names no run'],
    ['images/', 'without a branch'],
    ['images//gold', 'without a branch'],
    ['/main/gold', 'cannot be the name of a repository'],
    ['./data/train.csv', 'cannot be the name of a repository'],
    ['My_Repo/main', 'cannot be the name of a repository'],
    ['gs://images/main', 'is no address of data in lakeFS'],
    ['s3://images', 'names no ref'],
    ['https://mlflow.example/#/experiments/1/runs', 'names no run and no model'],
    ['https://mlflow.example/#/models/boats', 'names a model without a version'],
    ['https://mlflow.example/#/models/%E0%A4%A/versions/1', 'broken percent-encoding'],
    ['https://lakefs.example/repositories/images/branches', 'names no commit, branch or path'],
    ['https://[', 'is not a well-formed address'],
  ])('%j is refused before anything is asked, with what is possible', async (text, reason) => {
    const { code, stdout, stderr } = await runCli(['lineage', '--', text]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
    expect(stderr).toContain('name a run by its id or the address of its MLflow page, a model as');
  });

  test('a password in an address is not repeated', async () => {
    const { stderr } = await runCli(['lineage', 'https://ana:secret@mlflow.example/#/x?token=secret']);
    expect(stderr).not.toContain('secret');
  });
});
