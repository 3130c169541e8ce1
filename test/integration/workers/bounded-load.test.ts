import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMlflowClients, type MlflowClients } from '../../../src/mlflow/clients.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.js';
import { createCountingRuntime, total } from '../../support/jobs/counting-runtime.js';
import { bridgeToken, clientFor, commitObject, newRepository } from '../../support/lakefs/lakefs.js';
import { readingRun, scriptedExperiment, scriptedMlflow } from '../../support/mlflow/scripted-mlflow.js';
import { replaced } from '../../support/replaced.js';
import { realServers } from '../../support/servers/real-servers.js';

const { mlflow: mlflowServer } = realServers();
let lakefs: Sandbox;

beforeAll(async () => {
  lakefs = await startSandbox({ env: { LAKEFSACTION_BRIDGE_TOKEN: bridgeToken } });
});
afterAll(() => lakefs.close());

function lakefsClient() {
  return clientFor({ kind: 'sandbox', ...lakefs, stop: async () => undefined });
}

/** The server as it would be with this one experiment: what other tests have left there costs requests too. */
function alone(clients: MlflowClients, name: string): MlflowClients {
  const { experiments, versions } = clients;
  return {
    ...clients,
    experiments: replaced(experiments, 'searchExperiment', async (...args) => {
      const page = await experiments.searchExperiment(...args);
      return { ...page, experiments: (page.experiments ?? []).filter((one) => one.name === name) };
    }),
    versions: replaced(versions, 'searchModelVersionsPage', async () => ({})),
  };
}

describe('on a real MLflow', () => {
  const clients = createMlflowClients(mlflowServer.url);

  it('a sweep costs one request more for 500 runs more', { timeout: 240_000 }, async () => {
    const name = `bounded-load-${Date.now()}`;
    const experiment = await clients.experiments.createExperiment(name);
    const runtime = createCountingRuntime(lakefs, alone(clients, name), name);
    const ahead = Date.now() + 3_600_000;
    const start = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, n) => clients.runs.createRun(experiment, `run-${n}`, ahead + n)),
      );
    await start(500);
    const five = await runtime.sweep();
    await start(500);
    const ten = await runtime.sweep();
    expect(total(ten.mlflow)).toBe(total(five.mlflow) + 1);
    expect(ten.mlflow).toEqual({ ...five.mlflow, searchRuns: (five.mlflow.searchRuns ?? 0) + 1 });
    // Two pages of runs, all of which are new to a process without a watermark, and one of the slow lap.
    expect(ten.mlflow.searchRuns).toBe(3);
    // What is new, and the lap.
    expect(ten.mlflow.searchModelVersionsPage).toBe(2);
    expect(total(ten.lakefs)).toBe(0);
  });

  it('the twentieth commit costs the same requests as the second', async () => {
    const client = lakefsClient();
    const repository = await newRepository(client, 'bounded');
    await clients.experiments.createExperiment(repository);
    const runtime = createCountingRuntime(lakefs, clients, repository).session();
    const costs = [];
    for (let n = 0; n < 20; n += 1) {
      const commit = await commitObject(client, repository, 'main', `gold/train/part-${n}`, `content ${n}`);
      const { mlflow, lakefs: reads } = await runtime.register(repository, commit);
      costs.push({ mlflow, reads });
    }
    const { mlflow, reads } = costs[19]!;
    const { getExperimentByName: _known, ...rest } = mlflow;
    // One asks for the run itself, one whose data the commit may have changed.
    expect(rest).toEqual({ searchRuns: 2, createRun: 1, logInputs: 1, logBatch: 1, updateRun: 1 });
    expect(total(reads)).toBeLessThanOrEqual(4);
    expect(costs[1]).toEqual(costs[19]);
  });

  it('a commit that is registered already is read and not written', async () => {
    const client = lakefsClient();
    const repository = await newRepository(client, 'bounded');
    const commit = await commitObject(client, repository, 'main', 'gold/train/part-0', 'content');
    await clients.experiments.createExperiment(repository);
    const runtime = createCountingRuntime(lakefs, clients, repository).session();
    await runtime.register(repository, commit);
    const { mlflow } = await runtime.register(repository, commit);
    const { getExperimentByName: _known, ...rest } = mlflow;
    // One for its catalog run, as for a new commit; as it is there, two for its consumers.
    expect(rest).toEqual({ searchRuns: 3 });
    const { mlflow: look } = await runtime.look(repository, commit);
    const { getExperimentByName: _also, ...restOfLook } = look;
    expect(restOfLook).toEqual({ searchRuns: 2 });
  });
});

