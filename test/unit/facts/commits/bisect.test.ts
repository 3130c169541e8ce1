import { describe, expect, test } from 'vitest';
import { bisect, type Held } from '../../../../src/facts/commits/bisect.js';

/** Searches a history, newest first, and counts the checks. */
async function search(
  history: readonly boolean[],
  limit = 10_000,
  oneByOne?: number,
): Promise<Held & { readonly checks: number }> {
  let checks = 0;
  const holdsAt = async (index: number): Promise<boolean> => {
    checks += 1;
    return history[index] === true;
  };
  return { ...(await bisect(limit, holdsAt, oneByOne)), checks };
}

const heldFor = (held: number, before = 5): readonly boolean[] => [
  ...Array<boolean>(held).fill(true),
  ...Array<boolean>(before).fill(false),
];

describe('how long something has held', () => {
  test.each([1, 2, 3, 15, 16, 17, 18, 19, 31, 32, 33, 100, 1_000, 9_999])('%i commits', async (held) => {
    expect(await search(heldFor(held))).toMatchObject({ count: held, exact: true });
    expect(await search(heldFor(held), 10_000, 0)).toMatchObject({ count: held, exact: true });
  });

  test('where the history ends it has held from its beginning', async () => {
    expect(await search(heldFor(7, 0))).toMatchObject({ count: 7, exact: true });
    expect(await search(heldFor(500, 0))).toMatchObject({ count: 500, exact: true });
  });

  test('a history that is longer than the bound is reported as such', async () => {
    expect(await search(heldFor(200), 100)).toMatchObject({ count: 101, exact: false });
    expect(await search(heldFor(1), 0)).toMatchObject({ count: 1, exact: false });
  });

  test('costs 16 checks, and then twice the logarithm', async () => {
    for (const held of [1, 10, 100, 1_000, 9_000]) {
      const bound = Math.min(held, 16) + 2 * Math.ceil(Math.log2(Math.max(2, held))) + 1;
      expect((await search(heldFor(held))).checks).toBeLessThanOrEqual(bound);
    }
  });

  test('what came and went within the newest 16 commits is recognised, whatever the history', async () => {
    for (let bits = 0; bits < 2 ** 14; bits += 7) {
      const history = [true, ...Array.from({ length: 14 }, (_, n) => ((bits >> n) & 1) === 1), false];
      expect((await search(history)).count).toBe(history.indexOf(false));
    }
  });
});
