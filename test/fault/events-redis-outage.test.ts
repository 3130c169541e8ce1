import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { freePort, type Started, waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { startRedis } from '../support/servers/redis.js';
import { bridgeEnv, catalogRuns, patientClients, sendEvent, tagsOf } from '../support/service/bridge.js';
import { type RunningProcess, startServe } from '../support/service/service.js';

vi.setConfig({ testTimeout: 120_000 });

const { mlflow, redis } = realServers();
const clients = patientClients(mlflow.url);
const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

describe.skipIf(redis === null).each(lakefsServers)('a process on Redis, beside $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  let folder: string;
  let port: number;
  let queue: Started | undefined;
  let service: RunningProcess | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'events-outage-'));
    port = await freePort();
  });
  afterEach(async () => {
    await service?.process.stop();
    await queue?.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  async function startQueue(): Promise<void> {
    queue = await startRedis({ binary: redis?.binary ?? '', port, folder });
  }

  test('while the queue is down events are answered 503 within a second, and taken when it is back', async () => {
    await startQueue();
    const catalog = `catalog-${randomBytes(6).toString('hex')}`;
    const repository = await newRepository(client, 'outage');
    const commit = await commitObject(client, repository, 'main', 'gold/a.csv', '1');
    service = await startServe(
      bridgeEnv({
        ...{ lakefs, mlflowUrl: mlflow.url, queueUrl: `redis://127.0.0.1:${port}`, dataDir: folder },
        ...{ repositories: repository, experiments: 'none', catalog },
      }),
    );
    const { url } = service;
    await queue?.stop('SIGKILL');
    for (let sent = 0; sent < 3; sent += 1) {
      const from = performance.now();
      const answer = await sendEvent(url, { repository, commit });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      expect(performance.now() - from).toBeLessThan(1_200);
      expect(await answer.text()).toContain('The queue cannot store the event now');
    }
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    await startQueue();
    await waitFor('a 202', async () => (await sendEvent(url, { repository, commit })).status === 202);
    await waitFor('the commit', async () =>
      (await catalogRuns(clients, catalog, repository)).some(
        (run) =>
          run.info.lifecycle_stage === 'active' &&
          run.info.status === 'FINISHED' &&
          tagsOf(run).lakefs_commit === commit,
      ),
    );
  });
});
