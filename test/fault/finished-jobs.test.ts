import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createQueues, type OpenQueues } from '../../src/queue/create-queues.js';
import type { NewJob } from '../../src/queue/types.js';
import { embeddedBackend, postgresBackend, redisBackend } from '../support/queue/backends.js';
import { idleHandlers } from '../support/queue/handlers.js';
import { waitFor } from '../support/servers/process.js';

/** The table keeps 500 finished sweeps at most. */
const sweeps = 560;

describe.each([redisBackend(), embeddedBackend(), postgresBackend()])('on $name', (backend) => {
  let queues: OpenQueues | undefined;

  beforeAll(() => backend.prepare());
  afterAll(() => backend.end());
  afterEach(async () => {
    vi.useRealTimers();
    await queues?.close();
  });

  test.skipIf(backend.missing !== undefined)(
    'of 560 finished sweeps the newest 500 are kept, a minute later at most',
    async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      queues = await createQueues(await backend.fresh());
      const { addMany, counts, problem, startWorkers, bullQueues } = queues;
      await waitFor('the queue', async () => (await problem()) === undefined);
      const workers = startWorkers(idleHandlers(), { concurrency: { 'sweep-runs': 8 } });
      const jobs = Array.from({ length: sweeps }, (_, index): NewJob => {
        return { name: 'sweep-runs', payload: { v: 1, server: `server-${index}` }, cause: 'sweep' };
      });
      for (let at = 0; at < sweeps; at += 80) await addMany(jobs.slice(at, at + 80));
      await waitFor('the sweeps', async () => {
        const now = (await counts())['sweep-runs'];
        return now.waiting + now.active === 0;
      });
      vi.advanceTimersByTime(60_000);
      await waitFor('the limit', async () => (await counts())['sweep-runs'].completed <= 500, 10_000);
      expect((await counts())['sweep-runs'].completed).toBeGreaterThan(490);
      const queue = bullQueues().find(({ name }) => name === 'sweep-runs');
      const [newest] = (await queue?.getCompleted(0, 0)) ?? [];
      expect(newest).toBeDefined();
      await workers.close(1_000);
    },
  );
});
