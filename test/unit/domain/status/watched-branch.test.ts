import { describe, expect, test } from 'vitest';
import { isMachineBranch, isWatchedBranch } from '../../../../src/domain/status/watched-branch.js';

const uuid = '8f14e45f-ceea-467f-a8d9-0d5f5b6d4a3e';
const machines = [`tx-${uuid}`, 'tx-lakefs-mlflow-01', `delta-tx-${uuid}`, 'transaction-a3f09c'];

describe('A branch that a program made for one write', () => {
  test.each(machines)('%s is not watched by the default, nor by a list that only excludes', (branch) => {
    expect(isMachineBranch(branch)).toBe(true);
    for (const globs of [['*'], [], ['!scratch-*'], ['*', '!scratch-*'], ['main', '**']]) {
      expect(isWatchedBranch(globs, branch)).toBe(false);
    }
  });

  test.each(machines)('%s is watched where a pattern means it', (branch) => {
    expect(isWatchedBranch([`${branch.slice(0, 4)}*`], branch)).toBe(true);
    expect(isWatchedBranch(['*', branch], branch)).toBe(true);
    expect(isWatchedBranch(['*', branch, '!*-*'], branch)).toBe(false);
  });
});

test.each(['main', 'texts', 'delta', 'transactions', 'my-tx-1'])('%s is a branch of people', (branch) => {
  expect(isMachineBranch(branch)).toBe(false);
  expect(isWatchedBranch(['*'], branch)).toBe(true);
});
