import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LakefsClient } from '../../src/lakefs/types.js';
import type { Run } from '../../src/mlflow/types.js';
import {
  clientFor,
  commitObject,
  type LakefsUnderTest,
  lakefsUnderTest,
  newRepository,
} from '../support/lakefs/lakefs.js';
import { train } from '../support/mlflow/train.js';
import { type DataFolder, newDataFolder } from '../support/queue/data-folder.js';
import { waitFor } from '../support/servers/process.js';
import { type HttpProxy, startProxy } from '../support/servers/proxy.js';
import { realServers } from '../support/servers/real-servers.js';
import {
  bridgeEnv,
  catalogRuns,
  lakefsTags,
  patientClients,
  queuesUnderTest,
  tagsOf,
} from '../support/service/bridge.js';
import { runCli } from '../support/service/cli.js';
import { type RunningProcess, startServe } from '../support/service/service.js';
import { settingsWith } from '../support/service/settings.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 });

const { mlflow: newest, mlflowOlder, redis } = realServers();
const lakefsServers = await lakefsUnderTest();
const passes = lakefsServers
  .flatMap((lakefs, index) => {
    const all = queuesUnderTest(redis, 8 + index).map((queue) => ({ lakefs, ...queue, mlflow: newest }));
    return index > 0 || mlflowOlder === null ? all : [...all, { ...all[0]!, mlflow: mlflowOlder }];
  })
  .map((pass) => ({ ...pass, kind: pass.lakefs.kind, version: pass.mlflow.version }));
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

