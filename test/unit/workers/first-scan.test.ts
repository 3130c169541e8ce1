import { expect, test } from 'vitest';
import type { NewJob } from '../../../src/queue/types.js';
import { createFirstLook } from '../../../workers/first-scan.js';
import { createReconcileMemory, repositoryKey } from '../../../workers/reconcile-memory.js';

function setUp() {
  const added: NewJob[] = [];
  const memory = createReconcileMemory(86_400_000, () => 0);
  const firstLook = createFirstLook(
    {
      addMany: async (jobs) => {
        added.push(...jobs);
        return jobs.map(() => ({ id: 'x', duplicate: false }));
      },
    },
    memory,
  );
  return { added, memory, firstLook };
}

const boats = { installation: 'default', repository: 'boats' };

test('the first hook of a repository asks for its first look, and no other hook does', async () => {
  const { added, firstLook } = setUp();
  for (let hook = 0; hook < 3; hook += 1) await firstLook(boats);
  expect(added).toEqual([{ name: 'reconcile-repository', payload: { v: 1, ...boats }, cause: 'hook' }]);
});

test('where the repository has been looked at no hook asks for a look', async () => {
  const { added, memory, firstLook } = setUp();
  memory.heads.set(repositoryKey(boats), { created: 1, byBranch: new Map() });
  await firstLook(boats);
  expect(added).toEqual([]);
});

test('where the queue did not take it the next hook asks again', async () => {
  const { memory } = setUp();
  let tries = 0;
  const firstLook = createFirstLook(
    {
      addMany: () => {
        tries += 1;
        return Promise.reject(new Error('the queue is down'));
      },
    },
    memory,
  );
  for (let hook = 0; hook < 2; hook += 1) await expect(firstLook(boats)).rejects.toThrow('the queue is down');
  expect(tries).toBe(2);
});
