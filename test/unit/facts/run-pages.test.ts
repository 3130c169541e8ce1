import { expect, test } from 'vitest';
import { runPages } from '../../../src/facts/run-pages.js';
import type { MlflowClients } from '../../../src/mlflow/clients.js';

/** The sizes of the pages in which so many runs come, and how the searches asked for them. */
async function pagesOf(runs: number, options: { readonly growing?: boolean }) {
  const asked: number[] = [];
  const mlflow = {
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
