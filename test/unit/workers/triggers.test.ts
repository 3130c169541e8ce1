import { expect, test } from 'vitest';
import type { AddedJob, NewJob } from '../../../src/queue/types.js';
import { createReconcileMemory, repositoryKey } from '../../../workers/reconcile/pass.js';
import { createAskForSweep, createFirstScan } from '../../../workers/triggers.js';

function setUp(whenFree: () => Promise<void>, problem?: Error) {
  const added: NewJob[] = [];
  const queues = {
    add: async (job: NewJob): Promise<AddedJob> => {
      added.push(job);
      if (problem !== undefined) throw problem;
      return { id: String(added.length), duplicate: false };
    },
  };
  return { ask: createAskForSweep(queues, 'a', whenFree), added };
}

test('one who asks alone is answered at once; those who ask while the server is busy share a sweep', async () => {
  let free = (): void => undefined;
  const { ask, added } = setUp(
    () =>
      new Promise((resolve) => {
        free = resolve;
      }),
  );
  await ask();
  expect(added).toEqual([{ name: 'sweep-runs', payload: { v: 1, server: 'a' }, cause: 'hook' }]);
  const asked = Promise.all([ask(), ask(), ask()]);
  await new Promise(setImmediate);
  expect(added).toHaveLength(1);
  free();
  expect((await asked).map(({ id }) => id)).toEqual(['2', '2', '2']);
});

test('where the queue cannot take the job, everyone who asked gets the error', async () => {
  const { ask } = setUp(async () => undefined, new Error('the queue is down'));
  const asked = await Promise.allSettled([ask(), ask(), ask()]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});

function setUpFirst() {
  const added: NewJob[] = [];
  const memory = createReconcileMemory(86_400_000, () => 0);
  const firstScan = createFirstScan(
    {
      addMany: async (jobs) => {
        added.push(...jobs);
        return jobs.map(() => ({ id: 'x', duplicate: false }));
      },
    },
    memory,
  );
  return { added, memory, firstScan };
}

const boats = { installation: 'default', repository: 'boats' };

test('the first hook of a repository asks for its first check, and no other hook does', async () => {
  const { added, firstScan } = setUpFirst();
  for (let hook = 0; hook < 3; hook += 1) await firstScan(boats);
  expect(added).toEqual([{ name: 'reconcile-repository', payload: { v: 1, ...boats }, cause: 'hook' }]);
});

test('where the repository has been checked no hook asks for a check', async () => {
  const { added, memory, firstScan } = setUpFirst();
  memory.heads.set(repositoryKey(boats), { created: 1, byBranch: new Map() });
  await firstScan(boats);
  expect(added).toEqual([]);
});

test('where the queue did not take it the next hook asks again', async () => {
  const { memory } = setUpFirst();
  let tries = 0;
  const firstScan = createFirstScan(
    {
      addMany: () => {
        tries += 1;
        return Promise.reject(new Error('the queue is down'));
      },
    },
    memory,
  );
  for (let hook = 0; hook < 2; hook += 1) await expect(firstScan(boats)).rejects.toThrow('the queue is down');
  expect(tries).toBe(2);
});
