import { expect, test } from 'vitest';
import { newestRuns } from '../../../../src/facts/runs/newest-runs.js';
import { ApiError } from '../../../../src/mlflow/api-error.js';
import type { MlflowClients } from '../../../../src/mlflow/clients.js';
import { createSearchScope } from '../../../../src/mlflow/search-scope.js';

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Run n is in experiment n % 40 and began at n. The server takes at most `most` experiments in a search. */
function serverOf(runs: number, most: number): MlflowClients {
  return {
    searchScope: createSearchScope(),
    runs: {
      searchRuns: async (...[ids, , , max, , token = '0']: readonly unknown[]) => {
        const experiments = ids as readonly string[];
        if (experiments.length > most)
          throw new ApiError({ name: 'MLflow', method: 'POST', url: 'memory:', status: 413 });
        const all = Array.from({ length: runs }, (_, n) => runs - 1 - n)
          .filter((n) => experiments.includes(String(n % 40)))
          .map((n) => ({ info: { run_id: `r${n}`, start_time: n }, data: {} }));
        const end = Number(token) + Number(max);
        const more = end < all.length ? { next_page_token: String(end) } : {};
        return { runs: all.slice(Number(token), end), ...more };
      },
    },
  } as unknown as MlflowClients;
}

test.each([500, 7, 1])(
  'the newest 600 of 2,000 runs in 40 experiments are the newest of all, where a search may name %i experiments',
  async (most) => {
    const experiments = Array.from({ length: 40 }, (_, n) => String(n));
    const unread = { onTooLarge: () => undefined, onRefused: () => undefined };
    const pages = newestRuns(serverOf(2_000, most), experiments, '', { limit: 600, ...unread });
    const found = (await allOf(pages)).flat().map(({ info }) => info.run_id);
    expect(found).toEqual(Array.from({ length: 600 }, (_, n) => `r${1_999 - n}`));
  },
);
