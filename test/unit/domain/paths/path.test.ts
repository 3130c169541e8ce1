import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAtOrUnder, literalPart, narrower } from '../../../../src/domain/paths/path.js';

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

test.each([
  ['gold/part-*.csv', 'gold/'],
  ['*.csv', ''],
  ['gold/x.csv', 'gold/x.csv'],
  ['gold/', 'gold/'],
  ['gold/{a,b}/x', 'gold/'],
])('the part of %j that is no pattern is %j', (path, expected) => {
  expect(literalPart(path)).toBe(expected);
});

test('one file in src knows the signs of a pattern', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const known = files.filter((name) => readFileSync(join('src', name), 'utf8').includes('[*?[{]'));
  expect(known).toEqual([join('domain', 'paths', 'path.ts')]);
});
