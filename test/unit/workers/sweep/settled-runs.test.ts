import { expect, test } from 'vitest';
import { createSettledRuns } from '../../../../workers/sweep/searches.js';

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
