import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { failureOf } from '../../../src/domain/failure.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import { LakefsError } from '../../../src/lakefs/errors.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../../support/lakefs.js';
import { newBench, tagsOf, watched } from './register-commit-support.js';

const servers = inject('servers');
const mlflow = createMlflowClients(servers.mlflow.url);
const writes = ['createExperiment', 'setExperimentTag', 'createRun', 'logInputs', 'logBatch', 'updateRun'];

describe.each(await lakefsUnderTest())('on $kind lakeFS', (server) => {
  const lakefs = clientFor(server);

  async function oneCommit(): Promise<{ repository: string; commit: string }> {
    const repository = await newRepository(lakefs);
    await lakefs.uploadObject(repository, 'main', 'gold/train_v2/a.csv', 'x,y\n1,2\n');
    await lakefs.uploadObject(repository, 'main', 'gold/train/b.csv', 'x\n');
    const { id } = await lakefs.commit(repository, 'main', { message: 'Add training data\n\nby hand' });
    return { repository, commit: id };
  }

  test('a commit becomes a finished run with a candidate for each dataset that it changed', async () => {
    const bench = newBench(lakefs, mlflow);
    const { repository, commit } = await oneCommit();
    const outcome = await bench.register({ repository, commit, branch: 'main' });

    const [run, ...others] = await bench.runs(repository);
    expect(others).toEqual([]);
    const { creation_date, parents, meta_range_id } = await lakefs.getCommit(repository, commit);
    expect(run?.info).toMatchObject({
      run_name: `main@${commit.slice(0, 12)}: Add training data`,
      status: 'FINISHED',
      start_time: creation_date * 1_000,
      end_time: creation_date * 1_000,
    });
    expect(tagsOf(run)).toMatchObject({
      'lakefs.kind': 'commit',
      lakefs_repo: repository,
      lakefs_branch: 'main',
      lakefs_commit: commit,
      'lakefs.operation': 'commit',
      'lakefs.parents': parents.join(' '),
      'lakefs.meta_range': meta_range_id,
      'lakefs.status': 'current',
    });
    expect(tagsOf(run)['mlflow.note.content']).toContain(`/repositories/${repository}/commits/${commit}`);
    expect(Object.fromEntries((run?.data.metrics ?? []).map(({ key, value }) => [key, value]))).toEqual({
      objects_added: 2,
      objects_changed: 0,
      objects_removed: 0,
      bytes: 10,
    });
    const inputs = run?.inputs?.dataset_inputs ?? [];
    expect(inputs.map(({ dataset }) => dataset.source).sort()).toEqual([
      `{"uri":"s3://${repository}/${commit}/gold/train/"}`,
      `{"uri":"s3://${repository}/${commit}/gold/train_v2/"}`,
    ]);
    expect(inputs[0]).toMatchObject({
      tags: [{ key: 'mlflow.data.context', value: 'candidate' }],
      dataset: { source_type: 's3', digest: commit.slice(0, 12) },
    });
    expect(outcome.links?.mlflow).toMatch(new RegExp(`/#/experiments/\\d+/runs/${run?.info.run_id}$`));
    expect(outcome.summary).toBe(`registered ${commit.slice(0, 12)} with 2 candidates`);
    expect(bench.lines[0]).toContain('changed gold/train_v2/: 1 added, 8 B');
    expect(bench.queued).toEqual([
      { name: 'sweep-runs', payload: { v: 1, server: 'default' }, cause: 'hook' },
    ]);
  });

  test("where MLflow shows another's source under our name and digest, a longer digest tells them apart", async () => {
    for (const known of [servers.mlflow, servers.mlflowOlder]) {
      if (known === null) continue;
      const clients = createMlflowClients(known.url);
      const bench = newBench(lakefs, clients);
      const { repository, commit } = await oneCommit();
      // MLflow before 3.10 has one row for the whole server, later ones have one for each experiment.
      const name = known === servers.mlflow ? `${bench.catalog}/${repository}` : `other-${repository}`;
      const other = await clients.runs.createRun(await clients.experiments.createExperiment(name));
      const dataset = {
        name: `${repository}/gold/train`,
        digest: commit.slice(0, 12),
        source_type: 's3',
        source: '{"uri":"s3://elsewhere/"}',
      };
      await clients.runs.logInputs(other.info.run_id, [{ dataset }]);
      await bench.register({ repository, commit });
      await bench.register({ repository, commit });
      const run = (await bench.runs(repository)).find((found) => tagsOf(found)['lakefs.kind'] === 'commit');
      const inputs = (run?.inputs?.dataset_inputs ?? []).map((input) => input.dataset);
      expect(inputs.find(({ digest }) => digest === commit.slice(0, 36))).toMatchObject({
        name: `${repository}/gold/train`,
        source: `{"uri":"s3://${repository}/${commit}/gold/train/"}`,
      });
      expect(inputs.length).toBe(3);
    }
  });

  test('the experiment says what it is', async () => {
    const bench = newBench(lakefs, mlflow);
    const { repository, commit } = await oneCommit();
    await bench.register({ repository, commit });
    const experiment = await mlflow.experiments.getExperimentByName(`${bench.catalog}/${repository}`);
    const { creation_date } = await lakefs.getRepository(repository);
    expect(Object.fromEntries((experiment.tags ?? []).map(({ key, value }) => [key, value]))).toMatchObject({
      'lakefs.kind': 'catalog',
      'lakefs.contract': '1',
      'lakefs.repository_created': String(creation_date),
    });
  });

  test('a second delivery writes nothing and asks for nothing', async () => {
    const { repository, commit } = await oneCommit();
    const first = newBench(lakefs, mlflow);
    await first.register({ repository, commit, branch: 'main' });
    const called: string[] = [];
    const second = newBench(
      lakefs,
      watched(mlflow, (method) => called.push(method)),
      { catalog: first.catalog },
    );
    await second.register({ repository, commit, branch: 'main' });
    expect(called.filter((method) => writes.includes(method))).toEqual([]);
    expect(called.length).toBeLessThanOrEqual(5);
    expect(second.queued).toEqual([]);
  });

  test.each(['before it is sent', 'after its answer is lost'] as const)(
    'a crash of any call to MLflow, %s, is made good by the next try',
    async (when) => {
      const { repository, commit } = await oneCommit();
      const consumer = await newConsumer(repository, commit, ['gold/train/b.csv']);
      const states: unknown[] = [];
      for (let point = 1; ; point += 1) {
        const crash = (_: string, call: number): void => {
          if (call === point) throw new Error(`crash at call ${point}`);
        };
        const broken =
          when === 'before it is sent' ? watched(mlflow, crash) : watched(mlflow, () => undefined, crash);
        const only = { experiments: [consumer.experiment] };
        const first = newBench(lakefs, broken, only);
        const crashed = await first.register({ repository, commit, branch: 'main' }).then(
          () => false,
          () => true,
        );
        const again = newBench(lakefs, mlflow, { ...only, catalog: first.catalog });
        await again.register({ repository, commit, branch: 'main' });
        states.push((await again.runs(repository)).map(withoutIds));
        if (!crashed) break;
      }
      expect(states.length).toBeGreaterThan(8);
      for (const state of states) expect(state).toEqual(states.at(-1));
      expect(states.at(-1)).toMatchObject([{ status: 'FINISHED', tags: { 'lakefs.consumers': '1' } }]);
    },
  );

  test('two workers at once leave one run', async () => {
    const { repository, commit } = await oneCommit();
    const one = newBench(lakefs, mlflow);
    const two = newBench(lakefs, mlflow, { catalog: one.catalog });
    const both = [one, two].map((bench) => bench.register({ repository, commit, branch: 'main' }));
    for (const result of await Promise.allSettled(both)) {
      if (result.status === 'rejected') expect(failureOf(result.reason)?.kind).toBe('transient');
    }
    await one.register({ repository, commit, branch: 'main' });
    const runs = await one.runs(repository);
    const active = runs.filter(({ info }) => info.lifecycle_stage === 'active');
    expect(active.map((run) => tagsOf(run)['lakefs.kind'])).toEqual(['commit']);
    expect(active[0]?.inputs?.dataset_inputs?.length).toBe(2);
    const gone = runs.filter(({ info }) => info.lifecycle_stage === 'deleted');
    expect(gone.every((run) => tagsOf(run)['lakefs.kind'] === 'double')).toBe(true);
  });

  test('of doubles found later the smallest id stays', async () => {
    const { repository, commit } = await oneCommit();
    const bench = newBench(lakefs, mlflow);
    await bench.register({ repository, commit });
    const [first] = await bench.runs(repository);
    const copy = await mlflow.runs.createRun(
      first?.info.experiment_id ?? '',
      'copy',
      1,
      Object.entries(tagsOf(first))
        .map(([key, value]) => ({ key, value }))
        .filter(({ key }) => key !== 'mlflow.runName'),
    );
    await bench.register({ repository, commit });
    const kept = [first?.info.run_id, copy.info.run_id].sort()[0];
    const runs = await bench.runs(repository);
    expect(runs.filter(({ info }) => info.lifecycle_stage === 'active')).toMatchObject([
      { info: { run_id: kept, status: 'FINISHED' } },
    ]);
  });

  test('a run that a person deleted is never made again', async () => {
    const { repository, commit } = await oneCommit();
    const bench = newBench(lakefs, mlflow);
    await bench.register({ repository, commit });
    const [run] = await bench.runs(repository);
    await mlflow.runs.deleteRun(run?.info.run_id ?? '');
    const outcome = await bench.register({ repository, commit });
    expect(outcome.summary).toMatch(/^hidden: /);
    expect((await bench.runs(repository)).map(({ info }) => info.lifecycle_stage)).toEqual(['deleted']);
  });

  test('a deleted catalog experiment is not restored; the failure says what to do', async () => {
    const { repository, commit } = await oneCommit();
    const bench = newBench(lakefs, mlflow);
    await bench.register({ repository, commit });
    const name = `${bench.catalog}/${repository}`;
    const { experiment_id } = await mlflow.experiments.getExperimentByName(name);
    await mlflow.experiments.deleteExperiment(experiment_id);
    const error: unknown = await bench.register({ repository, commit }).catch((reason: unknown) => reason);
    expect(failureOf(error)?.kind).toBe('permanent');
    expect(String(error)).toContain(`mlflow experiments restore -x ${experiment_id}`);
    expect((await mlflow.experiments.getExperimentByName(name)).lifecycle_stage).toBe('deleted');
  });

  test('a catalog experiment that is tagged lakefs.ignore is left alone', async () => {
    const { repository, commit } = await oneCommit();
    const bench = newBench(lakefs, mlflow);
    await mlflow.experiments.createExperiment(`${bench.catalog}/${repository}`, undefined, [
      { key: 'lakefs.ignore', value: 'true' },
    ]);
    await expect(bench.register({ repository, commit })).rejects.toThrow(/lakefs\.ignore/);
    expect(await bench.runs(repository)).toEqual([]);
  });

  test('a commit of nothing but the action file has a run without candidates', async () => {
    const bench = newBench(lakefs, mlflow);
    const repository = await newRepository(lakefs);
    const yaml =
      'name: lakefs-mlflow\non:\n  post-commit:\nhooks:\n  - id: notify\n    type: webhook\n    properties:\n      url: "http://127.0.0.1:1/"\n';
    const commit = await commitObject(lakefs, repository, 'main', '_lakefs_actions/a.yaml', yaml);
    await bench.register({ repository, commit });
    const [run] = await bench.runs(repository);
    expect(run?.inputs?.dataset_inputs ?? []).toEqual([]);
    expect(run?.info.status).toBe('FINISHED');
    expect(bench.lines[0]).toBe('changed 1 object, none of them data');
  });

  test('a path that the commit emptied is no candidate, one that has objects left is', async () => {
    const bench = newBench(lakefs, mlflow);
    const repository = await newRepository(lakefs);
    for (const path of ['gone/a', 'left/a', 'left/b'])
      await lakefs.uploadObject(repository, 'main', path, 'x');
    await lakefs.commit(repository, 'main', { message: 'Add' });
    for (const path of ['gone/a', 'left/a']) await lakefs.deleteObject(repository, 'main', path);
    const { id: commit } = await lakefs.commit(repository, 'main', { message: 'Remove' });
    await bench.register({ repository, commit });
    const [run] = await bench.runs(repository);
    expect(run?.inputs?.dataset_inputs?.map(({ dataset }) => dataset.name)).toEqual([`${repository}/left`]);
  });

  test('a merge is compared with its first parent', async () => {
    const bench = newBench(lakefs, mlflow);
    const { repository } = await oneCommit();
    await lakefs.createBranch(repository, { name: 'dev', source: 'main' });
    await commitObject(lakefs, repository, 'dev', 'silver/c.csv', 'x');
    await commitObject(lakefs, repository, 'main', 'raw/d.csv', 'x');
    const commit = await lakefs.merge(repository, 'dev', 'main');
    await bench.register({ repository, commit, branch: 'main' });
    const [run] = await bench.runs(repository);
    expect(tagsOf(run)).toMatchObject({ 'lakefs.operation': 'merge' });
    expect(tagsOf(run)['lakefs.parents']?.split(' ').length).toBe(2);
    expect(run?.inputs?.dataset_inputs?.map(({ dataset }) => dataset.name)).toEqual([`${repository}/silver`]);
  });

  test('an import has its operation', async () => {
    const bench = newBench(lakefs, mlflow);
    const repository = await newRepository(lakefs);
    await lakefs.uploadObject(repository, 'main', 'in/a', 'x');
    const metadata = { '.lakefs.merge.strategy': 'source-wins' };
    const { id: commit } = await lakefs.commit(repository, 'main', { message: 'Import', metadata });
    await bench.register({ repository, commit });
    expect(tagsOf((await bench.runs(repository))[0])['lakefs.operation']).toBe('import-or-squash');
  });

  test('control characters and unicode in a message do no harm', async () => {
    const bench = newBench(lakefs, mlflow);
    const repository = await newRepository(lakefs);
    await lakefs.uploadObject(repository, 'main', 'größe/数据 🎉.csv', 'x');
    const { id: commit } = await lakefs.commit(repository, 'main', {
      message: 'Größe\u0007 🎉\u001b[31m\n'.repeat(500),
      metadata: { 'ключ\u0001': 'wert\u0002' },
    });
    await bench.register({ repository, commit, branch: 'main' });
    const [run] = await bench.runs(repository);
    expect(run?.info.run_name).toBe(`main@${commit.slice(0, 12)}: Größe 🎉 [31m`);
    expect(run?.inputs?.dataset_inputs?.[0]?.dataset).toMatchObject({
      name: `${repository}/größe`,
      source: `{"uri":"s3://${repository}/${commit}/größe/"}`,
    });
  });

  test('a commit that no event named gets the label of a watched branch that holds it', async () => {
    const bench = newBench(lakefs, mlflow);
    const { repository, commit } = await oneCommit();
    await commitObject(lakefs, repository, 'main', 'later/x', 'x');
    await bench.register({ repository, commit });
    expect(tagsOf((await bench.runs(repository))[0]).lakefs_branch).toBe('main');
  });

  test('a branch that is not watched labels nothing', async () => {
    const bench = newBench(lakefs, mlflow, { branches: ['prod'] });
    const { repository, commit } = await oneCommit();
    await bench.register({ repository, commit, branch: 'main' });
    const [run] = await bench.runs(repository);
    expect(tagsOf(run)).not.toHaveProperty('lakefs_branch');
    expect(run?.info.run_name).toBe(`${commit.slice(0, 12)}: Add training data`);
  });

  test('a commit that lakeFS does not hold is ignored, also where its name is a branch', async () => {
    const bench = newBench(lakefs, mlflow);
    const { repository } = await oneCommit();
    for (const commit of ['0'.repeat(64), 'main']) {
      const outcome = await bench.register({ repository, commit, branch: 'nowhere' });
      expect(outcome.summary).toMatch(/^ignored: lakeFS has no commit/);
    }
    expect(bench.queued).toEqual([]);
  });

  test('a commit that a branch lists but that answers 404 is tried again', async () => {
    const { repository, commit } = await oneCommit();
    const hiding: LakefsClient = {
      ...lakefs,
      getCommit: (name) => lakefs.getCommit(name, '0'.repeat(64)),
    };
    const error = await newBench(hiding, mlflow)
      .register({ repository, commit })
      .catch((reason: unknown) => reason);
    expect(failureOf(error)?.kind).toBe('transient');
  });

  test('a repository that is not watched is ignored', async () => {
    const bench = newBench(lakefs, mlflow, { repositories: ['other-*'] });
    const { repository, commit } = await oneCommit();
    expect((await bench.register({ repository, commit })).summary).toMatch(/not watched/);
  });

  test.each([
    ['an installation that nobody configured', { installation: 'nowhere' }, /no installation "nowhere"/],
    ['a repository that is not there', { repository: 'not-there' }, /has no repository "not-there"/],
  ])('%s is a failure that says so', async (_, payload, message) => {
    const error = await newBench(lakefs, mlflow)
      .register({ repository: 'x', commit: '0'.repeat(64), ...payload })
      .catch((reason: unknown) => reason);
    expect(String(error)).toMatch(message);
    expect(failureOf(error)?.kind).toBe('permanent');
  });

  test('wrong keys for lakeFS write nothing, and the job waits', async () => {
    const { repository, commit } = await oneCommit();
    const { endpoint } = lakefs;
    const refused = createLakefsClient({ endpoint, accessKeyId: 'AKIAWRONG', secretAccessKey: 'wrong' });
    const called: string[] = [];
    const bench = newBench(
      refused,
      watched(mlflow, (method) => called.push(method)),
    );
    const error = await bench.register({ repository, commit }).catch((reason: unknown) => reason);
    expect(failureOf(error)?.kind).toBe('unavailable');
    expect(called).toEqual([]);
  });

  test.each([401, 403, 404, 500, undefined])(
    'whatever lakeFS read fails with %s, no tag and no input of a run that is there changes',
    async (status) => {
      const { repository, commit } = await oneCommit();
      const good = newBench(lakefs, mlflow);
      await good.register({ repository, commit });
      const before = await good.runs(repository);
      const reads = ['getRepository', 'getCommit', 'diff', 'objects', 'branches', 'mergeBase', 'log'];
      for (const read of reads) {
        const broken = { ...lakefs, [read]: () => failing(status) };
        const bench = newBench(broken, mlflow, { catalog: good.catalog });
        await bench.register({ repository, commit }).catch((error: unknown) => {
          expect(failureOf(error)).toBeDefined();
        });
        expect(await good.runs(repository)).toEqual(before);
      }
    },
  );

  test('runs that consumed the commit are counted, whatever tag they are found by', async () => {
    const { repository, commit } = await oneCommit();
    const consumer = await newConsumer(repository, commit, ['gold/train/b.csv']);
    const tag = `lakefs.input.${repository}.${commit.slice(0, 12)}`;
    const { experiment_id } = await mlflow.experiments.getExperimentByName(consumer.experiment);
    await mlflow.runs.createRun(experiment_id, 'by input', 1, [{ key: tag, value: commit }]);
    const bench = newBench(lakefs, mlflow, { experiments: [consumer.experiment] });
    const outcome = await bench.register({ repository, commit });
    const hash = createHash('sha256').update('gold/train/b.csv').digest('hex').slice(0, 12);
    expect(tagsOf((await bench.runs(repository))[0])).toMatchObject({
      'lakefs.consumed': 'yes',
      'lakefs.consumers': '2',
      [`lakefs.read.${hash}`]: 'gold/train/b.csv',
    });
    expect(outcome.summary).toMatch(/consumed by 2 runs$/);
    expect(bench.lines.at(-1)).toMatch(/^2 runs consumed it: http/);
  });

  test('two repositories with the same commit id have an entry and consumers each', async () => {
    const { commit, repositories } = await twins(lakefs);
    const [one = '', two = ''] = repositories;
    const consumer = await newConsumer(one, commit, []);
    const bench = newBench(lakefs, mlflow, { experiments: [consumer.experiment] });
    await bench.register({ repository: one, commit });
    await bench.register({ repository: two, commit });
    expect(tagsOf((await bench.runs(one))[0])['lakefs.consumers']).toBe('1');
    expect(tagsOf((await bench.runs(two))[0])).not.toHaveProperty('lakefs.consumers');
  });

  test('when a repository was made anew under its name, entries from before are gone', async () => {
    const { repository, commit } = await oneCommit();
    const bench = newBench(lakefs, mlflow);
    await bench.register({ repository, commit });
    const [run] = await bench.runs(repository);
    const experiment = run?.info.experiment_id ?? '';
    const old = await mlflow.runs.createRun(experiment, 'old', 1_000, [
      { key: 'lakefs.kind', value: 'commit' },
      { key: 'lakefs_commit', value: 'e'.repeat(64) },
      { key: 'lakefs.status', value: 'current' },
    ]);
    await mlflow.experiments.setExperimentTag(experiment, 'lakefs.repository_created', '1');
    await bench.register({ repository, commit });
    const runs = await bench.runs(repository);
    const statusOf = (id: string | undefined): string | undefined =>
      tagsOf(runs.find(({ info }) => info.run_id === id))['lakefs.status'];
    expect(statusOf(old.info.run_id)).toBe('gone');
    expect(statusOf(run?.info.run_id)).toBe('current');
  });

  test('the Python client loads a candidate', { timeout: 120_000 }, async () => {
    const bench = newBench(lakefs, mlflow);
    const { repository, commit } = await oneCommit();
    await bench.register({ repository, commit });
    const [run] = await bench.runs(repository);
    const script = [
      'import os, sys, mlflow',
      'run = mlflow.MlflowClient().get_run(sys.argv[1])',
      'path = mlflow.data.get_source(run.inputs.dataset_inputs[0]).load()',
      'print(sorted(os.listdir(path)))',
    ].join('\n');
    const { stdout } = await promisify(execFile)(
      servers.mlflow.python,
      ['-c', script, run?.info.run_id ?? ''],
      {
        env: {
          ...process.env,
          MLFLOW_TRACKING_URI: servers.mlflow.url,
          MLFLOW_S3_ENDPOINT_URL: server.endpoint,
          AWS_ACCESS_KEY_ID: server.accessKeyId,
          AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
          AWS_EC2_METADATA_DISABLED: 'true',
        },
      },
    );
    expect(stdout.trim()).toMatch(/^\['(a|b)\.csv'\]$/);
  });
});

