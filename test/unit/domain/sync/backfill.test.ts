import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseCommits } from '../../../../src/domain/sync/backfill.js';
import { histories } from '../../../support/lakefs/histories.js';

const history = [
  { id: 'root', parents: [], creation_date: 10 },
  { id: 'backdated', parents: ['root'], creation_date: 5 },
  { id: 'side', parents: ['root'], creation_date: 30 },
  { id: 'head', parents: ['backdated'], creation_date: 20 },
];

test.each([
  [{}, ['root', 'backdated', 'side', 'head']],
  [{ since: 20 }, ['side', 'head']],
  [{ limit: 3 }, ['root', 'side', 'head']],
  [{ limit: 1 }, ['side']],
  [{ since: 10, limit: 2 }, ['side', 'head']],
  [{ since: 31 }, []],
])('of a history %j keeps %j, in the order of the history', (choice, kept) => {
  expect(chooseCommits(history, choice).map(({ id }) => id)).toEqual(kept);
});

test('a limit keeps as many as there are, none older than one that is left out', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 80 }), ({ commits }, limit) => {
      const kept = chooseCommits(commits, { limit });
      expect(kept).toHaveLength(Math.min(limit, commits.length));
      const dates = kept.map(({ creation_date = 0 }) => creation_date);
      for (const { id, creation_date = 0 } of commits) {
        if (!kept.some((one) => one.id === id)) expect(creation_date).toBeLessThanOrEqual(Math.min(...dates));
      }
    }),
  );
});
