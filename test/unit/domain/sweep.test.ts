import { expect, test } from 'vitest';
import { nextSweepAt, nextWatermark } from '../../../src/domain/sweep.js';

const minute = 60_000;

test.each([
  ['nothing is left to write', 0, 100 * minute, [], 90 * minute],
  ['a run still has something to write', 0, 100 * minute, [40 * minute, 95 * minute], 40 * minute],
  [
    'a run older than the watermark has something to write',
    50 * minute,
    100 * minute,
    [10 * minute],
    50 * minute,
  ],
  ['the clock went back', 90 * minute, 20 * minute, [], 90 * minute],
])('where %s the watermark goes as far as everything is known', (_when, before, start, unsettled, next) => {
  expect(nextWatermark(before, start, unsettled)).toBe(next);
});

test.each([
  [1_000, 1_000 + 9_000],
  [60_000, 60_000 + 5 * minute],
  [0, 0],
])('a sweep of %d ms is followed by a pause that keeps sweeps to a tenth of the time', (took, next) => {
  expect(nextSweepAt(0, took)).toBe(next);
});