// Each pass has servers and names of its own, and mostly waits.
describe.concurrent.each(passes)('$kind lakeFS, $queue, MLflow $version', ({ lakefs, mlflow, queueUrl }) => {
  const client = clientFor(lakefs);
  const clients = patientClients(mlflow.url);
  const unique = randomBytes(5).toString('hex');
  const catalog = `catalog-${unique}`;
  const experiment = `main-job-${unique}`;
  let folder: DataFolder;
  let proxy: HttpProxy;
  let service: RunningProcess;
  let repository: string;
  let history: History;
  /** Run ids by what the run did. */
  let runs: Readonly<Record<string, string>>;

  beforeAll(async () => {
    folder = await newDataFolder();
    proxy = await startProxy();
    repository = await newRepository(client, 'main-job');
    service = await startServe(
      bridgeEnv({
        ...{ lakefs, mlflowUrl: mlflow.url, queueUrl, dataDir: folder.path, catalog },
        ...{ repositories: repository, experiments: experiment },
      }),
    );
    proxy.leadTo(service.url);
    const installed = await runCli(['install', repository, '--url', `${proxy.url}/hooks/lakefs`], {
      loadSettings: async () => settingsWith(lakefs, { publicUrl: service.url }),
    });
    expect(installed).toMatchObject({ code: 0, stdout: expect.stringContaining('the service accepted it') });
    const head = (await client.getBranch(repository, 'main')).commit_id;

    proxy.hold();
    const first = await commitObject(client, repository, 'main', 'gold/train.csv', 'id,value\n1,2\n');
    await waitFor('the event of the first commit', () => proxy.waiting() > 0);
    const early = await train(mlflow, [
      { experiment, name: 'early', inputs: [{ source: `s3://${repository}/${first}/gold/train.csv` }] },
    ]);
    expect(proxy.waiting()).toBe(1);
    proxy.release();

    history = { install: head, first, ...(await playHistory(client, repository, first)) };
    const at = (commit: string, path: string): string => `s3://${repository}/${commit}/${path}`;
    const late = await train(mlflow, [
      { experiment, name: 'late', inputs: [{ source: at(first, 'gold/train.csv') }] },
      { experiment, name: 'second', inputs: [{ source: at(history.second, 'gold/train.csv'), seed: 2 }] },
      { experiment, name: 'merged', inputs: [{ source: at(history.merge, 'silver/eval.csv'), seed: 3 }] },
      { experiment, name: 'declared', tags: { lakefs_repo: repository, lakefs_commit: history.pick } },
      {
        experiment,
        name: 'two',
        inputs: [
          { source: at(first, 'gold/train.csv'), seed: 4, name: 'train' },
          { source: at(history.merge, 'silver/eval.csv'), seed: 5, name: 'eval', context: 'eval' },
        ],
      },
      { experiment, name: 'nothing', inputs: [{ kind: 'code', name: 'frame', seed: 6 }] },
    ]);
    runs = { ...early, ...late };
    await waitFor('every commit and every run', settled, 60_000).catch(async (error: unknown) => {
      throw new Error(`${service.process.output()}\n${JSON.stringify(await state(), undefined, 1)}`, {
        cause: error,
      });
    });
  });
  afterAll(async () => {
    await service?.process.stop();
    await proxy?.stop();
    folder?.remove();
  });

  const consumers = () => ({
    [history.first]: '3',
    [history.second]: '1',
    [history.merge]: '2',
    [history.pick]: '1',
  });

  async function settled(): Promise<boolean> {
    const found = await catalogRuns(clients, catalog, repository);
    const counts = Object.fromEntries(
      found
        .map(tagsOf)
        .flatMap((tags) =>
          tags['lakefs.consumers'] === undefined ? [] : [[tags.lakefs_commit, tags['lakefs.consumers']]],
        ),
    );
    const all = new Set(
      found.filter(({ info }) => info.status === 'FINISHED').map((run) => tagsOf(run).lakefs_commit),
    );
    const wanted = consumers();
    return (
      Object.values(history).every((commit) => all.has(commit)) &&
      Object.entries(wanted).every(([commit, count]) => counts[commit] === count)
    );
  }

  async function state(): Promise<unknown> {
    const catalogue = (await catalogRuns(clients, catalog, repository)).map((run) => [
      run.info.status,
      tagsOf(run),
    ]);
    const tagged = await Promise.all(
      Object.entries(runs).map(async ([name, id]) => [name, await lakefsTags(clients, id)]),
    );
    return { history, catalogue, tagged };
  }

  async function search(filter: string): Promise<string[]> {
    const { experiment_id } = await clients.experiments.getExperimentByName(experiment);
    const found = (await clients.runs.searchRuns([experiment_id], filter)).runs ?? [];
    return found.map(({ info }) => info.run_name ?? '').sort();
  }

  test('each commit has one catalog run, whose tags say what the commit is', async () => {
    // A look at the branches that comes before the first commit finds the repository's beginning as their head.
    const found = (await catalogRuns(clients, catalog, repository)).filter(
      (run) => tagsOf(run)['lakefs.operation'] !== 'root',
    );
    expect(found.map((run) => tagsOf(run).lakefs_commit).sort()).toEqual(Object.values(history).sort());
    expect(found.map(({ info }) => info.lifecycle_stage)).toEqual(found.map(() => 'active'));
    const kinds: Record<keyof History, [operation: string, branch: string, consumed?: string]> = {
      install: ['import-or-squash', 'main'],
      first: ['commit', 'main', '3'],
      second: ['commit', 'main', '1'],
      side: ['commit', 'dev'],
      merge: ['merge', 'main', '2'],
      revert: ['commit', 'main'],
      pick: ['cherry-pick', 'hotfix', '1'],
    };
    for (const [name, [operation, branch, consumed]] of Object.entries(kinds)) {
      const id = history[name as keyof History];
      const commit = await client.getCommit(repository, id);
      const tags = tagsOf(runOf(found, id));
      expect(tags).toMatchObject({
        ...{ 'lakefs.kind': 'commit', lakefs_repo: repository, lakefs_branch: branch, lakefs_commit: id },
        ...{ 'lakefs.operation': operation, 'lakefs.parents': commit.parents.join(' ') },
        ...{ 'lakefs.meta_range': commit.meta_range_id, 'lakefs.committer': commit.committer },
      });
      expect([name, tags['lakefs.consumed'], tags['lakefs.consumers']]).toEqual([
        name,
        consumed === undefined ? undefined : 'yes',
        consumed,
      ]);
      const { info } = runOf(found, id) ?? {};
      expect(info).toMatchObject({ start_time: commit.creation_date * 1_000, status: 'FINISHED' });
      expect(info?.run_name).toContain(`${branch}@${id.slice(0, 12)}: `);
    }
  });

  test('the candidates are the directories that the commit changed', async () => {
    const found = await catalogRuns(clients, catalog, repository);
    const candidates = Object.fromEntries(
      Object.entries(history).map(([name, id]) => [name, sourcesOf(runOf(found, id))]),
    );
    const at = (commit: string, path: string): string => `{"uri":"s3://${repository}/${commit}/${path}"}`;
    expect(candidates).toEqual({
      install: [],
      first: [at(history.first, 'gold/')],
      second: [at(history.second, 'gold/')],
      side: [at(history.side, 'silver/')],
      merge: [at(history.merge, 'silver/')],
      revert: [at(history.revert, 'gold/')],
      pick: [at(history.pick, 'silver/')],
    });
  });

  test('runs from before and after the event are tagged, and found by one exact search', async () => {
    const guide = (commit: string, branch: string) => ({
      ...{ lakefs_repo: repository, lakefs_commit: commit, lakefs_branch: branch },
    });
    // The later one logged an equal frame under the same name: the source that MLflow shows is that of the first.
    for (const [name, evidence] of Object.entries({ early: 'exact', late: 'likely' })) {
      expect(await lakefsTags(clients, runs[name]!)).toMatchObject({
        ...guide(history.first, 'main'),
        ...{ 'lakefs.evidence': evidence, 'lakefs.status': 'current' },
      });
    }
    expect(await lakefsTags(clients, runs.second!)).toMatchObject(guide(history.second, 'main'));
    expect(await lakefsTags(clients, runs.merged!)).toMatchObject(guide(history.merge, 'main'));
    expect(await lakefsTags(clients, runs.declared!)).toMatchObject({
      ...guide(history.pick, 'hotfix'),
      'lakefs.evidence': 'declared',
    });
    expect(await lakefsTags(clients, runs.nothing!)).toEqual({});
    expect(await search(`tags.lakefs_commit = '${history.first}'`)).toEqual(['early', 'late']);
    const input = (commit: string): string => `lakefs.input.${repository}.${commit.slice(0, 12)}`;
    expect(await search(`tags.\`${input(history.first)}\` = '${history.first}'`)).toEqual(['two']);
    expect(await search(`tags.\`${input(history.merge)}\` = '${history.merge}'`)).toEqual(['two']);
    expect(await search(`tags.\`lakefs.input.${repository}\` != ''`)).toEqual(['two']);
  });

  test("lakeFS's Actions log says what becomes of a commit, and where to look", async () => {
    for (const [event, commit] of [
      ['post-commit', history.second],
      ['post-merge', history.merge],
      ['post-revert', history.revert],
      ['post-cherry-pick', history.pick],
    ] as const) {
      const output = await waitFor(`the output of ${event}`, () =>
        outputOf(client, repository, commit, event),
      );
      expect(output).toContain('this commit will be listed in MLflow as candidate datasets');
      expect(output).toContain('the runs that read it will be tagged');
      expect(output).toContain(service.url);
    }
  });

  test.skipIf(mlflow !== newest || queueUrl !== 'embedded')(
    "MLflow's Python client loads what a tagged run read, through the S3 gateway",
    async () => {
      expect(await loadInput(mlflow, lakefs, runs.early!)).toBe('id,value\n1,2\n');
    },
  );
});

