import { expect, test } from 'vitest';
import type { AddedJob, NewJob } from '../../../src/queue/types.js';
import { createAskForSweep } from '../../../workers/ask-for-sweep.js';

function setUp(problem?: Error) {
  const added: NewJob[] = [];
  const ask = createAskForSweep({
    add: async (job): Promise<AddedJob> => {
      added.push(job);
      if (problem !== undefined) throw problem;
      return { id: String(added.length), duplicate: false };
    },
  });
  return { ask, added };
}

test('one who asks alone is answered at once; those who ask together share a sweep of their server', async () => {
  const { ask, added } = setUp();
  await ask('a');
  expect(added).toEqual([{ name: 'sweep-runs', payload: { v: 1, server: 'a' }, cause: 'hook' }]);
  await Promise.all([ask('a'), ask('a'), ask('b'), ask('a')]);
  const servers = added.slice(1).map(({ payload }) => payload);
  expect(servers.length).toBeLessThanOrEqual(3);
  expect(servers).toContainEqual({ v: 1, server: 'b' });
});

test('where the queue cannot take it everyone who asked is told', async () => {
  const { ask } = setUp(new Error('the queue is down'));
  const asked = await Promise.allSettled([ask('a'), ask('a'), ask('b')]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});
