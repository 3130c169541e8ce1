import { expect, test } from 'vitest';
import type { AddedJob, NewJob } from '../../../src/queue/types.js';
import { createAskForSweep } from '../../../workers/ask-for-sweep.js';

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

test('where the queue cannot take it everyone who asked is told', async () => {
  const { ask } = setUp(async () => undefined, new Error('the queue is down'));
  const asked = await Promise.allSettled([ask(), ask(), ask()]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});
