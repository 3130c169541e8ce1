import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import { createRuntime, type Runtime } from '../support/jobs/runtime.js';
import { watched } from '../support/jobs/watched.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { realServers } from '../support/servers/real-servers.js';
import { catalogRuns, lakefsTags, patientClients, tagsOf } from '../support/service/bridge.js';

vi.setConfig({ testTimeout: 180_000 });

const mlflow = realServers().mlflow;
const clients = patientClients(mlflow.url);
const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

const whens = ['before it is sent', 'after its answer is lost'] as const;

describe.each(lakefsServers)('on $kind lakeFS, a crash of any call to MLflow', (lakefs) => {
  const client = clientFor(lakefs);
  let repository: string;
  let a: string;

  beforeAll(async () => {
    repository = await newRepository(client);
    a = await commitObject(client, repository, 'main', 'gold/train.csv', 'id,value\n1,2\n');
  });

  const at = (commit: string, path: string): string => `s3://${repository}/${commit}/${path}`;

  /** A process that has just started; with a catalog of its own, for the runs of one experiment. */
  function runtimeFor(world: World, crash?: Crash): Runtime {
    return createRuntime(lakefs, mlflow.url, {
      installation: { repositories: [repository], experiments: [world.name], catalog: world.catalog },
      mlflow: (plain) => crash?.into(plain) ?? plain,
    });
  }

  async function stateOf(world: World): Promise<unknown> {
    const { experiment_id } = await clients.experiments.getExperimentByName(world.name);
    const runs = (await clients.runs.searchRuns([experiment_id])).runs ?? [];
    const catalog = await catalogRuns(clients, world.catalog, repository);
    return {
      runs: runs.map((run) => [run.info.run_name, withoutNames(tagsOf(run))]).sort(),
      catalog: catalog
        .filter(({ info }) => info.lifecycle_stage === 'active')
        .map((run) => [run.info.run_name, run.info.status, withoutNames(tagsOf(run)), run.inputs])
        .sort(),
    };
  }

  test.each(whens)('in link-run, %s, is repaired by the next attempt', async (when) => {
    const states: unknown[] = [];
    let crashed = true;
    for (let point = 1; crashed; point += 1) {
      const world = await newWorld();
      // Linked while it ran, so that the job has tags to write and tags to remove.
      const run = await newRun(world, 'two stages', 'RUNNING', [at(a, 'gold/train.csv')]);
      const job = { name: 'link-run', payload: { v: 1, server: 'default', run }, cause: 'hook' } as const;
      await runtimeFor(world).run(job);
      await clients.runs.updateRun(run, 'FINISHED', Date.now());
      const crash = newCrash(when, point);
      await runtimeFor(world, crash).run(job);
      crashed = crash.happened();
      const done = await runtimeFor(world).run(job);
      expect(done.error).toBeUndefined();
      states.push(withoutNames(await lakefsTags(clients, run)));
    }
    expect(states.length).toBeGreaterThan(5);
    for (const state of states) expect(state).toEqual(states.at(-1));
    expect(states.at(-1)).toMatchObject({ lakefs_commit: a, lakefs_repo: repository, lakefs_branch: 'main' });
    expect(Object.keys(states.at(-1) as object).filter((key) => key.startsWith('lakefs.input'))).toEqual([]);
  });

  test.each(whens)(
    'in a sweep and all that follows from it, %s, is repaired by the next sweep',
    async (when) => {
      const states: unknown[] = [];
      for (let first = 1, more = true; more; first += parallel) {
        const points = Array.from({ length: parallel }, (_, index) => first + index);
        const results = await Promise.all(points.map((point) => sweepWithCrash(when, point)));
        states.push(...results.map(({ state }) => state));
        more = results.every(({ crashed }) => crashed);
      }
      expect(states.length).toBeGreaterThan(15);
      for (const state of states) expect(state).toEqual(states.at(-1));
      const { runs, catalog } = states.at(-1) as { runs: unknown[]; catalog: unknown[] };
      expect(runs).toMatchObject([['one', { lakefs_commit: a, lakefs_branch: 'main' }]]);
      expect(catalog).toMatchObject([
        [expect.any(String), 'FINISHED', { lakefs_commit: a, 'lakefs.consumers': '1' }, expect.anything()],
      ]);
    },
  );

  async function sweepWithCrash(when: (typeof whens)[number], point: number) {
    const world = await newWorld();
    await newRun(world, 'one', 'FINISHED', [at(a, 'gold/train.csv')]);
    const crash = newCrash(when, point);
    const done = await runtimeFor(world, crash).sweep();
    const failed = done.filter(({ error }) => error !== undefined);
    const again = runtimeFor(world);
    // The queue tries a failed job again; whatever else was lost is found by the next sweep.
    again.waiting.push(...failed.map(({ job }) => job));
    const rest = [...(await again.drain()), ...(await again.sweep())];
    expect(rest.filter(({ error }) => error !== undefined)).toEqual([]);
    return { state: await stateOf(world), crashed: crash.happened() };
  }
});

/** Crash points that are tried at once. */
const parallel = 4;

interface World {
  /** The experiment's name. */
  readonly name: string;
  readonly experiment: string;
  readonly catalog: string;
}

async function newWorld(): Promise<World> {
  const unique = randomBytes(6).toString('hex');
  const name = `crashes-${unique}`;
  return { name, experiment: await clients.experiments.createExperiment(name), catalog: `catalog-${unique}` };
}

async function newRun(
  world: World,
  name: string,
  status: 'RUNNING' | 'FINISHED',
  addresses: readonly string[],
): Promise<string> {
  const { info } = await clients.runs.createRun(world.experiment, name, Date.now());
  const datasets = addresses.map((uri) => ({
    dataset: {
      name: uri.split('/').at(-1) ?? '',
      digest: randomBytes(4).toString('hex'),
      source_type: 's3',
      source: JSON.stringify({ uri }),
    },
  }));
  await clients.runs.logInputs(info.run_id, datasets);
  if (status !== 'RUNNING') await clients.runs.updateRun(info.run_id, status, Date.now());
  return info.run_id;
}

interface Crash {
  into(plain: MlflowClients): MlflowClients;
  /** False where there were fewer calls. */
  happened(): boolean;
}

function newCrash(when: (typeof whens)[number], point: number): Crash {
  let happened = false;
  const crash = (_: string, call: number): void => {
    if (call !== point) return;
    happened = true;
    throw new Error(`crash at call ${point}`);
  };
  return {
    into: (plain) =>
      when === 'before it is sent' ? watched(plain, crash) : watched(plain, () => undefined, crash),
    happened: () => happened,
  };
}

/** Without what differs from one world to the next. */
function withoutNames(tags: Readonly<Record<string, string>>): Record<string, string> {
  const {
    'mlflow.note.content': _note,
    'mlflow.runName': _name,
    'lakefs.consumers_in': _place,
    ...rest
  } = tags;
  return rest;
}
