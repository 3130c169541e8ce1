import { describe, expect, test } from 'vitest';
import { coverageBlocks, shortText } from '../../../../src/queries/coverage/blocks.js';
import type { CoverageJudgement } from '../../../../src/queries/coverage/schema.js';
import { createCoverageTally, missingFor, percentOf } from '../../../../src/queries/coverage/tally.js';
import type { CoverageCause, CoverageWord } from '../../../../src/queries/coverage/words.js';

const scope = {
  kind: 'experiment' as const,
  name: 'training',
  page: null,
  experiments: 1,
  since: null,
  limit: null,
  unreadExperiments: [],
};

function judged(word: CoverageWord, cause?: CoverageCause): CoverageJudgement {
  return { word, covered: cause === undefined, cause, detail: 'because', hint: undefined, beside: false };
}

function tallied(counts: readonly (readonly [number, CoverageJudgement])[], min?: number) {
  const tally = createCoverageTally();
  let id = 0;
  for (const [runs, judgement] of counts) {
    for (let n = 0; n < runs; n += 1) {
      tally.add({ run: `r${id++}`, name: 'boats', page: null, running: false }, judgement);
    }
  }
  return tally.result(scope, min);
}

const counts = [
  [301, judged('exact')],
  [40, judged('declared')],
  [38, judged('inferred', 'moving-branch')],
  [6, judged('ambiguous', 'uncommitted-read')],
  [20, judged('nothing', 'code-source')],
  [7, judged('nothing', 'no-dataset')],
] as const;
const issue = tallied(counts);

describe('the figures', () => {
  test('add up to all runs, with one group for each reason', () => {
    expect(issue).toMatchObject({
      ...{ runs: 412, covered: 341, percent: 82.7, min: null },
      evidence: { declared: 40, exact: 301, likely: 0, inferred: 38, ambiguous: 6, nothing: 27, unknown: 0 },
    });
    expect(issue.groups.map(({ cause, runs }) => [cause, runs])).toEqual([
      ['moving-branch', 38],
      ['code-source', 20],
      ['no-dataset', 7],
      ['uncommitted-read', 6],
    ]);
    expect(issue.groups.every(({ examples }) => examples.length === 3)).toBe(true);
  });

  test('people read them in one line, strongest evidence first', () => {
    expect(coverageBlocks(issue)[1]).toEqual({
      kind: 'text',
      text: '412 runs: 40 declared, 301 exact, 38 inferred, 6 ambiguous, 27 nothing known',
    });
  });

  test('a run that could not be judged is in the denominator, and does not count as covered', () => {
    const unknown = tallied([
      [3, judged('exact')],
      [1, judged('unknown', 'unreadable')],
    ]);
    expect(unknown).toMatchObject({ runs: 4, covered: 3 });
    expect(percentOf(unknown)).toBe(75);
  });

  test.each([
    [412, 341, 95, 51],
    [412, 392, 95, 0],
    [412, 391, 95, 1],
    [1000, 999, 100, 1],
    [3, 2, 66.667, 1],
    [3, 2, 66.6, 0],
    [10_000, 9_996, 99.96, 0],
    [5, 0, 0, 0],
    [0, 0, 100, 0],
  ])('of %i runs %i are covered: for %d %% are missing %i', (runs, covered, min, missing) => {
    expect(missingFor(min, { runs, covered })).toBe(missing);
  });

  test('a percentage is never rounded up', () => {
    expect(percentOf({ runs: 100_000, covered: 99_999 })).toBe(99.9);
    expect(percentOf({ runs: 0, covered: 0 })).toBeUndefined();
  });

  test('what is missing is said in one line', () => {
    expect(shortText(tallied(counts, 95))).toBe('341 of 412 runs covered (82.7 %); 95 % needs 51 more');
    expect(shortText(tallied(counts, 82.7))).toBeUndefined();
    expect(shortText(issue)).toBeUndefined();
  });

  test('no runs: nothing to cover, which is no failure', () => {
    const none = tallied([], 95);
    expect(coverageBlocks(none).at(-1)).toEqual({ kind: 'text', text: 'There are no runs.' });
    expect(none).toMatchObject({ percent: null, min: { met: true, missing: 0 } });
  });

  test('what is kept does not grow with the number of runs', () => {
    const many = tallied([[20_000, judged('nothing', 'no-dataset')]]);
    expect(many.groups).toHaveLength(1);
    expect(many.groups[0]?.examples).toHaveLength(3);
  });
});