/** A finished run with the tags that the job which links runs would write, in an experiment of its own. */
async function newConsumer(
  repository: string,
  commit: string,
  paths: readonly string[],
): Promise<{ experiment: string }> {
  const experiment = `training-${repository}-${Math.random()}`;
  const id = await mlflow.experiments.createExperiment(experiment);
  const links = paths.map((path) => ({
    ...{ installation: 'default', repository, commit, ref: commit, path },
    ...{ where: 'input', name: 'd', kind: 'exact', certain: true, flags: [] },
  }));
  await mlflow.runs.createRun(id, 'consumer', 1, [
    { key: 'lakefs_repo', value: repository },
    { key: 'lakefs_commit', value: commit },
    { key: 'lakefs.links', value: JSON.stringify({ links, wrote: {} }) },
  ]);
  return { experiment };
}

/** Two repositories that were made in the same second have the same first commit. */
async function twins(lakefs: LakefsClient): Promise<{ commit: string; repositories: string[] }> {
  for (;;) {
    const repositories = await Promise.all([newRepository(lakefs), newRepository(lakefs)]);
    const heads = await Promise.all(repositories.map((name) => lakefs.getBranch(name, 'main')));
    const [one, two] = heads.map(({ commit_id }) => commit_id);
    if (one !== undefined && one === two) return { commit: one, repositories };
  }
}

function withoutIds(run: Parameters<typeof tagsOf>[0]): unknown {
  return {
    name: run?.info.run_name,
    status: run?.info.status,
    start: run?.info.start_time,
    end: run?.info.end_time,
    stage: run?.info.lifecycle_stage,
    tags: tagsOf(run),
    metrics: run?.data.metrics,
    inputs: run?.inputs,
  };
}

/** Rejects, or throws at the first step of a listing. */
function failing(status: number | undefined): Promise<never> & AsyncIterable<never> {
  const error = new LakefsError({
    name: 'lakeFS',
    method: 'GET',
    url: 'http://lakefs.example/api/v1/repositories/x',
    status,
    purpose: undefined,
    body: '{"message":"no"}',
    json: { message: 'no' },
    code: status === undefined ? 'ETIMEDOUT' : undefined,
    retryAfterMs: undefined,
  });
  const rejected = Promise.reject(error);
  rejected.catch(() => undefined);
  return Object.assign(rejected, {
    [Symbol.asyncIterator]: () => ({ next: () => rejected }),
  });
}
