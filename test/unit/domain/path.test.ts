import { expect, test } from 'vitest';
import { isAtOrUnder, narrower } from '../../../src/domain/path.js';

test.each([
  ['gold/train', 'gold/train', true],
  ['gold/train/x', 'gold/train', true],
  ['gold/train/x', 'gold/train/', true],
  ['gold/train_v2/x', 'gold/train', false],
  ['gold/train_v2', 'gold/train', false],
  ['gold', 'gold/train', false],
  ['anything', '', true],
  ['', '', true],
  ['Gold/train', 'gold', false],
])('%j is at or under %j: %s', (path, directory, expected) => {
  expect(isAtOrUnder(path, directory)).toBe(expected);
});

test.each([
  ['gold', 'gold/train', 'gold/train'],
  ['gold/train/', 'gold', 'gold/train'],
  ['', 'gold/', 'gold'],
  ['', '', ''],
  ['gold/train', 'gold/train_v2', undefined],
  ['gold/*/x.csv', 'gold/train', 'gold/train'],
  ['gold/train/part-*.csv', 'gold', 'gold/train'],
  ['été/a b', 'été', 'été/a b'],
])('the narrower of %j and %j is %j', (a, b, expected) => {
  expect(narrower(a, b)).toBe(expected);
  expect(narrower(b, a)).toBe(expected);
});
