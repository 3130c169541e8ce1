import { expect, test } from 'vitest';
import { nextSweepAt, nextWatermark, sweepReach } from '../../../../src/domain/sync/sweep.js';

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
  [60_000, 1_000 + 5 * minute],
  [0, 1_000],
])('a sweep of %d ms is followed by a pause that keeps sweeps to a tenth of the time', (took, next) => {
  expect(nextSweepAt(1_000, took)).toBe(next);
});

test.each([
  ['the first of a process', 5, undefined, 30_000, { allSince: 5 }],
  [
    'soon after a whole one',
    5,
    { last: 99 * minute, lastWhole: 99 * minute },
    30_000,
    { newSince: 98 * minute },
  ],
  [
    'two minutes after a whole one',
    5,
    { last: 99 * minute, lastWhole: 98 * minute },
    30_000,
    { newSince: 98 * minute, allSince: 5 },
  ],
  [
    'four intervals after a whole one',
    5,
    { last: 100 * minute - 1_000, lastWhole: 100 * minute - 4_000 },
    1_000,
    { newSince: 99 * minute - 1_000, allSince: 5 },
  ],
  [
    'after a long pause, with a watermark that another process has moved',
    98.5 * minute,
    { last: 99 * minute, lastWhole: 99 * minute },
    30_000,
    { newSince: 98.5 * minute },
  ],
])('a sweep that is %s reads as far back as it must', (_when, watermark, earlier, interval, wanted) => {
  expect(sweepReach(watermark, 100 * minute, earlier, interval)).toEqual(wanted);
});
