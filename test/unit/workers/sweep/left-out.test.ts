import { expect, test } from 'vitest';
import type { RunInfo } from '../../../../src/mlflow/types.js';
import {
  createSettledRuns,
  createUnreadableRuns,
  describeUnreadable,
} from '../../../../workers/sweep/left-out.js';

function runInfo(id: string): RunInfo {
  return { run_id: id, experiment_id: '7', status: 'FINISHED', lifecycle_stage: 'active' };
}

function setUp() {
  const lines: object[] = [];
  let time = 0;
  const nothing = (): void => undefined;
  const warn = (data: object): void => void lines.push(data);
  const log = { debug: nothing, info: nothing, error: nothing, warn };
  const large = createUnreadableRuns('default', log, () => time);
  const wait = (ms: number): void => {
    time += ms;
  };
  const news = () => {
    const { givenUp, failing } = large.takeUnread();
    return { givenUp: givenUp.map(({ run_id }) => run_id), failing: failing.map(({ run_id }) => run_id) };
  };
  return { large, lines, wait, news };
}

test('a run that is too large is named in the log, once in the next job, and left out from then on', () => {
  const { large, lines, news } = setUp();
  large.onTooLarge(runInfo('huge'));
  expect(lines).toEqual([{ server: 'default', run: 'huge', experiment: '7' }]);
  expect(news()).toEqual({ givenUp: ['huge'], failing: [] });
  expect(news()).toEqual({ givenUp: [], failing: [] });
  expect(large.ids()).toEqual(['huge']);
});

test('a run at which MLflow fails is given up and named in the log at the third time within an hour', () => {
  const { large, lines, wait, news } = setUp();
  for (const minute of [0, 20]) {
    wait(minute * 60_000);
    large.onFailing(runInfo('broken'));
    expect(news()).toEqual({ givenUp: [], failing: ['broken'] });
  }
  expect(large.ids()).toEqual([]);
  expect(lines).toEqual([]);
  large.onFailing(runInfo('broken'));
  expect(news()).toEqual({ givenUp: ['broken'], failing: [] });
  expect(large.ids()).toEqual(['broken']);
  expect(lines).toEqual([{ server: 'default', run: 'broken', experiment: '7' }]);
});

test('failures of a run that are more than an hour apart do not add up', () => {
  const { large, wait } = setUp();
  for (let turn = 0; turn < 5; turn += 1) {
    large.onFailing(runInfo('unlucky'));
    wait(61 * 60_000);
  }
  expect(large.ids()).toEqual([]);
});

test('the log of a job names 20 of them and counts the rest', () => {
  const text = describeUnreadable(Array.from({ length: 23 }, (_, n) => runInfo(`r${n}`)));
  expect(text).toContain('r19 (experiment 7)\nand 3 more');
});

const run = (id: string, startTime: number | undefined, endTime: number | undefined, terminal = true) => ({
  ...{ id, startTime, endTime, terminal },
});

test('runs that have ended are remembered by their start, or by their end where they started before', () => {
  const settled = createSettledRuns({ has: () => false });
  settled.add(run('old', 10, 20));
  settled.add(run('long', 10, 120));
  settled.add(run('new', 100, 120));
  settled.add(run('still running', 100, undefined, false));
  settled.add(run('without times', undefined, undefined));
  expect(settled.startedSince(100)).toEqual(['new']);
  expect(settled.endedSince(100)).toEqual(['long']);
});

test('the last thousand are remembered, one that is settled again counts as new', () => {
  const settled = createSettledRuns({ has: () => false });
  for (let n = 0; n < 1_000; n += 1) settled.add(run(`r${n}`, 100, 120));
  settled.add(run('r0', 100, 130));
  settled.add(run('r1000', 100, 120));
  const ids = settled.startedSince(0);
  expect(ids).toHaveLength(1_000);
  expect(ids).toContain('r0');
  expect(ids).not.toContain('r1');
});
