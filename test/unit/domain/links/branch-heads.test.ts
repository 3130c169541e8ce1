import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Head, headsDuring, readingBack } from '../../../../src/domain/links/branch-heads.js';

/** A branch of as many commits as there are dates, oldest first; ids are their places. */
function logOf(dates: readonly number[]): readonly Head[] {
  return dates
    .map(
      (seconds, at): Head => ({
        id: String(at),
        parents: at === 0 ? [] : [String(at - 1)],
        seconds,
        plain: true,
      }),
    )
    .reverse();
}

/** What is read of a log, as the reading side does. */
function heads(dates: readonly number[], window: { from: number; start: number; to: number }) {
  const [fromMs, startMs, toMs] = [window.from, window.start, window.to].map((time) => time * 1_000);
  const more = readingBack(fromMs!);
  const log: Head[] = [];
  for (const head of logOf(dates)) {
    log.push(head);
    if (!more(head)) break;
  }
  return headsDuring(log, { fromMs: fromMs!, startMs: startMs!, toMs: toMs! });
}

function told(found: ReturnType<typeof heads>) {
  if (found.kind === 'none') return 'none';
  const { atStart, next, doubtful } = found;
  return { heads: found.heads.map(({ id }) => id), atStart: atStart.id, next: next?.id, doubtful };
}

describe('the heads of a branch during a run', () => {
  const window = { from: 30, start: 40, to: 60 };

  test.each([
    [
      'nothing happens in it',
      [1, 10, 20, 70, 80],
      { heads: ['2'], atStart: '2', next: '3', doubtful: false },
    ],
    ['nothing comes after it', [1, 10, 20], { heads: ['2'], atStart: '2', next: undefined, doubtful: false }],
    [
      'commits come before and after the start',
      [1, 35, 50, 70],
      { heads: ['0', '1', '2'], atStart: '1', next: '3', doubtful: false },
    ],
    [
      'the branch begins in it',
      [35, 50],
      { heads: ['0', '1'], atStart: '0', next: undefined, doubtful: false },
    ],
    ['the branch begins after it', [61, 80], 'none'],
    [
      'a commit of the second in which it begins counts',
      [1, 29, 30],
      { heads: ['1', '2'], atStart: '2', next: undefined, doubtful: false },
    ],
    [
      'a commit of the second in which it ends counts',
      [1, 60],
      { heads: ['0', '1'], atStart: '0', next: undefined, doubtful: false },
    ],
    [
      'a later commit is dated back',
      [1, 10, 70, 20],
      { heads: ['3'], atStart: '3', next: undefined, doubtful: true },
    ],
    [
      'an older commit is dated ahead',
      [1, 99, 20, 70],
      { heads: ['2'], atStart: '2', next: '3', doubtful: true },
    ],
    [
      'dates in it contradict the order',
      [1, 50, 35, 70],
      { heads: ['0', '1', '2'], atStart: '2', next: '3', doubtful: true },
    ],
  ])('where %s', (_what, dates, expected) => {
    expect(told(heads(dates, window))).toEqual(expected);
  });

  test('a log is read no further than a hundred commits before the window', () => {
    const dates = Array.from({ length: 5_000 }, (_, at) => at);
    const more = readingBack(4_000_000);
    const read = logOf(dates).findIndex((head) => !more(head)) + 1;
    expect(read).toBe(5_000 - 4_000 + 1 + 100);
  });

  test('a history that is too long to be read is doubtful', () => {
    const dates = Array.from({ length: 10_050 }, (_, at) => 100 + at);
    expect(told(heads(dates, { from: 50, start: 60, to: 20_000 }))).toMatchObject({ doubtful: true });
  });
});

/** A history of up to 60 commits with rising dates, the same with its dates mixed up, and a run. */
const shuffledHistory = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 60 }),
    fc.integer({ min: 0, max: 1_000 }),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 0, max: 200 }),
  )
  .chain(([dates, start, margin, length]) => {
    const sorted = [...dates].sort((a, b) => a - b);
    const window = { from: start - margin, start, to: start + length };
    return fc.tuple(
      fc.constant(sorted),
      fc.shuffledSubarray(sorted, { minLength: sorted.length, maxLength: sorted.length }),
      fc.constant(window),
    );
  });

test('dates in any order change nothing, or make the answer doubtful', () => {
  fc.assert(
    fc.property(shuffledHistory, ([sorted, shuffled, window]) => {
      const truth = told(heads(sorted, window));
      const found = told(heads(shuffled, window));
      if (typeof found === 'object' && found.doubtful) return;
      expect(found).toEqual(truth);
    }),
    { numRuns: 2_000 },
  );
});
