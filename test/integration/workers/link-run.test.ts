import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLinksTag } from '../../../src/contract/links-tag.js';
import { viewOf } from '../../../src/facts/runs/run-view.js';
import { createRuntime, type Runtime } from '../../support/jobs/runtime.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../../support/lakefs/lakefs.js';
import { type TrainingStep, train } from '../../support/mlflow/train.js';
import { realServers } from '../../support/servers/real-servers.js';

const { mlflow } = realServers();
const servers = await lakefsUnderTest();

describe.each(servers)('runs that read data of a $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  const experiment = `training-${randomBytes(4).toString('hex')}`;
  const uri = (commit: string, path = 'gold/train.csv', scheme = 's3'): string =>
    `${scheme}://${repo}/${commit}/${path}`;
  let repo = '';
  let a = '';
  let b = '';
  let runtime: Runtime;

  beforeAll(async () => {
    repo = await newRepository(client);
    a = await commitObject(client, repo, 'main', 'gold/train.csv', 'id,value\n1,2\n');
    b = await commitObject(client, repo, 'main', 'gold/train.csv', 'id,value\n1,3\n');
    runtime = createRuntime(lakefs, mlflow.url, { installation: { repositories: [repo] } });
  });
  afterAll(() => lakefs.stop());

  /** Trains, sweeps until all is at rest, and answers with the tags of each run. */
  async function tagsAfter(steps: readonly Omit<TrainingStep, 'experiment'>[]) {
    const runs = await train(
      mlflow,
      steps.map((step) => ({ experiment, ...step })),
    );
    await runtime.sweep();
    const tags: Record<string, Record<string, string>> = {};
    for (const [name, id] of Object.entries(runs)) {
      const view = viewOf(await runtime.mlflow.runs.getRun(id));
      tags[name] = Object.fromEntries([...view.tags].filter(([key]) => key.startsWith('lakefs')));
    }
    return { tags, runs };
  }

  test('every way to name a commit is found, and a run that says nothing is left alone', async () => {
    const { tags } = await tagsAfter([
      { name: 'pandas', inputs: [{ source: uri(a), name: 'train' }] },
      { name: 'delta', inputs: [{ source: uri(a, 'gold/', 's3a'), name: 'delta', kind: 'delta' }] },
      { name: 'spark', inputs: [{ source: uri(b, 'gold/', 's3a'), name: 'spark', kind: 'spark' }] },
      {
        name: 'http',
        inputs: [
          {
            source: `${lakefs.endpoint}/api/v1/repositories/${repo}/refs/${b}/objects?path=gold/train.csv`,
            seed: 7,
            name: 'http',
          },
        ],
      },
      { name: 'tags', tags: { lakefs_repo: repo, lakefs_commit: a } },
      { name: 'older-guide', tags: { lakefs_repo: repo, lakefs_head_commit_id: b } },
      { name: 'nothing', inputs: [{ kind: 'code', name: 'frame' }], tags: { team: 'x' } },
      { name: 'bucket', inputs: [{ source: 's3://some-bucket/data/x.csv', seed: 9, name: 'bucket' }] },
      { name: 'unknown-commit', inputs: [{ source: uri('f'.repeat(64)), seed: 11, name: 'unknown' }] },
    ]);
    const guide = (commit: string) => ({ lakefs_repo: repo, lakefs_branch: 'main', lakefs_commit: commit });
    expect(tags.pandas).toMatchObject({
      ...guide(a),
      'lakefs.evidence': 'exact',
      'lakefs.status': 'superseded',
      'lakefs.because': `${repo}/main@${b.slice(0, 12)}`,
    });
    expect(tags.delta).toMatchObject({ ...guide(a), 'lakefs.evidence': 'exact' });
    expect(tags.spark).toMatchObject({
      ...guide(b),
      'lakefs.evidence': 'exact',
      'lakefs.status': 'current',
    });
    expect(tags.spark).not.toHaveProperty('lakefs.because');
    expect(tags.http).toMatchObject({ ...guide(b), 'lakefs.evidence': 'exact' });
    expect(tags.tags).toMatchObject({ ...guide(a), 'lakefs.evidence': 'declared' });
    expect(tags['older-guide']).toMatchObject({ ...guide(b), 'lakefs.evidence': 'declared' });
    for (const name of ['nothing', 'bucket', 'unknown-commit']) expect(tags[name]).toEqual({});
  });

  test('frames that differ only after row 10,000 share one source: the second is likely at most', async () => {
    const rows = 10_002;
    const { tags, runs } = await tagsAfter([
      { name: 'first', inputs: [{ source: uri(a), rows, name: 'big' }] },
      { name: 'second', inputs: [{ source: uri(b), rows, tail: 99, name: 'big' }] },
    ]);
    const second = viewOf(await runtime.mlflow.runs.getRun(runs.second!));
    expect(second.inputs[0]?.source).toContain(a);
    expect(tags.second).toMatchObject({ 'lakefs.evidence': 'likely' });
    expect(tags.first).toMatchObject({ lakefs_commit: a, 'lakefs.evidence': 'exact' });
  });

  test('a running run is tagged, and gets the tags of the guide when it has ended', async () => {
    const { tags, runs } = await tagsAfter([
      { name: 'running', end: false, inputs: [{ source: uri(a), seed: 21 }] },
    ]);
    expect(tags.running).toMatchObject({ [`lakefs.input.${repo}.${a.slice(0, 12)}`]: a });
    expect(tags.running).not.toHaveProperty('lakefs_commit');
    await runtime.mlflow.runs.updateRun(runs.running!, 'FINISHED', Date.now());
    await runtime.sweep();
    const { tags: after } = viewOf(await runtime.mlflow.runs.getRun(runs.running!));
    expect(after.get('lakefs_commit')).toBe(a);
    expect([...after.keys()].filter((key) => key.startsWith('lakefs.input'))).toEqual([]);
  });

  test('several commits are named one by one', async () => {
    const { tags } = await tagsAfter([
      {
        name: 'two',
        inputs: [
          { source: uri(a), seed: 31, name: 'x' },
          { source: uri(b), seed: 32, name: 'y' },
        ],
      },
    ]);
    expect(tags.two).toMatchObject({
      [`lakefs.input.${repo}.${a.slice(0, 12)}`]: a,
      [`lakefs.input.${repo}.${b.slice(0, 12)}`]: b,
      [`lakefs.input.${repo}`]: '2',
    });
    expect(tags.two).not.toHaveProperty('lakefs_commit');
  });

  test('a user who writes lakefs_commit while we decide never loses it', async () => {
    const runs = await train(mlflow, [{ experiment, name: 'slow', inputs: [{ source: uri(a), seed: 41 }] }]);
    const run = runs.slow!;
    let looks = 0;
    const meddling = createRuntime(lakefs, mlflow.url, {
      installation: { repositories: [repo] },
      mlflow: (clients) => ({
        ...clients,
        // The user writes after our first look at the run, while we still gather what we need to know.
        experiments: Object.assign(Object.create(clients.experiments), {
          searchExperiment: async (...args: Parameters<typeof clients.experiments.searchExperiment>) => {
            looks += 1;
            if (looks === 1) {
              await clients.runs.setTag(run, 'lakefs_repo', repo);
              await clients.runs.setTag(run, 'lakefs_commit', b);
              await new Promise((resolve) => setTimeout(resolve, 30));
            }
            return clients.experiments.searchExperiment(...args);
          },
        }),
      }),
    });
    await meddling.run({ name: 'link-run', payload: { v: 1, server: 'default', run }, cause: 'hook' });
    const { tags } = viewOf(await runtime.mlflow.runs.getRun(run));
    expect(looks).toBeGreaterThan(0);
    expect(tags.get('lakefs_commit')).toBe(b);
    expect(readLinksTag(tags).wrote).not.toHaveProperty('lakefs_commit');
  });

  test('the model versions of a run get its link', async () => {
    const { runs } = await tagsAfter([{ name: 'model', end: false, inputs: [{ source: uri(a), seed: 45 }] }]);
    const run = runs.model!;
    const model = `churn-${randomBytes(4).toString('hex')}`;
    await runtime.mlflow.models.createRegisteredModel(model);
    await runtime.mlflow.versions.createModelVersion(model, 's3://models/x', run);
    await runtime.mlflow.runs.setTag(run, 'mlflow.log-model.history', '[]');
    await runtime.mlflow.runs.updateRun(run, 'FINISHED', Date.now());
    await runtime.sweep();
    const version = await runtime.mlflow.versions.getModelVersion(model, '1');
    expect(Object.fromEntries((version.tags ?? []).map(({ key, value }) => [key, value]))).toEqual({
      lakefs_repo: repo,
      lakefs_commit: a,
      'lakefs.status': 'superseded',
      'lakefs.because': `${repo}/main@${b.slice(0, 12)}`,
    });
  });

  test('ignored runs, deleted runs and runs that are gone are left alone', async () => {
    const { tags, runs } = await tagsAfter([
      { name: 'ignored', tags: { 'lakefs.ignore': 'true', lakefs_repo: repo, lakefs_commit: a } },
    ]);
    expect(Object.keys(tags.ignored!).sort()).toEqual(['lakefs.ignore', 'lakefs_commit', 'lakefs_repo']);
    await runtime.mlflow.runs.deleteRun(runs.ignored!);
    for (const run of [runs.ignored!, '0'.repeat(32)]) {
      const done = await runtime.run({
        name: 'link-run',
        payload: { v: 1, server: 'default', run },
        cause: 'hook',
      });
      expect(done.error).toBeUndefined();
    }
  });

  test('with wrong keys nothing is written and nothing removed, and the work waits', async () => {
    const { runs, tags } = await tagsAfter([{ name: 'keys', inputs: [{ source: uri(a), seed: 51 }] }]);
    const locked = createRuntime({ ...lakefs, secretAccessKey: 'wrong' }, mlflow.url, {
      installation: { repositories: [repo] },
    });
    const done = await locked.run({
      name: 'link-run',
      payload: { v: 1, server: 'default', run: runs.keys! },
      cause: 'hook',
    });
    expect(done.error).toMatchObject({ failure: { kind: 'unavailable' } });
    expect(String(done.error)).toContain('LAKECTL_CREDENTIALS');
    const after = viewOf(await runtime.mlflow.runs.getRun(runs.keys!)).tags;
    expect(after.get('lakefs.links')).toBe(tags.keys?.['lakefs.links']);
  });

  test('in observe mode the plan is logged and nothing is written', async () => {
    const runs = await train(mlflow, [
      { experiment, name: 'observed', inputs: [{ source: uri(a), seed: 61 }] },
    ]);
    const observer = createRuntime(lakefs, mlflow.url, {
      installation: { repositories: [repo], mode: 'observe' },
    });
    const done = await observer.run({
      name: 'link-run',
      payload: { v: 1, server: 'default', run: runs.observed! },
      cause: 'hook',
    });
    expect(done.outcome?.summary).toContain('observe mode');
    expect(done.log.join('\n')).toContain('lakefs_commit');
    const swept = await observer.sweep();
    expect(swept.flatMap(({ log }) => log).join('\n')).toContain(
      `${runs.observed}: lakefs.because, lakefs.evidence`,
    );
    expect(swept.map(({ job }) => job.name)).not.toContain('link-run');
    const { tags } = viewOf(await runtime.mlflow.runs.getRun(runs.observed!));
    expect([...tags.keys()].filter((key) => key.startsWith('lakefs'))).toEqual([]);
  });

  test('a second sweep finds nothing to do', async () => {
    await runtime.sweep();
    const done = await runtime.sweep();
    expect(done.filter(({ job }) => job.name === 'link-run')).toEqual([]);
    expect(done.filter(({ error }) => error !== undefined)).toEqual([]);
  });
});
