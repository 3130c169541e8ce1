import { expect, test } from 'vitest';
import { lateStartOf } from '../../../../src/domain/links/run-window.js';
import { runView } from '../../../support/runs/run-views.js';

const startTime = Date.parse('2026-11-30T20:27:49.259Z');
const day = 24 * 3_600_000;
const utc = (text: string): number => Date.parse(text);
/** As Optuna 5.0.0 was seen to write them in Tokyo, ten seconds before MLflow began the run. */
const tokyo = {
  number: '0',
  datetime_start: '2026-12-01 05:27:36.303824',
  datetime_complete: '2026-12-01 05:27:37.919079',
};

test.each<[string, Record<string, string>, number, number]>([
  ['in Tokyo', tokyo, utc('2026-11-30T20:27:36.303Z'), 0],
  ['as a later one', { ...tokyo, number: '12' }, utc('2026-11-30T20:27:36.303Z'), day],
  [
    'in Kathmandu, for three hours, without fractions of seconds',
    { number: '0', datetime_start: '2026-11-30 23:12:40', datetime_complete: '2026-12-01 02:12:40' },
    utc('2026-11-30T17:27:40.000Z'),
    0,
  ],
  ['without an end', { ...tokyo, datetime_complete: 'None' }, startTime, day],
  ['that ended before it began', { ...tokyo, datetime_start: '2026-12-01 06:00:00' }, startTime, day],
  ['whose times are words', { ...tokyo, datetime_start: 'x'.repeat(100_000) }, startTime, day],
])('a trial of Optuna %s', (_what, tags, startMs, lookBackMs) => {
  expect(lateStartOf(runView({ startTime, tags }))).toEqual({ startMs, lookBackMs });
});

test('a run that logs epochs may have loaded its data up to a day before it began', () => {
  expect(lateStartOf(runView({ startTime, logsEpochs: true }))).toEqual({
    startMs: startTime,
    lookBackMs: day,
  });
});

test.each([
  ['says nothing of this', runView({ startTime })],
  ['has no start time', runView({ startTime: undefined, logsEpochs: true, tags: tokyo })],
  ['has a number of its own only', runView({ startTime, tags: { number: '3' } })],
])('a run that %s begins when it says', (_what, run) => {
  expect(lateStartOf(run)).toBeUndefined();
});
