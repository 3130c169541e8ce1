import { describe, expect, test } from 'vitest';
import { type Since, searchSince } from '../../../../src/domain/status/bisect.js';

/** Searches a history, newest first, and counts the looks. */
function search(
  history: readonly boolean[],
  limit = 10_000,
  oneByOne?: number,
): Since & { readonly looks: number } {
  const steps = searchSince(limit, oneByOne);
  let looks = 0;
  let step = steps.next();
  while (step.done !== true) {
    looks += 1;
    step = steps.next(history[step.value] === true);
  }
  return { ...step.value, looks };
}

const since = (held: number, before = 5): readonly boolean[] => [
  ...Array<boolean>(held).fill(true),
  ...Array<boolean>(before).fill(false),
];

describe('how long something has held', () => {
  test.each([1, 2, 3, 15, 16, 17, 18, 19, 31, 32, 33, 100, 1_000, 9_999])('%i commits', (held) => {
    expect(search(since(held))).toMatchObject({ count: held, exact: true });
    expect(search(since(held), 10_000, 0)).toMatchObject({ count: held, exact: true });
  });

  test('where the history ends it has held from its beginning', () => {
    expect(search(since(7, 0))).toMatchObject({ count: 7, exact: true });
    expect(search(since(500, 0))).toMatchObject({ count: 500, exact: true });
  });

  test('a history that is longer than the bound is told as such', () => {
    expect(search(since(200), 100)).toMatchObject({ count: 101, exact: false });
    expect(search(since(1), 0)).toMatchObject({ count: 1, exact: false });
  });

  test('costs 16 looks, and then twice the logarithm', () => {
    for (const held of [1, 10, 100, 1_000, 9_000]) {
      const bound = Math.min(held, 16) + 2 * Math.ceil(Math.log2(Math.max(2, held))) + 1;
      expect(search(since(held)).looks).toBeLessThanOrEqual(bound);
    }
  });

  test('what came and went within the newest 16 commits is told apart, whatever the history', () => {
    for (let bits = 0; bits < 2 ** 14; bits += 7) {
      const history = [true, ...Array.from({ length: 14 }, (_, n) => ((bits >> n) & 1) === 1), false];
      expect(search(history).count).toBe(history.indexOf(false));
    }
  });
});
