import { describe, expect, test } from 'vitest';
import { readWhat } from '../../../src/lineage/run-id.js';
import { runCli } from '../../support/cli.js';

const id = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';

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
    'models:/boats/3',
    'models:/boats@champion',
    'my-repository/main',
    'my-repository/main/gold/train.csv',
    'lakefs://my-repository/main/gold',
    'a'.repeat(64),
    'https://mlflow.example/#/experiments/1/runs',
    `https://mlflow.example/#/experiments/1/models/m-${id}`,
    '',
    'a b',
    '--',
  ])('%j is refused before anything is asked, with what is possible now', async (text) => {
    const { code, stdout, stderr } = await runCli(['lineage', '--', text]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('name a run by its id, or paste the address of its MLflow page');
  });
});
