import { afterAll, describe, expect, test, vi } from 'vitest';
import { clientFor, lakefsUnderTest } from '../support/lakefs/lakefs.js';
import { freePort, waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { catalogRuns, patientClients, sendEvent, tagsOf } from '../support/service/bridge.js';
import { operatedBeside } from '../support/service/operated.js';

vi.setConfig({ testTimeout: 240_000 });

const { mlflow } = realServers();
const clients = patientClients(mlflow.url);
const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

describe.each(lakefsServers)('beside $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  const bench = operatedBeside(lakefs, 'killed');
  const { serve, cli, commit, registered, holds } = bench;

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'a commit whose hook was lost is registered after %s, although a later one was registered before it',
    async (signal) => {
      const first = await commit('c0');
      const service = await serve();
      await holds(first);
      const lost = await commit('c1');
      const later = await commit('c2');
      await sendEvent(service.url, { repository: bench.repository, commit: later });
      await holds(later);
      expect(await registered()).not.toContain(lost);
      await service.process.stop(signal);
      await serve();
      // What is queued comes with its first look; the command's second look ends after it.
      expect((await cli('reconcile', bench.repository)).code).toBe(0);
      await vi.waitFor(async () => expect(await registered()).toContain(lost), {
        timeout: 60_000,
        interval: 200,
      });
      expect((await registered()).toSorted()).toEqual([first, lost, later].toSorted());
    },
  );

  test('the first hook of a new repository draws its horizon at once, so a hook that is lost after it loses no commit', async () => {
    const service = await serve();
    bench.repository += '-new';
    const name = bench.repository;
    await client.createRepository({ name, storage_namespace: `local://${name}` });
    const first = await commit('c0');
    await sendEvent(service.url, { repository: bench.repository, commit: first });
    await vi.waitFor(
      async () => {
        const { tags = [] } = await clients.experiments.getExperimentByName(
          `${bench.catalog}/${bench.repository}`,
        );
        expect(tags.map(({ key }) => key)).toContain('lakefs.horizon');
      },
      { timeout: 20_000, interval: 200 },
    );
    const lost = await commit('c1');
    const later = await commit('c2');
    await sendEvent(service.url, { repository: bench.repository, commit: later });
    await holds(later);
    expect((await cli('reconcile', bench.repository)).code).toBe(0);
    await holds(lost);
  });

  test('reconcile --recheck registers the commit that a wrong mark cut off, and says so', async () => {
    const first = await commit('c0');
    const service = await serve();
    await holds(first);
    const lost = await commit('c1');
    const later = await commit('c2');
    await sendEvent(service.url, { repository: bench.repository, commit: later });
    await holds(later);
    await service.process.stop();
    // As a release left it that did not store the edge: it took the registered c2 for it.
    const runs = await catalogRuns(clients, bench.catalog, bench.repository);
    const mine = runs.find((run) => tagsOf(run).lakefs_commit === later);
    await clients.runs.setTag(mine?.info.run_id ?? '', 'lakefs.history', 'complete');
    const experiment = await clients.experiments.getExperimentByName(`${bench.catalog}/${bench.repository}`);
    await clients.experiments.setExperimentTag(experiment.experiment_id, 'lakefs.horizon.0', 'none');
    await serve();
    const plain = await cli('reconcile', bench.repository);
    expect(plain.stdout).toContain('nothing is missing');
    const answer = await cli('reconcile', '--recheck', bench.repository);
    expect([answer.code, answer.stderr]).toEqual([0, '']);
    expect(answer.stdout).toContain('queued 1 commit missing from the catalog, removed 1 wrong mark');
    await vi.waitFor(async () => expect(await registered()).toContain(lost), {
      timeout: 60_000,
      interval: 200,
    });
  });
});

describe('after the address of MLflow was corrected', () => {
  const [lakefs] = lakefsServers;
  if (lakefs === undefined) throw new Error('there is always the sandbox');
  const bench = operatedBeside(lakefs, 'address');
  const { serve, cli } = bench;

  test('reconcile says nothing of the earlier address', async () => {
    const wrong = `http://127.0.0.1:${await freePort()}`;
    const first = await serve({ mlflow: wrong });
    // The first look waits for the server of that address, and says so.
    await waitFor('the waiting look', async () => {
      const { jobs } = (await (await fetch(`${first.url}/api/v1/jobs`)).json()) as {
        jobs: Record<string, { delayed: number }>;
      };
      return (jobs['reconcile-repository']?.delayed ?? 0) > 0;
    });
    await first.process.stop('SIGKILL');
    await serve();
    const answer = await cli('reconcile', bench.repository);
    expect(answer.stdout).toContain(`${bench.repository}: checked 1 branch head`);
    expect(answer.stdout).not.toContain(wrong);
  });
});