describe('on a scripted MLflow', () => {
  it.each([10_000, 100_000])(
    'a sweep over %i linked runs costs a request per 500',
    { timeout: 120_000 },
    async (count) => {
      const client = lakefsClient();
      const repository = await newRepository(client, 'bounded');
      const commit = await commitObject(client, repository, 'main', 'gold/train/part-0', 'content');
      const uri = `s3://${repository}/${commit}/gold/train/part-0`;
      const server = scriptedMlflow();
      const runtime = createCountingRuntime(lakefs, server.clients, scriptedExperiment.name);
      const begin = Date.now() - 30 * 24 * 3_600_000;
      const first = readingRun(0, begin, uri);
      // All logged the same dataset at the same time: none is known to be the one that wrote its source.
      server.runs.push(first, readingRun(1, begin, uri));
      const session = runtime.session();
      await session.link(first.info.run_id);
      const tags = server.tagsOf(first.info.run_id);
      expect(tags).toContainEqual({ key: 'lakefs_commit', value: commit });
      expect(tags).toContainEqual({ key: 'lakefs.evidence', value: 'likely' });
      server.tagAll(tags);
      const small = await runtime.sweep();

      for (let n = 2; n < count; n += 1) server.runs.push(readingRun(n, begin, uri));
      server.tagAll(tags);
      const started = Date.now();
      const large = await runtime.sweep();
      // Where the branches point is read once in ten seconds, however many runs there are.
      const { branches = 0, ...reads } = large.lakefs;
      const { branches: _once, ...fewReads } = small.lakefs;
      expect(branches).toBeLessThanOrEqual(1 + Math.ceil((Date.now() - started) / 10_000));
      expect(large.queued).toEqual([]);
      expect(large.mlflow).toEqual({
        ...small.mlflow,
        searchRuns: (small.mlflow.searchRuns ?? 0) + count / 500 - 1,
      });
      expect(reads).toEqual(fewReads);
      // Three for what the path is now; two for whether its bytes were ever others, which all its runs share.
      expect(total(reads)).toBeLessThanOrEqual(5);
    },
  );

  it.each(['main', 'main~1', 'v1'])(
    'a sweep over 2,000 runs that name %s asks lakeFS no more than one over a single run',
    { timeout: 120_000 },
    async (ref) => {
      const client = lakefsClient();
      const repository = await newRepository(client, 'bounded');
      const commit = await commitObject(client, repository, 'main', 'gold/train/part-0', 'content');
      await commitObject(client, repository, 'main', 'silver/part-0', 'content');
      await client.createTag(repository, { id: 'v1', ref: commit });
      const server = scriptedMlflow();
      const runtime = createCountingRuntime(lakefs, server.clients, scriptedExperiment.name);
      const uri = `s3://${repository}/${ref}/gold/train/part-0`;
      const begin = Date.now() + 1_000;
      server.runs.push(readingRun(0, begin, uri));
      const single = await runtime.sweep();
      for (let n = 1; n < 2_000; n += 1) server.runs.push(readingRun(n, begin, uri));
      const many = await runtime.sweep();
      expect(many.queued).toHaveLength(2_000);
      expect(many.lakefs).toEqual(single.lakefs);
      expect(total(many.lakefs)).toBeLessThanOrEqual(14);
    },
  );

  it('a sweep that has seen all runs before costs the same however many there are, and a search per 500 for late ones', async () => {
    const server = scriptedMlflow();
    const begin = Date.now() - 30 * 24 * 3_600_000;
    for (let n = 0; n < 10_000; n += 1) {
      const { inputs: _none, ...run } = readingRun(n, begin, 's3://plain-bucket/file');
      server.runs.push(run);
    }
    const session = createCountingRuntime(lakefs, server.clients, scriptedExperiment.name).session();
    const first = await session.sweep();
    const second = await session.sweep();
    const soon = await session.sweep(30_000);
    // The first knows of nothing before it: it pages through all, and the lap begins.
    expect(first.mlflow.searchRuns).toBe(20 + 1);
    // What is new, what is known, a page of the lap, and the round for late runs that leaves out 500 known ones at a time.
    const round = 10_000 / 500;
    expect(second.mlflow.searchRuns).toBe(3 + 3 + 1 + round);
    // The next round is due, too: time stands still in a sweep here, so it has cost nothing.
    expect(soon.mlflow.searchRuns).toBe(3 + 1 + round);
  });
});
