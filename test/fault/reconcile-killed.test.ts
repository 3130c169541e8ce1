import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadSettings } from '../../src/config/load.js';
import { bridgeEnv, catalogRuns, patientClients, sendEvent, tagsOf } from '../support/bridge.js';
import { runCli } from '../support/cli.js';
import { type DataFolder, newDataFolder } from '../support/data-folder.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs.js';
import { freePort, waitFor } from '../support/process.js';
import { realServers } from '../support/servers.js';
import { type RunningProcess, startServe } from '../support/service.js';

vi.setConfig({ testTimeout: 240_000 });

const { mlflow } = realServers();
const clients = patientClients(mlflow.url);
const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

describe.each(lakefsServers)('beside $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  let repository: string;
  let catalog: string;
  let folder: DataFolder;
  let services: RunningProcess[];

  beforeEach(async () => {
    repository = await newRepository(client, 'killed');
    catalog = `catalog-${randomBytes(6).toString('hex')}`;
    folder = await newDataFolder();
    services = [];
  });
  afterEach(async () => {
    await Promise.all(services.map((service) => service.process.stop()));
    folder.remove();
  });

  /** Looks at the start, and when a command asks. */
  const env = (mlflowUrl = mlflow.url): Record<string, string> => ({
    ...bridgeEnv({
      ...{ lakefs, mlflowUrl, queueUrl: 'embedded', dataDir: folder.path },
      ...{ catalog, repositories: `${repository}*`, experiments: 'none' },
    }),
    LAKEFS_MLFLOW_RECONCILE_INTERVAL: '1h',
    HOME: folder.path,
  });

  async function serve(mlflowUrl?: string): Promise<RunningProcess> {
    const service = await startServe(env(mlflowUrl));
    services.push(service);
    return service;
  }

  const cli = (...argv: string[]) =>
    runCli(argv, {
      loadSettings: async (need) =>
        loadSettings(env(), (path) => readFileSync(path, 'utf8'), need === undefined ? {} : { need }),
    });

  const commit = (name: string): Promise<string> =>
    commitObject(client, repository, 'main', `gold/${name}.csv`, name);

  const registered = async (): Promise<readonly string[]> =>
    (await catalogRuns(clients, catalog, repository))
      .filter(({ info }) => info.lifecycle_stage === 'active' && info.status === 'FINISHED')
      .map((run) => tagsOf(run).lakefs_commit ?? '');

  const holds = (...commits: string[]) =>
    waitFor(
      'the commits',
      async () => {
        const there = await registered();
        return commits.every((id) => there.includes(id));
      },
      60_000,
    );

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'a commit whose hook was lost is registered after %s, although a later one was registered before it',
    async (signal) => {
      const first = await commit('c0');
      const service = await serve();
      await holds(first);
      const lost = await commit('c1');
      const later = await commit('c2');
      await sendEvent(service.url, { repository, commit: later });
      await holds(later);
      expect(await registered()).not.toContain(lost);
      await service.process.stop(signal);
      await serve();
      // What is queued comes with its first look; the command's second look ends after it.
      expect((await cli('reconcile', repository)).code).toBe(0);
      await vi.waitFor(async () => expect(await registered()).toContain(lost), {
        timeout: 60_000,
        interval: 200,
      });
      expect((await registered()).toSorted()).toEqual([first, lost, later].toSorted());
    },
  );

  test('the first hook of a new repository draws its horizon at once, so a hook that is lost after it loses no commit', async () => {
    const service = await serve();
    repository += '-new';
    await client.createRepository({ name: repository, storage_namespace: `local://${repository}` });
    const first = await commit('c0');
    await sendEvent(service.url, { repository, commit: first });
    await vi.waitFor(
      async () => {
        const { tags = [] } = await clients.experiments.getExperimentByName(`${catalog}/${repository}`);
        expect(tags.map(({ key }) => key)).toContain('lakefs.horizon');
      },
      { timeout: 20_000, interval: 200 },
    );
    const lost = await commit('c1');
    const later = await commit('c2');
    await sendEvent(service.url, { repository, commit: later });
    await holds(later);
    expect((await cli('reconcile', repository)).code).toBe(0);
    await holds(lost);
  });

  test('reconcile --recheck registers the commit that a wrong mark cut off, and says so', async () => {
    const first = await commit('c0');
    const service = await serve();
    await holds(first);
    const lost = await commit('c1');
    const later = await commit('c2');
    await sendEvent(service.url, { repository, commit: later });
    await holds(later);
    await service.process.stop();
    // As a release left it that did not store the edge: it took the registered c2 for it.
    const runs = await catalogRuns(clients, catalog, repository);
    const mine = runs.find((run) => tagsOf(run).lakefs_commit === later);
    await clients.runs.setTag(mine?.info.run_id ?? '', 'lakefs.history', 'complete');
    const experiment = await clients.experiments.getExperimentByName(`${catalog}/${repository}`);
    await clients.experiments.setExperimentTag(experiment.experiment_id, 'lakefs.horizon.0', 'none');
    await serve();
    const plain = await cli('reconcile', repository);
    expect(plain.stdout).toContain('nothing is missing');
    const answer = await cli('reconcile', '--recheck', repository);
    expect([answer.code, answer.stderr]).toEqual([0, '']);
    expect(answer.stdout).toContain('queued 1 commit missing from the catalog, removed 1 wrong mark');
    await vi.waitFor(async () => expect(await registered()).toContain(lost), {
      timeout: 60_000,
      interval: 200,
    });
  });
});

describe('after the address of MLflow was corrected', () => {
  test('reconcile says nothing of the earlier address', async () => {
    const [lakefs] = lakefsServers;
    if (lakefs === undefined) throw new Error('there is always the sandbox');
    const client = clientFor(lakefs);
    const repository = await newRepository(client, 'address');
    const folder = await newDataFolder();
    const wrong = `http://127.0.0.1:${await freePort()}`;
    const env = (mlflowUrl: string): Record<string, string> => ({
      ...bridgeEnv({
        ...{ lakefs, mlflowUrl, queueUrl: 'embedded', dataDir: folder.path },
        ...{
          catalog: `catalog-${randomBytes(6).toString('hex')}`,
          repositories: repository,
          experiments: 'none',
        },
      }),
      LAKEFS_MLFLOW_RECONCILE_INTERVAL: '1h',
      HOME: folder.path,
    });
    const settings = env(mlflow.url);
    const first = await startServe({ ...settings, MLFLOW_TRACKING_URI: wrong });
    // The first look waits for the server of that address, and says so.
    await waitFor('the waiting look', async () => {
      const { jobs } = (await (await fetch(`${first.url}/api/v1/jobs`)).json()) as {
        jobs: Record<string, { delayed: number }>;
      };
      return (jobs['reconcile-repository']?.delayed ?? 0) > 0;
    });
    await first.process.stop('SIGKILL');
    const second = await startServe(settings);
    const answer = await runCli(['reconcile', repository], {
      loadSettings: async (need) =>
        loadSettings(settings, (path) => readFileSync(path, 'utf8'), need === undefined ? {} : { need }),
    });
    await second.process.stop();
    folder.remove();
    expect(answer.stdout).toContain(`${repository}: 1 branch head looked at`);
    expect(answer.stdout).not.toContain(wrong);
  });
});
