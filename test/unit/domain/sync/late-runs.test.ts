import { describe, expect, test } from 'vitest';
import { creditAfter, type SeenRun, seenRun, windowsOf } from '../../../../src/domain/sync/late-runs.js';

function seen(id: string, startedAt: number): SeenRun {
  return { id, startedAt, firstSeenAt: 0, lastSeenAt: 0, dueAt: 0 };
}

describe('a run that was seen', () => {
  const run = { id: 'r', startTime: 5, terminal: true };

  test('and has ended is never due', () => {
    expect(seenRun(run, undefined, 100).dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('and goes on is due at once, and later after as long as it has been watched', () => {
    const first = seenRun({ ...run, terminal: false }, undefined, 100);
    expect(first.dueAt).toBe(100);
    const later = seenRun({ ...run, terminal: false }, first, 160);
    expect(later).toMatchObject({ firstSeenAt: 100, lastSeenAt: 160, dueAt: 220 });
  });

  test('and has no start counts as the oldest', () => {
    expect(seenRun({ ...run, startTime: undefined }, undefined, 100).startedAt).toBe(0);
  });
});

describe('the windows', () => {
  const told = (starts: readonly number[], until: number) =>
    windowsOf(
      starts.map((start, n) => seen(`r${n}`, start)),
      until,
      2,
    ).map(({ from, to, runs }) => [from, to, runs.map(({ id }) => id)]);

  test('hold the given number of runs each, leave no gap, and end at the given limit', () => {
    expect(told([30, 10, 20, 40, 50], 45)).toEqual([
      [undefined, 30, ['r1', 'r2']],
      [30, 45, ['r0', 'r3']],
    ]);
  });

  test('keep those together that started in the same millisecond', () => {
    expect(told([0, 0, 0, 7], 100)).toEqual([
      [undefined, 7, ['r0', 'r1', 'r2']],
      [7, 100, ['r3']],
    ]);
  });

  test('are one where nothing was seen', () => {
    expect(told([], 100)).toEqual([[undefined, 100, []]]);
  });
});

test.each([
  [0, 100_000, 1_000],
  [-500, 30_000, -200],
  [0, 10_000_000, 3_000],
])('with %i ms left a rest of %i ms gives %i ms', (credit, rested, after) => {
  expect(creditAfter(credit, rested)).toBe(after);
});
