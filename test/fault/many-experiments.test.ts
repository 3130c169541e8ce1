import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createMlflowClients } from '../../src/mlflow/clients.js';
import { createRuntime, type Runtime } from '../support/jobs/runtime.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import {
  type ExperimentsProxy,
  type Picky,
  startExperimentsProxy,
} from '../support/mlflow/experiments-proxy.js';
import { realServers } from '../support/servers/real-servers.js';
import { catalogRuns, lakefsTags } from '../support/service/bridge.js';
import { type CliResult, runCli } from '../support/service/cli.js';
import { installationFor, settingsWith } from '../support/service/settings.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const { mlflow } = realServers();
const owner = createMlflowClients(mlflow.url, { connections: 'reuse' });
const lakefsServers = await lakefsUnderTest();
const lakefs = lakefsServers[0]!;
const client = clientFor(lakefs);
const prefix = `many-${randomBytes(4).toString('hex')}`;
const name = (index: number): string => `${prefix}-${String(index).padStart(3, '0')}`;
/** Experiments in which runs read the data: in a search over all they lie far apart. */
const places = [0, 64, 129];
let ids: readonly string[] = [];
let proxy: ExperimentsProxy;

beforeAll(async () => {
  proxy = await startExperimentsProxy(mlflow.url);
  const made: string[] = [];
  for (let index = 0; index < 130; index += 1)
    made.push(await owner.experiments.createExperiment(name(index)));
  ids = made;
});
afterAll(async () => {
  await proxy?.stop();
  await Promise.all(lakefsServers.map((one) => one.stop()));
});

interface Scene {
  readonly runtime: Runtime;
  readonly repository: string;
  readonly commit: string;
  readonly catalog: string;
  /** One in each of the places. */
  readonly runs: readonly string[];
}

/** A commit that three runs have read, which nobody has looked at. */
async function newScene(): Promise<Scene> {
  const repository = await newRepository(client);
  const commit = await commitObject(client, repository, 'main', 'gold/train.csv', 'id\n1\n');
  const catalog = `catalog-${randomBytes(6).toString('hex')}`;
  const runs: string[] = [];
  for (const place of places) {
    const { info } = await owner.runs.createRun(ids[place]!, `run ${place}`);
    const source = JSON.stringify({ uri: `s3://${repository}/${commit}/gold/train.csv` });
    const digest = randomBytes(4).toString('hex');
    await owner.runs.logInputs(info.run_id, [
      { dataset: { name: 'train', digest, source_type: 's3', source } },
    ]);
    await owner.runs.updateRun(info.run_id, 'FINISHED', Date.now());
    runs.push(info.run_id);
  }
  const installation = { repositories: [repository], experiments: [`${prefix}-*`], catalog };
  return { runtime: createRuntime(lakefs, proxy.url, { installation }), repository, commit, catalog, runs };
}

/** Sweep, link, register, count: until nothing is left to do. Answers with what failed. */
async function settle({ runtime, repository }: Scene): Promise<readonly string[]> {
  const done = [
    ...(await runtime.reconcile(repository)),
    ...(await runtime.sweep()),
    ...(await runtime.sweep()),
  ];
  return done.flatMap(({ job, error }) => (error === undefined ? [] : [`${job.name}: ${String(error)}`]));
}

function command(name: 'impact' | 'coverage', { repository, commit, catalog }: Scene): Promise<CliResult> {
  const installation = installationFor(lakefs, proxy.url, {
    ...{ repositories: [repository], experiments: [`${prefix}-*`], catalog },
  });
  const what = name === 'impact' ? [`${repository}/${commit}`, '--scan', 'all'] : [];
  const settings = settingsWith(lakefs, { installations: [installation] });
  return runCli([name, ...what, '--json'], { loadSettings: async () => settings });
}

const databricks = (most: number): string =>
  JSON.stringify({
    error_code: 'INVALID_PARAMETER_VALUE',
    message: `Too many experiment_ids specified in SearchRuns request. Maximum: ${most}`,
  });

test.each([
  ['100 experiments, as Databricks does', 100, 400, databricks(100)],
  ['20 experiments, with a 413 of a gateway', 20, 413, 'Payload Too Large'],
] as const)(
  'a server that searches at most %s: of 130, all 3 readers are linked, counted and answered',
  async (_what, most, status, body) => {
    proxy.refuse((experiments) => (experiments.length > most ? { status, body } : undefined));
    const scene = await newScene();
    expect(await settle(scene)).toEqual([]);
    for (const run of scene.runs)
      expect(await lakefsTags(owner, run)).toMatchObject({ lakefs_commit: scene.commit });
    const [entry] = await catalogRuns(owner, scene.catalog, scene.repository);
    expect(entry?.data.tags).toContainEqual({ key: 'lakefs.consumers', value: '3' });

    // What it takes is remembered: another look asks for nothing that is refused.
    proxy.takeSearches();
    expect(await settle(scene)).toEqual([]);
    const searches = proxy.takeSearches();
    expect(searches.length).toBeGreaterThan(0);
    expect(Math.max(...searches)).toBeLessThanOrEqual(most);

    const impact = await command('impact', scene);
    const read = JSON.parse(impact.stdout) as { readonly runs: readonly { readonly run: string }[] };
    expect(JSON.stringify(read)).toContain(scene.runs[2]);
    const coverage = JSON.parse((await command('coverage', scene)).stdout) as { readonly runs: number };
    expect(coverage.runs).toBeGreaterThanOrEqual(3);
  },
);

test.each([
  ['403, a right withdrawn', 403, 'PERMISSION_DENIED'],
  ['404, deleted meanwhile', 404, 'RESOURCE_DOES_NOT_EXIST'],
] as const)(
  'a search is refused because of one experiment (%s): the other 129 are linked and answered, and that one is named',
  async (_what, status, error_code) => {
    const bad = ids[77]!;
    const message = `Experiment ${bad} cannot be searched`;
    const refusing: Picky = (experiments) =>
      experiments.includes(bad) ? { status, body: JSON.stringify({ error_code, message }) } : undefined;
    proxy.refuse(refusing);
    const scene = await newScene();
    const { runtime } = scene;
    expect(await settle(scene)).toEqual([]);
    for (const run of scene.runs)
      expect(await lakefsTags(owner, run)).toMatchObject({ lakefs_commit: scene.commit });
    const [entry] = await catalogRuns(owner, scene.catalog, scene.repository);
    expect(entry?.data.tags).toContainEqual({ key: 'lakefs.consumers', value: '3' });
    const sweeps = (await runtime.sweep()).filter(({ job }) => job.name === 'sweep-runs');
    expect(sweeps[0]?.outcome?.summary).toContain(bad);

    // Runs that counted are in the refused experiment now: the count stays.
    const lost = ids[places[1]!]!;
    proxy.refuse((experiments) =>
      experiments.includes(lost) ? { status, body: JSON.stringify({ error_code, message }) } : undefined,
    );
    runtime.restart();
    const payload = { v: 1, installation: 'default', repository: scene.repository, commit: scene.commit };
    const again = await runtime.run({ name: 'register-commit', payload, cause: 'hook' } as never);
    expect(again.error).toBeUndefined();
    const [later] = await catalogRuns(owner, scene.catalog, scene.repository);
    expect(later?.data.tags).toContainEqual({ key: 'lakefs.consumers', value: '3' });

    proxy.refuse(refusing);
    for (const name of ['impact', 'coverage'] as const) {
      const { stdout } = await command(name, scene);
      expect([name, stdout]).toEqual([name, expect.stringContaining(`${prefix}-077`)]);
    }
  },
);
