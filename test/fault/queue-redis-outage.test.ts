import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createQueues, type OpenQueues } from '../../src/queue/create-queues.js';
import type { NewJob } from '../../src/queue/types.js';
import { idleHandlers, notingHandlers } from '../support/queue/handlers.js';
import { freePort, type Started, waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { startRedis } from '../support/servers/redis.js';
import { silentLog } from '../support/silent-log.js';

const { redis } = realServers();

describe.skipIf(redis === null)('while Redis is away', () => {
  let folder: string;
  let port: number;
  let server: Started | undefined;
  let queues: OpenQueues;
  let warnings: { data: object; message: string }[];
  let added = 0;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'redis-outage-'));
    port = await freePort();
    warnings = [];
  });

  afterEach(async () => {
    await queues.close();
    server?.child.kill('SIGCONT');
    await server?.stop('SIGKILL');
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  async function startQueue(policy = 'noeviction'): Promise<void> {
    const settings = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', policy];
    server = await startRedis({ binary: redis?.binary ?? '', port, folder, settings });
  }

  async function open(): Promise<void> {
    const log = {
      ...silentLog,
      warn: (data: object, message: string) => void warnings.push({ data, message }),
    };
    queues = await createQueues({ queueUrl: `redis://127.0.0.1:${port}`, dataDir: folder, log });
  }

  const job = (): NewJob => ({
    name: 'link-run',
    payload: { v: 1, server: 'default', run: `run-${added++}` },
    cause: 'hook',
  });

  async function expectRefusal(withinMs: number): Promise<void> {
    const from = performance.now();
    await expect(queues.add(job())).rejects.toMatchObject({
      name: 'QueueUnavailableError',
      failure: { kind: 'unavailable' },
    });
    expect(performance.now() - from).toBeLessThan(withinMs);
    expect(await queues.problem()).toContain(`127.0.0.1:${port}`);
  }

  async function expectRecovery(): Promise<void> {
    await waitFor('an add', async () => !(await queues.add(job())).duplicate, 15_000);
    expect(await queues.problem()).toBeUndefined();
  }

  test('adding is refused at once while Redis is down at the start, and works once it is up', async () => {
    await open();
    await expectRefusal(1_000);
    await startQueue();
    await expectRecovery();
  });

  test('adding is refused within a second where Redis hangs at start, and works once it goes on', async () => {
    await startQueue();
    server?.child.kill('SIGSTOP');
    await open();
    await expectRefusal(1_000);
    server?.child.kill('SIGCONT');
    await expectRecovery();
  });

  test('adding is refused within a second after Redis was killed, and works when it is back', async () => {
    await startQueue();
    await open();
    await expectRecovery();
    await server?.stop('SIGKILL');
    await expectRefusal(1_000);
    await startQueue();
    await expectRecovery();
    expect((await queues.counts())['link-run'].waiting).toBe(2);
  });

  test('adding is refused within a second while Redis hangs, at once from then on, and works afterwards', async () => {
    await startQueue();
    await open();
    await expectRecovery();
    server?.child.kill('SIGSTOP');
    await expectRefusal(1_000);
    await expectRefusal(100);
    server?.child.kill('SIGCONT');
    await expectRecovery();
  });

  test('many adds at once are all refused within a second while Redis hangs', async () => {
    await startQueue();
    await open();
    await expectRecovery();
    server?.child.kill('SIGSTOP');
    const from = performance.now();
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => queues.add(job())));
    expect(performance.now() - from).toBeLessThan(1_000);
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  });

  test('workers wait for Redis, then take up the old jobs and the new ones', async () => {
    await startQueue();
    await open();
    await expectRecovery();
    const ran: string[] = [];
    const workers = queues.startWorkers(notingHandlers(ran));
    await waitFor('the first job', () => ran.length === 1);
    await server?.stop('SIGKILL');
    await expectRefusal(1_000);
    // Longer than a worker's blocking read (5 s), which older BullMQ releases did not survive.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    await startQueue();
    await expectRecovery();
    await waitFor('the second job', () => ran.length === 2, 20_000);
    await workers.close(1_000);
  });

  test('workers that started before Redis work once it is up', async () => {
    await open();
    const workers = queues.startWorkers(idleHandlers());
    await startQueue();
    await expectRecovery();
    await waitFor('the job', async () => (await queues.counts())['link-run'].completed === 1, 20_000);
    await workers.close(1_000);
  });

  test.each(['SIGKILL', 'SIGSTOP'] as const)(
    'the process stops in time after %s of Redis',
    async (signal) => {
      await startQueue();
      await open();
      let running = false;
      const handlers = idleHandlers({
        'link-run': (_payload, context) => {
          running = true;
          return new Promise((_resolve, reject) => {
            context.signal.addEventListener('abort', () => reject(new Error('stopped')));
          });
        },
      });
      const workers = queues.startWorkers(handlers);
      await expectRecovery();
      await waitFor('the job', () => running);
      server?.child.kill(signal);
      const from = performance.now();
      await workers.close(200);
      await queues.close();
      expect(performance.now() - from).toBeLessThan(5_000);
    },
  );

  test('a Redis that may throw jobs away is warned of and logged once, and the queue is ready', async () => {
    await startQueue('allkeys-lru');
    await open();
    await waitFor('the warning', () => queues.warnings().length > 0);
    expect(queues.warnings()).toEqual([expect.stringMatching(/maxmemory-policy "allkeys-lru".*noeviction/)]);
    expect(warnings.filter(({ message }) => message.includes('at risk'))).toHaveLength(1);
    expect(await queues.problem()).toBeUndefined();
    expect((await queues.add(job())).duplicate).toBe(false);
  });
});
