import { expect, test } from 'vitest';
import { readUntil, windowOf } from '../../../../src/domain/links/run-window.js';
import { runView } from '../../../support/runs/run-views.js';

const clock = { marginMs: 60_000, nowMs: 10_000_000 };
const window = (fromMs: number, startMs: number, toMs: number) => ({
  kind: 'window',
  window: { fromMs, startMs, toMs },
});

test.each([
  ['a run that has ended', {}, window(940_000, 1_000_000, 2_000_000)],
  [
    'a running run reads until now',
    { terminal: false, endTime: undefined },
    window(940_000, 1_000_000, 10_000_000),
  ],
  [
    'a resumed run keeps its old end, and reads on',
    { terminal: false },
    window(940_000, 1_000_000, 10_000_000),
  ],
  ['an end that is not known', { endTime: undefined }, window(940_000, 1_000_000, 10_000_000)],
  ['an end before the start is none', { endTime: 500_000 }, window(940_000, 1_000_000, 10_000_000)],
  [
    'a clock that is a little ahead',
    { startTime: 10_030_000, terminal: false, endTime: undefined },
    window(9_970_000, 10_030_000, 10_030_000),
  ],
  ['no start time', { startTime: undefined }, { kind: 'unknown', flag: 'no start time', atMs: 2_000_000 }],
  [
    'neither start nor end',
    { startTime: undefined, endTime: undefined },
    { kind: 'unknown', flag: 'no start time', atMs: 10_000_000 },
  ],
  [
    'a start in the future',
    { startTime: 10_060_001, endTime: 10_070_000 },
    { kind: 'unknown', flag: 'start in the future', atMs: 10_000_000 },
  ],
])('when a run may have read: %s', (_what, parts, expected) => {
  const run = runView({ startTime: 1_000_000, endTime: 2_000_000, ...parts });
  expect(windowOf(run, clock)).toEqual(expected);
});

test.each([
  ['that has ended', {}, 'until 1970-01-01T00:33:20.000Z'],
  ['that runs', { terminal: false }, undefined],
  ['whose end is not known', { endTime: undefined }, 'until unknown'],
  ['whose end is no date', { endTime: 1e16, startTime: 1 }, undefined],
  ['whose end is still to come', { endTime: 10_000_001 }, undefined],
])('up to when a run is considered %s', (_what, parts, expected) => {
  expect(readUntil(runView({ startTime: 1_000_000, endTime: 2_000_000, ...parts }), clock.nowMs)).toBe(
    expected,
  );
});
