import { describe, expect, test } from 'vitest';
import { readCoverageTarget, readSince } from '../../../../src/queries/coverage/target.js';

describe('whose runs are counted', () => {
  test.each([
    [undefined, { kind: 'all' }],
    [' training ', { kind: 'name', name: 'training' }],
    ['/Users/ana/été', { kind: 'name', name: '/Users/ana/été' }],
    ['123', { kind: 'name', name: '123' }],
    ['models:/churn', { kind: 'model', name: 'churn' }],
    ['models:/churn/', { kind: 'model', name: 'churn' }],
    ['https://mlflow.example/#/experiments/7/runs', { kind: 'name', name: '7' }],
    ['https://mlflow.example/#/models/my%20model', { kind: 'model', name: 'my model' }],
  ])('%s', (given, target) => {
    expect(readCoverageTarget(given)).toEqual(target);
  });

  test.each([
    ['', 'name an experiment or a model'],
    ['models:/', 'names no model'],
    ['models:/churn/3', 'is one version of a model'],
    ['models:/churn@champion', 'is one version of a model'],
    ['https://mlflow.example/', 'is no page of an experiment or a model'],
    ['https://mlflow.example/#/models/%E0%A4%A', 'broken percent-encoding'],
  ])('"%s" is refused', (given, problem) => {
    const target = readCoverageTarget(given);
    expect(target.kind === 'none' && target.problem).toContain(problem);
  });
});

describe('since when', () => {
  const now = Date.UTC(2026, 10, 24);
  const day = 86_400_000;

  test.each([
    ['7d', now - 7 * day],
    ['24h', now - day],
    ['90m', now - 5_400_000],
    ['2w', now - 14 * day],
    ['2026-11-01', Date.UTC(2026, 10, 1)],
    ['2026-11-01T12:00:00Z', Date.UTC(2026, 10, 1, 12)],
  ])('%s', (given, at) => {
    expect(readSince(given, now)).toBe(at);
  });

  test.each(['', 'yesterday', '7', '7y', '2026', '2026-13-40', '-3d'])('"%s" is no time', (given) => {
    expect(readSince(given, now)).toBeUndefined();
  });
});
