import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readCommitChanges } from '../../../src/facts/datasets/commit-changes.js';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { newBench, oneCommit } from '../../support/jobs/register-commit.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../../support/lakefs/lakefs.js';
import { realServers } from '../../support/servers/real-servers.js';
import { tagsOf } from '../../support/service/bridge.js';

const servers = realServers();
const mlflow = createMlflowClients(servers.mlflow.url);
const _writes = ['createExperiment', 'setExperimentTag', 'createRun', 'logInputs', 'logBatch', 'updateRun'];

describe.each(await lakefsUnderTest())('on $kind lakeFS', (server) => {
  const lakefs = clientFor(server);

  test('a commit becomes a finished run with a candidate for each dataset that it changed', async () => {
    const bench = newBench(lakefs, mlflow);
    const { repository, commit } = await oneCommit(lakefs);
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
    expect(bench.lines[0]).toContain('changed gold/train_v2/: 1 added, 8 B (folder of its objects)');
    expect(bench.queued).toEqual([
      { name: 'sweep-runs', payload: { v: 1, server: 'default' }, cause: 'hook' },
    ]);
  });

  test('where MLflow shows another source under our name and digest, a longer digest distinguishes them', async () => {
    for (const known of [servers.mlflow, servers.mlflowOlder]) {
      if (known === null) continue;
      const clients = createMlflowClients(known.url);
      const bench = newBench(lakefs, clients);
      const { repository, commit } = await oneCommit(lakefs);
      // MLflow before 3.10 has one row for the whole server, later ones have one for each experiment.
      const name = known === servers.mlflow ? `${bench.catalog}/${repository}` : `other-${repository}`;
      // Somebody logged a run of their own into a catalog experiment of ours.
      const ours = [{ key: 'lakefs.kind', value: 'catalog' }];
      const other = await clients.runs.createRun(
        await clients.experiments.createExperiment(name, undefined, ours),
      );
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
    const { repository, commit } = await oneCommit(lakefs);
    await bench.register({ repository, commit });
    const experiment = await mlflow.experiments.getExperimentByName(`${bench.catalog}/${repository}`);
    const { creation_date } = await lakefs.getRepository(repository);
    expect(Object.fromEntries((experiment.tags ?? []).map(({ key, value }) => [key, value]))).toMatchObject({
      'lakefs.kind': 'catalog',
      'lakefs.contract': '1',
      'lakefs.repository_created': String(creation_date),
    });
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

  test('a commit that is too long to read is known by its prefixes', async () => {
    const repository = await newRepository(lakefs);
    const paths = ['gold/train/a', 'gold/train/b', 'gold/train_v2/a', 'raw/dt=2024-01-01/a', '_lakefs_x/y'];
    for (const path of paths) await lakefs.uploadObject(repository, 'main', path, 'x');
    const { id } = await lakefs.commit(repository, 'main', { message: 'Much' });
    const answer = await readCommitChanges(lakefs, repository, await lakefs.getCommit(repository, id), 4);
    expect(answer.complete).toBe(false);
    expect(answer.changes.map(({ path }) => path).sort()).toEqual([
      '_lakefs_x/',
      'gold/train/',
      'gold/train_v2/',
      'raw/',
    ]);
  });

  test('a merge is compared with its first parent', async () => {
    const bench = newBench(lakefs, mlflow);
    const { repository } = await oneCommit(lakefs);
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
    const { repository, commit } = await oneCommit(lakefs);
    await commitObject(lakefs, repository, 'main', 'later/x', 'x');
    await bench.register({ repository, commit });
    expect(tagsOf((await bench.runs(repository))[0]).lakefs_branch).toBe('main');
  });

  test('a branch that is not watched labels nothing', async () => {
    const bench = newBench(lakefs, mlflow, { branches: ['prod'] });
    const { repository, commit } = await oneCommit(lakefs);
    await bench.register({ repository, commit, branch: 'main' });
    const [run] = await bench.runs(repository);
    expect(tagsOf(run)).not.toHaveProperty('lakefs_branch');
    expect(run?.info.run_name).toBe(`${commit.slice(0, 12)}: Add training data`);
  });

  test('the Python client loads a candidate', { timeout: 120_000 }, async () => {
    const bench = newBench(lakefs, mlflow);
    const { repository, commit } = await oneCommit(lakefs);
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