interface History {
  readonly install: string;
  readonly first: string;
  readonly second: string;
  /** A commit of `dev`, which the next merges. */
  readonly side: string;
  readonly merge: string;
  readonly revert: string;
  readonly pick: string;
}

/** After the first commit: another, a merge, a revert and a cherry-pick, each on a branch that has the action. */
async function playHistory(
  client: LakefsClient,
  repository: string,
  first: string,
): Promise<Omit<History, 'install' | 'first'>> {
  const second = await commitObject(client, repository, 'main', 'gold/train.csv', 'id,value\n1,3\n');
  await client.createBranch(repository, { name: 'dev', source: 'main' });
  const side = await commitObject(client, repository, 'dev', 'silver/eval.csv', 'id,value\n7,8\n');
  const merge = await client.merge(repository, 'dev', 'main');
  await client.revert(repository, 'main', { ref: second, parent_number: 1 });
  const revert = (await client.getBranch(repository, 'main')).commit_id;
  await client.createBranch(repository, { name: 'hotfix', source: first });
  const { id: pick } = await client.cherryPick(repository, 'hotfix', { ref: side });
  return { second, side, merge, revert, pick };
}

function runOf(found: readonly Run[], commit: string): Run | undefined {
  return found.find((run) => tagsOf(run).lakefs_commit === commit);
}

function sourcesOf(run: Run | undefined): string[] {
  const inputs = run?.inputs?.dataset_inputs ?? [];
  const candidates = inputs.filter(({ tags }) => tags?.some(({ value }) => value === 'candidate'));
  return candidates.map(({ dataset }) => dataset.source);
}

async function outputOf(
  client: LakefsClient,
  repository: string,
  commit: string,
  event: string,
): Promise<string | undefined> {
  for await (const run of client.actionRuns(repository, { commit })) {
    if (run.event_type !== event) continue;
    for await (const hook of client.hookRuns(repository, run.run_id)) {
      return client.hookOutput(repository, run.run_id, hook.hook_run_id);
    }
  }
  return undefined;
}

async function loadInput(
  mlflow: { readonly url: string; readonly python: string },
  lakefs: LakefsUnderTest,
  run: string,
): Promise<string> {
  const script = [
    'import sys, mlflow',
    'run = mlflow.MlflowClient().get_run(sys.argv[1])',
    'path = mlflow.data.get_source(run.inputs.dataset_inputs[0].dataset).load()',
    'sys.stdout.write(open(path, newline="").read())',
  ].join('\n');
  const { stdout } = await promisify(execFile)(mlflow.python, ['-c', script, run], {
    env: {
      ...process.env,
      MLFLOW_TRACKING_URI: mlflow.url,
      MLFLOW_S3_ENDPOINT_URL: lakefs.endpoint,
      AWS_ACCESS_KEY_ID: lakefs.accessKeyId,
      AWS_SECRET_ACCESS_KEY: lakefs.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  return stdout;
}
