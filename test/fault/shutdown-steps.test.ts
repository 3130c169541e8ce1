import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { loadSettings } from '../../src/config/load.js';
import { type RunningService, startService } from '../../src/main.js';
import { createQueues } from '../../src/queue/create-queues.js';
import {
  clientFor,
  commitObject,
  type LakefsUnderTest,
  lakefsUnderTest,
  newRepository,
} from '../support/lakefs/lakefs.js';
import { type DataFolder, newDataFolder } from '../support/queue/data-folder.js';
import { freePort, waitFor } from '../support/servers/process.js';
import { type HttpProxy, startProxy } from '../support/servers/proxy.js';
import { realServers } from '../support/servers/real-servers.js';
import { bridgeEnv, catalogRuns, patientClients, sendEvent, tagsOf } from '../support/service/bridge.js';
import { silentLog } from '../support/silent-log.js';

vi.setConfig({ testTimeout: 120_000 });

const { mlflow, redis } = realServers();
const clients = patientClients(mlflow.url);

let lakefs: LakefsUnderTest;
let proxies: { lakefs: HttpProxy; mlflow: HttpProxy };
let folder: DataFolder;
let catalog: string;
let repository: string;
let running: RunningService | undefined;

beforeAll(async () => {
  lakefs = (await lakefsUnderTest())[0]!;
});
afterAll(() => lakefs.stop());

beforeEach(async () => {
  catalog = `catalog-${randomBytes(6).toString('hex')}`;
  repository = await newRepository(clientFor(lakefs), 'steps');
  folder = await newDataFolder();
  proxies = { lakefs: await startProxy(lakefs.endpoint), mlflow: await startProxy(mlflow.url) };
});
afterEach(async () => {
  await running?.close();
  await Promise.all([proxies.lakefs.stop(), proxies.mlflow.stop()]);
  folder.remove();
});

const queueUrl = redis === null ? 'embedded' : `${redis.url}/11`;

/** The service in this process, with nothing to do once its first looks are done. */
async function serve(): Promise<{ service: RunningService; url: string }> {
  const port = await freePort();
  const settings = loadSettings(
    {
      ...bridgeEnv({
        ...{ lakefs: { ...lakefs, endpoint: proxies.lakefs.url }, mlflowUrl: proxies.mlflow.url, queueUrl },
        ...{ dataDir: folder.path, catalog, repositories: repository, experiments: 'none' },
      }),
      LAKEFS_MLFLOW_MLFLOW_CONNECTIONS: 'reuse',
      LAKEFS_MLFLOW_SWEEP_INTERVAL: '1h',
      LAKEFS_MLFLOW_RECONCILE_INTERVAL: '1h',
      LAKEFS_MLFLOW_PORT: String(port),
      LAKEFS_MLFLOW_SHUTDOWN_DEADLINE: '0s',
      LAKEFS_MLFLOW_SHUTDOWN_DRAIN: '0s',
    },
    () => '',
    { home: folder.path },
  );
  running = await startService(settings, { role: 'all', log: silentLog });
  return { service: running, url: `http://127.0.0.1:${port}` };
}

async function jobs(): Promise<{ active: number; waiting: number }> {
  const queues = await createQueues({ queueUrl, dataDir: folder.path, log: silentLog });
  try {
    await waitFor('the queue', async () => (await queues.problem()) === undefined);
    const all = Object.values(await queues.counts());
    const sum = (state: 'active' | 'waiting' | 'delayed') =>
      all.reduce((total, counts) => total + counts[state], 0);
    return { active: sum('active'), waiting: sum('waiting') + sum('delayed') };
  } finally {
    await queues.close();
  }
}

async function isRegistered(commit: string): Promise<boolean> {
  const runs = await catalogRuns(clients, catalog, repository);
  const mine = runs.filter(
    (run) => tagsOf(run).lakefs_commit === commit && run.info.lifecycle_stage === 'active',
  );
  return mine.length === 1 && mine[0]?.info.status === 'FINISHED';
}

test.skipIf(redis === null).each(['lakefs', 'mlflow'] as const)(
  'stopped at each request to %s that a commit causes: the job goes back, and the next start ends it',
  async (server) => {
    let steps = 0;
    for (let step = 0; ; step += 1) {
      const { service, url } = await serve();
      await waitFor('nothing to do', async () => {
        const { active, waiting } = await jobs();
        return active + waiting === 0;
      });
      const commit = await commitObject(
        clientFor(lakefs),
        repository,
        'main',
        `gold/${step}.csv`,
        String(step),
      );
      proxies[server].hold(step);
      expect((await sendEvent(url, { repository, commit })).status).toBe(202);
      const held = await waitFor('the step, or the end', async () => {
        if (proxies[server].waiting() > 0) return 'held';
        return (await isRegistered(commit)) && 'done';
      });
      await service.close();
      running = undefined;
      expect((await jobs()).active, `step ${step}`).toBe(0);
      proxies[server].release();
      if (held === 'done') break;
      steps += 1;
      const next = await serve();
      await waitFor('the commit', () => isRegistered(commit));
      await next.service.close();
      running = undefined;
    }
    expect(steps).toBeGreaterThanOrEqual(2);
  },
);
