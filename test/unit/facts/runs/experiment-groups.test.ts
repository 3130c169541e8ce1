import { expect, test } from 'vitest';
import { eachPage, tokenPages } from '../../../../src/facts/common/pages.js';
import { eachGroup, inGroups } from '../../../../src/facts/runs/experiment-groups.js';
import { ApiError } from '../../../../src/mlflow/api-error.js';
import { createSearchScope } from '../../../../src/mlflow/search-scope.js';

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n));

function refuse(status: number, code?: string): ApiError {
  const facts = { name: 'MLflow', method: 'POST', url: 'memory:', status, serverAnswers: true } as const;
  return new ApiError({
    ...facts,
    ...(code === undefined ? {} : { json: { error_code: code, message: '' } }),
  });
}

test('a server that takes 20 of 130 experiments is asked for smaller halves, and for the right size ever after', async () => {
  const searchScope = createSearchScope();
  const asked: number[] = [];
  const read = async (group: readonly string[]): Promise<readonly string[]> => {
    asked.push(group.length);
    if (group.length > 20) throw refuse(413);
    return group;
  };
  const once = await allOf(eachGroup({ searchScope }, ids(130), read));
  expect(once.flat()).toEqual(ids(130));
  expect(asked.slice(0, 4)).toEqual([130, 65, 32, 16]);
  expect(Math.max(...asked.slice(4))).toBeLessThanOrEqual(16);
  asked.length = 0;
  expect((await allOf(eachGroup({ searchScope }, ids(130), read))).flat()).toEqual(ids(130));
  expect(asked).toHaveLength(9);
});

test('one refused experiment among 500 costs at most 20 requests, is reported, and is skipped for a minute', async () => {
  let now = 0;
  const searchScope = createSearchScope(() => now);
  let asked = 0;
  const read = async (group: readonly string[]): Promise<readonly string[]> => {
    asked += 1;
    if (group.includes('321')) throw refuse(403, 'PERMISSION_DENIED');
    return group;
  };
  const look = async (): Promise<{ found: number; told: string[] }> => {
    const told: string[] = [];
    asked = 0;
    const groups = eachGroup({ searchScope }, ids(500), read, (id) => void told.push(id));
    return { found: (await allOf(groups)).flat().length, told };
  };
  expect(await look()).toEqual({ found: 499, told: ['321'] });
  expect(asked).toBeLessThanOrEqual(20);
  expect(await look()).toEqual({ found: 499, told: ['321'] });
  expect(asked).toBe(1);
  now = 60_000;
  await look();
  expect(asked).toBeGreaterThan(1);
});

test('where all there is must be found, a refused experiment is an error; so is a server that takes not even one', async () => {
  const searchScope = createSearchScope();
  for (const error of [refuse(403, 'PERMISSION_DENIED'), refuse(413)]) {
    const groups = eachGroup({ searchScope }, ids(8), () => Promise.reject(error));
    await expect(allOf(groups)).rejects.toBe(error);
  }
  expect(searchScope.width()).toBe(500);
});

test('a listing that is refused halfway starts again in halves', async () => {
  const searchScope = createSearchScope();
  let refused = false;
  const pages = inGroups({ searchScope }, ids(4), (group) =>
    tokenPages(async (token) => {
      if (group.length === 4 && token !== undefined) {
        refused = true;
        throw refuse(413);
      }
      return { items: group, token: token === undefined && group.length === 4 ? 'next' : undefined };
    }),
  );
  const found = (await allOf(eachPage(pages))).flat();
  expect(refused).toBe(true);
  expect(new Set(found)).toEqual(new Set(ids(4)));
});
