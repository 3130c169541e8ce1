import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LakefsClient } from '../../src/lakefs/types.js';
import type { Run } from '../../src/mlflow/types.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { type DataFolder, newDataFolder } from '../support/queue/data-folder.js';
import { waitFor } from '../support/servers/process.js';
import { type HttpProxy, startProxy } from '../support/servers/proxy.js';
import { realServers } from '../support/servers/real-servers.js';
import {
  bridgeEnv,
  catalogRuns,
  patientClients,
  queuesUnderTest,
  sendEvent,
  tagsOf,
} from '../support/service/bridge.js';
import { type RunningProcess, startServe } from '../support/service/service.js';

vi.setConfig({ testTimeout: 120_000 });

const { mlflow, redis } = realServers();
const clients = patientClients(mlflow.url);
const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

describe.each(lakefsServers)('a process beside $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  let catalog: string;
  let repository: string;
  let folder: DataFolder;
  let services: RunningProcess[];
  let proxy: HttpProxy;

  beforeEach(async () => {
    catalog = `catalog-${randomBytes(6).toString('hex')}`;
    repository = await newRepository(client, 'process');
    folder = await newDataFolder();
    services = [];
    proxy = await startProxy(lakefs.endpoint);
  });
  afterEach(async () => {
    await Promise.all(services.map((service) => service.process.stop()));
    await proxy.stop();
    folder.remove();
  });

  /** Reaches lakeFS through the proxy. */
  async function serve(
    settings: { readonly queueUrl: string; readonly catalog?: string; readonly experiments?: string },
    role: 'all' | 'receive' | 'work' = 'all',
  ): Promise<RunningProcess> {
    const service = await startServe(
      bridgeEnv({
        ...{ lakefs: { ...lakefs, endpoint: proxy.url }, mlflowUrl: mlflow.url, dataDir: folder.path },
        ...{ repositories: repository, experiments: 'none', catalog, ...settings },
      }),
      ['--role', role],
    );
    services.push(service);
    return service;
  }

  const activeRuns = async (name = catalog) =>
    (await catalogRuns(clients, name, repository)).filter(({ info }) => info.lifecycle_stage === 'active');

  const registered = (commits: readonly string[]) => async () => {
    const runs = (await activeRuns()).filter(({ info }) => info.status === 'FINISHED');
    return commits.every((commit) => runs.some((run) => tagsOf(run).lakefs_commit === commit));
  };

  describe.each(queuesUnderTest(redis, 5))('with $queue', ({ queue, queueUrl }) => {
    test('killed right after the 202, it registers the commit when it is back; a second delivery changes nothing', async () => {
      const commit = await commitObject(client, repository, 'main', 'gold/a.csv', '1');
      proxy.hold();
      // What a killed process was running, Redis hands out only when its lock has run out; the embedded queue at once.
      const first = await serve({ queueUrl }, queue === 'Redis' ? 'receive' : 'all');
      const answer = await sendEvent(first.url, { repository, commit });
      await first.process.stop('SIGKILL');
      expect(answer.status).toBe(202);
      expect(await answer.json()).toMatchObject({ status: 'accepted' });
      expect(await catalogRuns(clients, catalog, repository)).toEqual([]);
      proxy.release();
      const second = await serve({ queueUrl });
      await waitFor('the commit', registered([commit]));
      const before = await activeRuns();
      const again = await sendEvent(second.url, { repository, commit });
      expect(again.status).toBe(202);
      // Jobs of one queue begin in order: when a later commit is there, the second delivery is done with.
      const later = await commitObject(client, repository, 'main', 'gold/b.csv', '1');
      await sendEvent(second.url, { repository, commit: later });
      await waitFor('the later commit', registered([commit, later]));
      const after = await activeRuns();
      expect(unmarked(after.filter((run) => tagsOf(run).lakefs_commit === commit))).toEqual(unmarked(before));
      expect(after).toHaveLength(2);
    });
  });

  describe.skipIf(redis === null)('on Redis', () => {
    test('two concurrent workers leave what one leaves: one catalog run per commit, and the same tags', async () => {
      const commits = await manyCommits(client, repository);
      // The same events and runs, for one worker and for two.
      const [one, two] = await Promise.all([
        finalState(commits, { database: 6, workers: 1 }),
        finalState(commits, { database: 7, workers: 2 }),
      ]);
      expect(two).toEqual(one);
    });

    async function finalState(
      commits: readonly string[],
      { database, workers }: { readonly database: number; readonly workers: number },
    ): Promise<unknown> {
      const name = `workers-${workers}-${randomBytes(6).toString('hex')}`;
      const experiment = await clients.experiments.createExperiment(name);
      const runs = await runsThatRead(commits, experiment);
      const world = { queueUrl: `${redis?.url}/${database}`, catalog: `catalog-${name}`, experiments: name };
      const roles = ['receive', ...Array.from({ length: workers }, () => 'work' as const)] as const;
      const [receiver] = await Promise.all(roles.map((role) => serve(world, role)));
      const sent = [...commits, ...commits].map((commit) =>
        sendEvent(receiver?.url ?? '', { repository, commit }),
      );
      expect((await Promise.all(sent)).map(({ status }) => status)).toEqual(sent.map(() => 202));
      return waitFor(
        'all commits, runs, counts and states',
        () => settledState(world.catalog, commits, runs),
        60_000,
      );
    }

    /** Two runs for each commit, and one for each two neighbours. */
    async function runsThatRead(commits: readonly string[], experiment: string): Promise<readonly string[]> {
      const reads = [
        ...commits.flatMap((commit) => [[commit], [commit]]),
        ...commits.slice(1).map((commit, index) => [commit, commits[index]!]),
      ];
      return Promise.all(
        reads.map(async (sources) => {
          const { info } = await clients.runs.createRun(experiment, 'run', Date.now());
          const datasets = sources.map((commit) => {
            const source = JSON.stringify({ uri: `s3://${repository}/${commit}/gold/` });
            return {
              dataset: { name: 'train', digest: randomBytes(4).toString('hex'), source_type: 's3', source },
            };
          });
          await clients.runs.logInputs(info.run_id, datasets);
          await clients.runs.updateRun(info.run_id, 'FINISHED', Date.now());
          return info.run_id;
        }),
      );
    }

    async function settledState(
      name: string,
      commits: readonly string[],
      runs: readonly string[],
    ): Promise<unknown> {
      const entries = await activeRuns(name);
      const tags = await Promise.all(
        runs.map(async (id) => {
          const found = tagsOf(await clients.runs.getRun(id));
          return Object.fromEntries(Object.entries(found).filter(([key]) => key.startsWith('lakefs')));
        }),
      );
      if (tags.some((found) => found['lakefs.links'] === undefined)) return undefined;
      // The first and the last commit have one neighbour.
      const expected = commits.map((_, index) => (index === 0 || index === commits.length - 1 ? '3' : '4'));
      const counts = commits.map(
        (commit) => tagsOf(entries.find((run) => tagsOf(run).lakefs_commit === commit))['lakefs.consumers'],
      );
      if (JSON.stringify(counts) !== JSON.stringify(expected)) return undefined;
      // The last that a job writes of a commit which runs have consumed, after the counts.
      const judged = commits.every((commit) =>
        entries.some(
          (run) => tagsOf(run).lakefs_commit === commit && tagsOf(run)['lakefs.promoted_to'] === 'main',
        ),
      );
      if (!judged) return undefined;
      if (entries.some(({ info }) => info.status !== 'FINISHED')) return undefined;
      const catalogue = entries.map((run) => [
        tagsOf(run).lakefs_commit,
        withoutPages(tagsOf(run)),
        run.inputs,
      ]);
      return { runs: tags, catalogue: catalogue.sort() };
    }
  });
});

/** Runs without the mark that a look at the branches leaves when it comes: that is not the second delivery's. */
function unmarked(runs: readonly Run[]): readonly Run[] {
  return runs.map((run) => ({
    ...run,
    data: { ...run.data, tags: (run.data.tags ?? []).filter(({ key }) => key !== 'lakefs.history') },
  }));
}

/**
 * The note has addresses of pages in it, and the consumers' experiments have their ids: both differ from one world to the
 * next. Which heads were seen by a look at the branches is a matter of time.
 */
function withoutPages(tags: Readonly<Record<string, string>>): Record<string, string> {
  const {
    'mlflow.note.content': _note,
    'lakefs.consumers_in': _experiments,
    'lakefs.history': _looked,
    ...rest
  } = tags;
  return rest;
}

async function manyCommits(client: LakefsClient, repository: string): Promise<readonly string[]> {
  const commits: string[] = [];
  for (let n = 0; n < 8; n += 1) {
    commits.push(await commitObject(client, repository, 'main', `gold/${n}.csv`, String(n)));
  }
  return commits;
}
