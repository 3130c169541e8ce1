import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matches } from '../../../../src/domain/common/globs.js';

test.each([
  [[], 'anything', true],
  [['main'], 'main', true],
  [['main'], 'main2', false],
  [['Main'], 'main', false],
  [['exp-*'], 'exp-', true],
  [['exp-*'], 'exp-1/a', true],
  [['*-prod'], 'eu-prod', true],
  [['*-prod'], 'eu-prod-2', false],
  [['a*b*c'], 'aXbYbZc', true],
  [['a?c'], 'abc', true],
  [['a?c'], 'ac', false],
  [['?'], '', false],
  [['*'], '', true],
  [['a', 'b'], 'b', true],
  [['!tx-*'], 'main', true],
  [['!tx-*'], 'tx-1', false],
  [['*', '!tx-*'], 'tx-1', false],
  [['tx-1', '!tx-*'], 'tx-1', false],
  [['!a', 'b'], 'c', false],
  [['a.c'], 'abc', false],
  [['[a]'], 'a', false],
] as const)('the patterns %j on "%s": %s', (globs, value, kept) => {
  expect(matches(globs, value)).toBe(kept);
});

test('a pattern means what the same regular expression means', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const values = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fc.assert(
    fc.property(letters, values, (glob, value) => {
      const pattern = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matches([glob], value)).toBe(pattern.test(value));
    }),
    { numRuns: 2_000 },
  );
});
