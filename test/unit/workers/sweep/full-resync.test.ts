import { expect, test } from 'vitest';
import { inTurn, type Pages, tokenPages } from '../../../../src/facts/common/pages.js';
import { createResync } from '../../../../workers/sweep/full-resync.js';

const hour = 3_600_000;

/** A lap over these pages; what `trouble` throws for a page is thrown as it is read, or as it is handled. */
function setUp(
  pages: readonly (readonly number[])[],
  trouble: { reading?: (first: number) => void; handling?: (first: number) => void } = {},
) {
  let time = 0;
  const said: string[] = [];
  const begin = (): Pages<number> =>
    inTurn(
      pages.map(
        (items) => () =>
          tokenPages(async () => {
            trouble.reading?.(items[0] ?? 0);
            return { items, token: undefined };
          }),
      ),
    );
  const lap = createResync(begin, hour, () => time);
  return {
    said,
    pass: (ms: number) => {
      time += ms;
    },
    /** What the step has handled. */
    next: async () => {
      const handled: number[] = [];
      await lap.step(
        async (page) => {
          trouble.handling?.(page[0] ?? 0);
          handled.push(...page);
        },
        async (text) => {
          said.push(text);
        },
      );
      return handled;
    },
  };
}

/** Throws for the page that begins with 2, so many times. */
function failing(times: number) {
  let left = times;
  return (first: number) => {
    if (first !== 2 || left === 0) return;
    left -= 1;
    throw new Error('MLflow is down');
  };
}

test('it goes over all pages, then rests until the next full resync is due', async () => {
  const { next, pass } = setUp([[1, 2], [3]]);
  expect([await next(), await next(), await next(), await next()]).toEqual([[1, 2], [3], [], []]);
  pass(hour - 1);
  expect(await next()).toEqual([]);
  pass(1);
  expect(await next()).toEqual([1, 2]);
});

test('a full resync that takes longer than the interval is followed by the next at once', async () => {
  const { next, pass } = setUp([[1, 2], [3]]);
  await next();
  pass(2 * hour);
  expect(await next()).toEqual([3]);
  expect(await next()).toEqual([]);
  expect(await next()).toEqual([1, 2]);
});

test.each(['reading', 'handling'])('a full resync keeps its place where %s a page failed', async (what) => {
  const { next } = setUp([[1], [2], [3]], { [what]: failing(2) });
  expect(await next()).toEqual([1]);
  await expect(next()).rejects.toThrow('MLflow is down');
  await expect(next()).rejects.toThrow('MLflow is down');
  expect([await next(), await next(), await next()]).toEqual([[2], [3], []]);
});

test('a page that could not be handled three times is left out, which is said', async () => {
  const { next, said } = setUp([[1], [2], [3]], { handling: failing(100) });
  expect(await next()).toEqual([1]);
  for (let n = 0; n < 3; n += 1) await expect(next()).rejects.toThrow('MLflow is down');
  expect(said).toEqual([expect.stringContaining('skipping a page')]);
  expect([await next(), await next()]).toEqual([[3], []]);
});

test('a full resync starts over where a page could not be read ten times, and says so', async () => {
  const { next, said } = setUp([[1], [2]], { reading: failing(10) });
  expect(await next()).toEqual([1]);
  for (let n = 0; n < 10; n += 1) await expect(next()).rejects.toThrow('MLflow is down');
  expect(said).toEqual([expect.stringContaining('restarting the full resync')]);
  expect([await next(), await next(), await next()]).toEqual([[1], [2], []]);
});
