import fc from 'fast-check';
import { expect, test } from 'vitest';
import { postponeMs } from '../../../src/queue/run-job.js';

const random = fc.double({ min: 0, max: 0.999_999, noNaN: true });

test('the waits double from 2 s to 5 min', () => {
  const waits = [0, 1, 2, 3, 7, 8, 500].map((earlier) => postponeMs(earlier, undefined, 0));
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 256_000, 300_000, 300_000]);
});

test('at most half of a wait is taken off at random', () => {
  fc.assert(
    fc.property(fc.nat(1_000), random, (earlier, part) => {
      const full = postponeMs(earlier, undefined, 0);
      const wait = postponeMs(earlier, undefined, part);
      expect(wait).toBeGreaterThanOrEqual(full / 2);
      expect(wait).toBeLessThanOrEqual(full);
    }),
  );
});

test('what the server asks for is obeyed up to five minutes, and never exceeded by more than a tenth', () => {
  fc.assert(
    fc.property(fc.nat(300_000), random, (asked, part) => {
      const wait = postponeMs(9, asked, part);
      expect(wait).toBeGreaterThanOrEqual(Math.min(asked, 270_000));
      expect(wait).toBeLessThanOrEqual(Math.min(asked * 1.1 + 1, 300_000));
    }),
  );
});

test('a server that asks for a day, or for ever, gets five minutes', () => {
  for (const asked of [300_001, 86_400_000, Number.POSITIVE_INFINITY]) {
    expect(postponeMs(0, asked, 0)).toBe(300_000);
    expect(postponeMs(0, asked, 0.999_999)).toBeGreaterThanOrEqual(270_000);
  }
});
