import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAtOrUnder, literalPart, narrower, pathForms } from '../../../../src/domain/paths/path.js';

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

test.each([
  ['', ['']],
  ['gold/train_v2/', ['gold/train_v2/']],
  ['a b/ü.csv', ['a b/ü.csv']],
  ['100%', ['100%']],
  ['/gold//x', ['/gold//x', 'gold/x']],
  ['a%2Fb', ['a%2Fb', 'a/b']],
  ['/a%20b', ['/a%20b', 'a%20b', '/a b', 'a b']],
  ['a%E0%A4', ['a%E0%A4']],
  ['a/%2e%2e/b', ['a/%2e%2e/b']],
])('the path %j may mean the keys %j, literally first', (path, forms) => {
  expect(pathForms(path)).toEqual(forms);
});

/** What each hand-written form of a function of `path.ts` looks like. */
const handWritten: readonly (readonly [string, RegExp])[] = [
  ['isPattern or literalPart', /\[\*\?\[\{\]/],
  ['asDirectory', /endsWith\('\/'\) \? (\w+) : `\$\{\1\}\/`|endsWith\('\/'\) \? `\$\{(\w+)\}\/` : \2/],
  ['isUnder', /startsWith\(`\$\{[\w.]+\}\/`\)/],
  ['folderOf', /\.slice\(0, [\w.]+\.lastIndexOf\('\/'\) \+ 1\)/],
  ['withoutEndSlashes', /\/\\\/[+*]\$\/|\(\?:\\\/\)[+*]\$\//],
];

test.each(handWritten)('no file but path.ts has its own %s', (_, form) => {
  const files = ['src', 'hooks', 'workers'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const found = files.filter(
    (name) =>
      name.endsWith('.ts') &&
      // The sandbox is a lakeFS of its own and imports nothing of ours.
      !name.startsWith(join('src', 'sandbox')) &&
      form.test(readFileSync(name, 'utf8')),
  );
  expect(found.filter((name) => name !== join('src', 'domain', 'paths', 'path.ts'))).toEqual([]);
});
