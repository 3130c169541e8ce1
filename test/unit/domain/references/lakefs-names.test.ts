import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBranchName, isTagName, parseRefName } from '../../../../src/domain/references/lakefs-names.js';

test.each([
  ['main', { base: 'main', steps: [], suffix: '' }],
  ['v1.0', { base: 'v1.0', steps: [], suffix: '' }],
  ['main@', { base: 'main', steps: [], suffix: '@' }],
  ['main$', { base: 'main', steps: [], suffix: '$' }],
  ['main~', { base: 'main', steps: [1], suffix: '' }],
  ['main~2', { base: 'main', steps: [1, 1], suffix: '' }],
  ['main~~', { base: 'main', steps: [1, 1], suffix: '' }],
  ['main~0', { base: 'main', steps: [], suffix: '' }],
  ['main^', { base: 'main', steps: [1], suffix: '' }],
  ['main^0', { base: 'main', steps: [], suffix: '' }],
  ['v1.0~2^3', { base: 'v1.0', steps: [1, 1, 3], suffix: '' }],
  // A tag may have a sign of these in its name; as a ref lakeFS reads the sign.
  ['v1~2', { base: 'v1', steps: [1, 1], suffix: '' }],
  ['ä', { base: 'ä', steps: [], suffix: '' }],
])('%s is read as lakeFS reads it', (text, expected) => {
  expect(parseRefName(text)).toEqual(expected);
});

test.each([
  '',
  '~1',
  '@',
  'main~-1',
  'main~x',
  'main@~1',
  'main~1@',
  'main@@',
  'main$x',
  'a b',
  'a:b',
  'a*',
  '..',
  'a..b',
  'a.',
  'a.lock',
  'a/b',
  'main~99999~99999',
  'main~999999',
])('lakeFS refuses "%s", or has it mean something else', (text) => {
  expect(parseRefName(text)).toBeUndefined();
});

test('any text is read or refused, and what is read has a base that can be asked for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const name = parseRefName(text);
      if (name !== undefined) expect(isTagName(name.base)).toBe(true);
    }),
  );
});

test.each([
  ['main', true],
  ['exp_1-a', true],
  ['_x', true],
  ['-x', false],
  ['v1.0', false],
  ['ä', false],
  ['a\n', false],
])('whether lakeFS takes %j for the name of a branch: %s', (name, expected) => {
  expect(isBranchName(name)).toBe(expected);
});
