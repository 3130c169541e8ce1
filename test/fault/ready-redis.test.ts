import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createQueues, type OpenQueues } from '../../src/queue/create-queues.js';
import { idleHandlers } from '../support/queue/handlers.js';
import { readinessOf } from '../support/queue/readiness.js';
import { freePort, type Started, start, waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { startRedis } from '../support/servers/redis.js';
import { startServe } from '../support/service/service.js';
import { silentLog } from '../support/silent-log.js';

const { redis } = realServers();

describe.skipIf(redis === null)('ready means that an event sent now would be stored by Redis:', () => {
  let folder: string;
  let port: number;
  let servers: Started[];
  let admin: Redis;
  let queues: OpenQueues | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ready-redis-'));
    port = await freePort();
    servers = [];
  });

  afterEach(async () => {
    await queues?.close();
    queues = undefined;
    admin?.disconnect();
    await Promise.all(servers.map((server) => server.stop('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  });

  async function startServer(settings: readonly string[] = [], on = port): Promise<Redis> {
    servers.push(await startRedis({ binary: redis?.binary ?? '', port: on, folder, settings }));
    const client = new Redis(on, '127.0.0.1', { retryStrategy: () => 50 });
    client.on('error', () => undefined);
    return client;
  }

  async function open(url = `redis://127.0.0.1:${port}`): Promise<OpenQueues> {
    queues = await createQueues({ queueUrl: url, dataDir: folder, log: silentLog });
    return queues;
  }

  const { expectRefusal, expectService } = readinessOf(() => queues);

  test('no more than 40 bytes of memory are left, and then enough', async () => {
    admin = await startServer();
    await open();
    await expectService();
    await admin.config('SET', 'maxmemory', '40');
    await expectRefusal(/its memory is full: raise maxmemory.*OOM/);
    await admin.config('SET', 'maxmemory', '0');
    await expectService();
  });

  test('it was demoted to a read-only replica, and is made the primary again', async () => {
    admin = await startServer();
    await open();
    await expectService();
    await admin.replicaof('127.0.0.1', '1');
    await expectRefusal(/it is a read-only replica: give the address of the primary/);
    await admin.replicaof('NO', 'ONE');
    await expectService();
  });

  test('it waits for replicas that are away', async () => {
    admin = await startServer(['--min-replicas-to-write', '1']);
    await open();
    await expectRefusal(/accepts no writes at the moment.*NOREPLICAS/);
    await admin.config('SET', 'min-replicas-to-write', '0');
    await expectService();
  });

  test('it wants another password, and then this one', async () => {
    admin = await startServer();
    await admin.config('SET', 'requirepass', 'right');
    await open(`redis://:wrong@127.0.0.1:${port}`);
    await expectRefusal(/refuses the login: check the user and the password/);
    await admin.auth('right');
    await admin.config('SET', 'requirepass', 'wrong');
    await expectService();
  });

  test('its user may not write the keys of the queue', async () => {
    admin = await startServer();
    await admin.acl('SETUSER', 'reader', 'on', '>word', '~other:*', '+@all');
    await open(`redis://reader:word@127.0.0.1:${port}`);
    await expectRefusal(/its user lacks a right.*NOPERM/);
    await admin.acl('SETUSER', 'reader', '~{lakefs-mlflow}:*');
    await expectService();
  });

  test('its user may not ask for its version', async () => {
    admin = await startServer();
    await admin.acl('SETUSER', 'reader', 'on', '>word', '~*', '+@all', '-info');
    await open(`redis://reader:word@127.0.0.1:${port}`);
    await expectRefusal(/its user lacks a right.*NOPERM.*info/);
  });

  test('it does not have database 99, and database 0 stays empty', async () => {
    admin = await startServer();
    await open(`redis://127.0.0.1:${port}/99`);
    const workers = queues?.startWorkers(idleHandlers());
    await expectRefusal(/does not have the database in QUEUE_URL.*DB index is out of range/);
    expect(await admin.dbsize()).toBe(0);
    await workers?.close(100);
  });

  test('it is a node of a cluster, and the keys belong to the other node', async () => {
    const otherPort = await freePort();
    const cluster = (name: string) => ['--cluster-enabled', 'yes', '--cluster-config-file', `${name}.conf`];
    admin = await startServer(cluster('one'));
    const other = await startServer(cluster('other'), otherPort);
    try {
      await admin.cluster('ADDSLOTSRANGE', 0, 8_191);
      await other.cluster('ADDSLOTSRANGE', 8_192, 16_383);
      await other.cluster('MEET', '127.0.0.1', port);
      const isWhole = async (node: Redis) => (await node.cluster('INFO')).includes('cluster_state:ok');
      await waitFor('the cluster', async () => (await isWhole(admin)) && (await isWhole(other)));
      const isOnOther = (await admin.cluster('KEYSLOT', '{lakefs-mlflow}:probe')) > 8_191;
      await open(`redis://127.0.0.1:${isOnOther ? port : otherPort}`);
      await expectRefusal(/it is a node of a Redis Cluster.*MOVED/);
    } finally {
      other.disconnect();
    }
  });

  test('its address is that of a sentinel', async () => {
    const file = join(folder, 'sentinel.conf');
    writeFileSync(file, `port ${port}\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 1 1\n`);
    const sentinel = start(redis?.binary ?? '', [file, '--sentinel']);
    servers.push(sentinel);
    await waitFor('the sentinel', () => sentinel.output().includes('Sentinel ID is'));
    await open();
    await expectRefusal(/if this is the address of a Sentinel, give that of the primary/);
  });

  test('asking a hundred times leaves nothing behind and writes once a second at most', async () => {
    admin = await startServer();
    await open();
    await waitFor('readiness', async () => (await queues?.problem()) === undefined);
    await admin.config('RESETSTAT');
    const from = performance.now();
    for (let asked = 0; asked < 100; asked += 1) expect(await queues?.problem()).toBeUndefined();
    const calls = /cmdstat_eval:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? '0';
    expect(Number(calls)).toBeLessThanOrEqual(1 + (performance.now() - from) / 1_000);
    expect((await admin.keys('*')).filter((key) => !key.endsWith(':meta'))).toEqual([]);
  });

  test('with maxmemory-policy volatile-lru it takes events, so that ready is 200 with a warning', async () => {
    admin = await startServer(['--maxmemory-policy', 'volatile-lru']);
    const service = await startServe({
      LAKECTL_SERVER_ENDPOINT_URL: 'http://127.0.0.1:1',
      LAKECTL_CREDENTIALS_ACCESS_KEY_ID: 'key',
      LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: 'secret',
      MLFLOW_TRACKING_URI: 'http://127.0.0.1:1',
      LAKEFS_MLFLOW_QUEUE_URL: `redis://127.0.0.1:${port}`,
      LAKEFS_MLFLOW_DATA_DIR: folder,
    });
    try {
      const body = await waitFor('the warning', async () => {
        const text = await (await fetch(`${service.url}/health/ready`)).text();
        return text.includes('warnings') && text;
      });
      expect(JSON.parse(body)).toMatchObject({
        status: 'ready',
        warnings: [expect.stringMatching(/maxmemory-policy "volatile-lru".*set it to noeviction/)],
      });
      expect(service.process.output().split('jobs in it are at risk').length - 1).toBe(1);
    } finally {
      await service.process.stop();
    }
  });

  test('a clock that is a minute ahead of that of Redis is a warning', async () => {
    admin = await startServer();
    const now = Date.now;
    Date.now = () => now() + 60_000;
    try {
      await open();
      await waitFor('the warning', () => {
        return queues
          ?.warnings()
          .some((warning) => /this machine is 60 s ahead of that of Redis/.test(warning));
      });
    } finally {
      Date.now = now;
    }
  });
});
