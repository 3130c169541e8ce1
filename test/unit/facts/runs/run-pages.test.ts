import { expect, test } from 'vitest';
import { runPages } from '../../../../src/facts/runs/run-pages.js';
import { ApiError } from '../../../../src/mlflow/api-error.js';
import type { MlflowClients } from '../../../../src/mlflow/clients.js';
import { createSearchScope } from '../../../../src/mlflow/search-scope.js';

/** The sizes of the pages in which so many runs come, and how the searches asked for them. */
async function pagesOf(runs: number, options: { readonly growing?: boolean }) {
  const asked: number[] = [];
  const mlflow = {
    searchScope: createSearchScope(),
    runs: {
      searchRuns: async (
        _ids: readonly string[],
        _filter: string,
        _view: string,
        limit: number,
        _order: readonly string[],
        token = '0',
      ) => {
        asked.push(limit);
        const start = Number(token);
        const end = Math.min(start + limit, runs);
        const found = Array.from({ length: end - start }, (_, n) => ({ info: { run_id: `r${start + n}` } }));
        return { runs: found, ...(end < runs && { next_page_token: String(end) }) };
      },
    },
  } as unknown as MlflowClients;
  const seen: string[] = [];
  for await (const page of runPages(mlflow, ['1'], '', options))
    seen.push(...page.map(({ info }) => info.run_id));
  return { asked, seen };
}

test.each([
  { runs: 0, growing: false, pages: [500] },
  { runs: 1_200, growing: false, pages: [500, 500, 500] },
  { runs: 25, growing: true, pages: [25] },
  { runs: 26, growing: true, pages: [25, 50] },
  { runs: 1_000, growing: true, pages: [25, 50, 100, 200, 400, 500] },
])('$runs runs come once each, in pages that grow or not: $growing', async ({ runs, growing, pages }) => {
  const { asked, seen } = await pagesOf(runs, { growing });
  expect(asked).toEqual(pages);
  expect(seen).toEqual(Array.from({ length: runs }, (_, n) => `r${n}`));
});

interface Weighed {
  readonly weights: readonly number[];
  /** A page that weighs more is too large, as is a run. */
  readonly limit: number;
  readonly tokens?: 'offsets' | 'opaque';
}

/** Pages over runs of these weights; what was read, what was left out, and how many searches failed. */
async function weighedPages({ weights, limit, tokens = 'offsets' }: Weighed, skips: boolean) {
  const toToken = (offset: number): string =>
    tokens === 'opaque' ? `at-${offset}` : Buffer.from(JSON.stringify({ offset })).toString('base64');
  const toOffset = (token: string | undefined): number => {
    if (token === undefined) return 0;
    if (token.startsWith('at-')) return Number(token.slice(3));
    return JSON.parse(Buffer.from(token, 'base64').toString()).offset;
  };
  const info = (index: number) => ({ run_id: `r${index}` });
  let failed = 0;
  const mlflow = {
    searchScope: createSearchScope(),
    runs: {
      searchRuns: async (...[, , , max, , token]: readonly unknown[]) => {
        const start = toOffset(token as string | undefined);
        const end = Math.min(start + Number(max), weights.length);
        if (weights.slice(start, end).reduce((sum, weight) => sum + weight, 0) > limit) {
          failed += 1;
          throw new ApiError({ name: 'MLflow', method: 'POST', url: 'memory:', code: 'ANSWER_TOO_LARGE' });
        }
        const runs = Array.from({ length: end - start }, (_, n) => ({ info: info(start + n) }));
        return { runs, ...(end < weights.length && { next_page_token: toToken(end) }) };
      },
    },
    firstRunInfo: async ({ token }: { readonly token: string | undefined }) => info(toOffset(token)),
  } as unknown as MlflowClients;
  const left: string[] = [];
  const onTooLarge = skips ? ({ run_id }: { run_id: string }) => void left.push(run_id) : undefined;
  const seen: string[] = [];
  for await (const page of runPages(mlflow, ['1'], '', { onTooLarge }))
    seen.push(...page.map(({ info }) => info.run_id));
  return { seen, left, failed };
}

const some = (count: number, weight: number): number[] => Array.from({ length: count }, () => weight);

test.each(['offsets', 'opaque'] as const)(
  'a page that is too large is halved until it can be read, where tokens are %s',
  async (tokens) => {
    const weights = [...some(600, 0), ...some(40, 30), ...some(600, 0)];
    const { seen, failed } = await weighedPages({ weights, limit: 100, tokens }, true);
    expect(seen).toEqual(weights.map((_, n) => `r${n}`));
    expect(failed).toBeLessThan(20);
  },
);

test.each([0, 3, 1_199])('run %i, which is too large by itself, is left out by its name', async (place) => {
  const weights = some(1_200, 0).with(place, 101);
  const { seen, left } = await weighedPages({ weights, limit: 100 }, true);
  expect(seen).toEqual(weights.flatMap((_, n) => (n === place ? [] : [`r${n}`])));
  expect(left).toEqual([`r${place}`]);
});

test('a search that has to find all there is fails at a run that is too large', async () => {
  await expect(weighedPages({ weights: [0, 101], limit: 100 }, false)).rejects.toThrow('too large');
});

const silent = { code: 'ETIMEDOUT', timeoutMs: 30_000 } as const;

/** A server that fails at pages of more than so many runs. */
function slowServer(
  most: number,
  serverAnswers: boolean,
  how: { code: string } | { status: number } = silent,
) {
  const asked: number[] = [];
  const mlflow = {
    searchScope: createSearchScope(),
    runs: {
      searchRuns: async (...[, , , max]: readonly unknown[]) => {
        asked.push(Number(max));
        if (Number(max) <= most) return { runs: [{ info: { run_id: 'r0' } }] };
        throw new ApiError({ name: 'MLflow', method: 'POST', url: 'memory:', ...how, serverAnswers });
      },
    },
  } as unknown as MlflowClients;
  const read = async (): Promise<number> => {
    let count = 0;
    for await (const page of runPages(mlflow, ['1'], '')) count += page.length;
    return count;
  };
  return { asked, read };
}

test('a page that does not come in time is asked for with an eighth of its runs, where MLflow answers others', async () => {
  const { asked, read } = slowServer(10, true);
  expect(await read()).toBe(1);
  expect(asked).toEqual([500, 62, 7]);
});

test.each([500, 502, 504])(
  'a page that ends in %i is asked for with an eighth of its runs, where MLflow answers others',
  async (status) => {
    const { asked, read } = slowServer(10, true, { status });
    expect(await read()).toBe(1);
    expect(asked).toEqual([500, 62, 7]);
    const down = slowServer(10, false, { status });
    await expect(down.read()).rejects.toThrow(String(status));
    expect(down.asked).toEqual([500]);
  },
);

test('a single run that does not come in time ends the search after three smaller pages', async () => {
  const { asked, read } = slowServer(0, true);
  await expect(read()).rejects.toThrow('within 30000 ms');
  expect(asked).toEqual([500, 62, 7, 1]);
});

test('where MLflow answers nothing a page that does not come in time is asked for once', async () => {
  const { asked, read } = slowServer(10, false);
  await expect(read()).rejects.toThrow('within 30000 ms');
  expect(asked).toEqual([500]);
});
