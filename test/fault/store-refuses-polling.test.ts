import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createQueues, type OpenQueues } from '../../src/queue/create-queues.js';
import type { Workers } from '../../src/queue/types.js';
import { postgresBackend } from '../support/queue/backends.js';
import { notingHandlers } from '../support/queue/handlers.js';
import { freePort, type Started, waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { startRedis } from '../support/servers/redis.js';
import { startTcpProxy } from '../support/servers/tcp-proxy.js';
import { startUnawarePooler } from '../support/servers/unaware-pooler.js';
import { silentLog } from '../support/silent-log.js';

const { redis } = realServers();
/** In which four workers would make a hundred thousand looks. */
const watchedMs = 4_000;
/** Four workers, each at once and after 1 and 3 s, and once more for whatever was on its way. */
const mostLooks = 16;

let ran: string[] = [];

describe.skipIf(redis === null)('on Redis', () => {
  let folder: string;
  let servers: Started[];
  let queues: OpenQueues | undefined;
  let workers: Workers | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'looks-redis-'));
    servers = [];
    ran = [];
  });
  afterEach(async () => {
    await workers?.close(100);
    await queues?.close();
    await Promise.all(servers.map((server) => server.stop('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  });

  async function startServer(): Promise<{ readonly port: number; readonly admin: Redis }> {
    const port = await freePort();
    servers.push(await startRedis({ binary: redis?.binary ?? '', port, folder }));
    const admin = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
    admin.on('error', () => undefined);
    return { port, admin };
  }

  async function scripts(admin: Redis): Promise<number> {
    const info = await admin.info('commandstats');
    return [...info.matchAll(/cmdstat_(?:eval|evalsha):calls=(\d+)/g)].reduce(
      (sum, [, calls]) => sum + Number(calls),
      0,
    );
  }

  test('workers that start on a read-only Redis poll at most 24 times in four seconds, and work once it is writable', async () => {
    const { port, admin } = await startServer();
    await admin.replicaof('127.0.0.1', '1');
    await admin.config('RESETSTAT');
    queues = await createQueues({ queueUrl: `redis://127.0.0.1:${port}`, dataDir: folder, log: silentLog });
    workers = queues.startWorkers(notingHandlers(ran));
    await sleep(watchedMs);
    const looks = await scripts(admin);
    await admin.replicaof('NO', 'ONE');
    admin.disconnect();
    // Stalled jobs are looked for as well, once per worker.
    expect(looks).toBeLessThanOrEqual(mostLooks + 8);
    await waitFor('a job', async () => {
      await queues?.add({
        name: 'link-run',
        payload: { v: 1, server: 'default', run: 'r1' },
        cause: 'hook',
      });
      return ran.length > 0;
    });
  });

  test('after a failover behind one address hooks and workers go on, though the old server keeps its connections', async () => {
    const first = await startServer();
    const second = await startServer();
    const proxy = await startTcpProxy(first.port);
    try {
      queues = await createQueues({
        queueUrl: `redis://127.0.0.1:${proxy.port}`,
        dataDir: folder,
        log: silentLog,
      });
      workers = queues.startWorkers(notingHandlers(ran));
      const add = async (run: string) =>
        queues?.add({ name: 'link-run', payload: { v: 1, server: 'default', run }, cause: 'hook' });
      await waitFor('the queue', async () => (await queues?.problem()) === undefined);
      await add('before');
      await waitFor('the first job', () => ran.includes('before'));
      proxy.leadTo(second.port);
      await first.admin.replicaof('127.0.0.1', String(second.port));
      // The very first one: no event is lost to the failover.
      await add('after');
      await waitFor('the second job', () => ran.includes('after'), 20_000);
    } finally {
      await workers?.close(100);
      await queues?.close();
      first.admin.disconnect();
      second.admin.disconnect();
      await proxy.stop();
    }
  });
});

const postgres = postgresBackend();

describe.skipIf(postgres.missing !== undefined)('on PostgreSQL', () => {
  test('workers behind a pooler that drops session settings poll at most four times each in four seconds', async () => {
    await postgres.prepare();
    const { queueUrl, dataDir } = await postgres.fresh();
    const direct = await createQueues({ queueUrl, dataDir, log: silentLog });
    await waitFor('the tables', async () => (await direct.problem()) === undefined);
    await direct.close();
    const address = new URL(queueUrl);
    const pooler = await startUnawarePooler(Number(address.port));
    const admin = new pg.Client({ connectionString: queueUrl });
    await admin.connect();
    // Sessions report what they did at their end, those of the start as well.
    const failed = async (): Promise<number> => {
      await waitFor('the other sessions to end', async () => {
        const { rows } = await admin.query(
          "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
        );
        return Number(rows[0]?.n) === 0;
      });
      await admin.query('SELECT pg_stat_force_next_flush()').catch(() => undefined);
      const { rows } = await admin.query(
        'SELECT xact_rollback AS n FROM pg_stat_database WHERE datname = current_database()',
      );
      return Number(rows[0]?.n);
    };
    const before = await failed();
    address.port = String(pooler.port);
    const queues = await createQueues({ queueUrl: address.href, dataDir, log: silentLog });
    const workers = queues.startWorkers(notingHandlers(ran));
    await sleep(watchedMs);
    await workers.close(100);
    await queues.close();
    const refused = (await failed()) - before;
    await admin.end();
    await pooler.stop();
    await postgres.end();
    expect(refused).toBeGreaterThan(0);
    // Each look is two transactions that fail.
    expect(refused).toBeLessThanOrEqual(2 * mostLooks);
  });
});
