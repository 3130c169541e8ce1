import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayOverlap } from '../../../src/config/check-installations.js';
import { matches } from '../../../src/domain/common/globs.js';

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
const value = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });

test('two patterns that keep one value overlap', () => {
  fc.assert(
    fc.property(pattern, pattern, value, (a, b, text) => {
      if (matches([a], text) && matches([b], text)) expect(mayOverlap([a], [b])).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['a*', '*b', true],
  ['a*', 'b*', false],
  ['a?', 'a', false],
  ['a?', 'a*', true],
  ['*a*b', '*b*a', false],
  ['', '*', true],
  ['', '?', false],
])('%s and %s: %s', (a, b, expected) => {
  expect(mayOverlap([a], [b])).toBe(expected);
});

test('many stars in both are compared at once', () => {
  const [a, b] = ['*a'.repeat(400), '*b'.repeat(400)];
  const from = process.cpuUsage();
  expect(mayOverlap([a], [`${b}a`])).toBe(true);
  expect(process.cpuUsage(from).user).toBeLessThan(2_000_000);
});
