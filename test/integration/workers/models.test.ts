import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { viewOf } from '../../../src/facts/runs/run-view.js';
import type { KeyValue } from '../../../src/mlflow/types.js';
import { createRuntime, type Runtime } from '../../support/jobs/runtime.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../../support/lakefs/lakefs.js';
import { withoutWatermark } from '../../support/mlflow/watermark.js';
import { realServers } from '../../support/servers/real-servers.js';

const { mlflow } = realServers();
const servers = await lakefsUnderTest();

describe.each(servers)('models and commits that runs made, on a $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  let experiment = '';
  let repo = '';
  let commit = '';
  let runtime: Runtime;

  beforeAll(async () => {
    repo = await newRepository(client);
    commit = await commitObject(client, repo, 'main', 'gold/train.csv', 'id,value\n1,2\n');
    experiment = await createRuntime(lakefs, mlflow.url).mlflow.experiments.createExperiment(
      `models-${randomBytes(4).toString('hex')}`,
    );
  });
  // Each has its own clock, which its sweeps put forward.
  beforeEach(() => {
    runtime = createRuntime(lakefs, mlflow.url, {
      installation: { repositories: [repo] },
      mlflow: withoutWatermark,
    });
  });
  afterAll(() => lakefs.stop());

  const ofOurs = (tags: readonly KeyValue[] = []): Record<string, string> =>
    Object.fromEntries(
      tags.filter(({ key }) => key.startsWith('lakefs')).map(({ key, value }) => [key, value]),
    );
  const linked = () => ({ ...declared(), 'lakefs.status': 'current' });

  /** Runs of MLflow's own client are in other tests: what they look like makes no difference here. */
  async function newRun(tags: Record<string, string> = {}, end = true): Promise<string> {
    const pairs = Object.entries(tags).map(([key, value]) => ({ key, value }));
    const { info } = await runtime.mlflow.runs.createRun(experiment, undefined, Date.now(), pairs);
    if (end) await runtime.mlflow.runs.updateRun(info.run_id, 'FINISHED', Date.now());
    return info.run_id;
  }

  const declared = () => ({ lakefs_repo: repo, lakefs_commit: commit });

  async function linkedRun(tags: Record<string, string> = {}): Promise<string> {
    const run = await newRun({ ...declared(), ...tags });
    await runtime.sweep();
    return run;
  }

  async function newModel(): Promise<string> {
    const model = `churn-${randomBytes(4).toString('hex')}`;
    await runtime.mlflow.models.createRegisteredModel(model);
    return model;
  }

  async function register(run: string): Promise<string> {
    const model = await newModel();
    await runtime.mlflow.versions.createModelVersion(model, 's3://models/x', run);
    return model;
  }

  async function send(method: 'POST' | 'PATCH', endpoint: string, body: object): Promise<unknown> {
    const answer = await fetch(`${mlflow.url}/api/2.0/mlflow/${endpoint}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    return answer.json();
  }

  const tagsOfVersion = async (model: string) =>
    ofOurs((await runtime.mlflow.versions.getModelVersion(model, '1')).tags);

  test('a model that is registered after its run was tagged gets the tags in the next sweep', async () => {
    const run = await linkedRun();
    const model = await register(run);
    expect(await tagsOfVersion(model)).toEqual({});
    await runtime.sweep();
    expect(await tagsOfVersion(model)).toEqual(linked());
    // Nothing is left to do.
    const again = await runtime.sweep();
    expect(again.filter(({ job }) => job.name === 'link-run')).toEqual([]);
  });

  test('a tag of ours on a version that somebody took away comes back, and a user’s value stays', async () => {
    const run = await linkedRun();
    const model = await register(run);
    await runtime.mlflow.versions.setModelVersionTag(model, '1', 'lakefs_commit', 'mine');
    await runtime.sweep();
    expect(await tagsOfVersion(model)).toEqual({ ...linked(), lakefs_commit: 'mine' });
    await runtime.mlflow.versions.deleteModelVersionTag(model, '1', 'lakefs.status');
    await runtime.sweep();
    expect(await tagsOfVersion(model)).toEqual({ ...linked(), lakefs_commit: 'mine' });
  });

  test('versions of runs that are not linked, ignored, deleted or gone get nothing', async () => {
    const plain = await newRun();
    const ignored = await linkedRun({ 'lakefs.ignore': 'true' });
    const deleted = await linkedRun();
    const models = [await register(plain), await register(ignored), await register(deleted)];
    models.push(await register('0'.repeat(32)), await register(''));
    await runtime.mlflow.runs.deleteRun(deleted);
    const done = await runtime.sweep();
    expect(done.filter(({ error }) => error !== undefined)).toEqual([]);
    for (const model of models) expect(await tagsOfVersion(model)).toEqual({});
  });

  test('a logged model of MLflow 3 gets the tags of its run, and so does the version made of it', async () => {
    const run = await newRun(declared(), false);
    const made = (await send('POST', 'logged-models', {
      experiment_id: experiment,
      name: 'boats',
      source_run_id: run,
    })) as { model: { info: { model_id: string } } };
    const id = made.model.info.model_id;
    await send('POST', 'runs/outputs', { run_id: run, models: [{ model_id: id, step: 0 }] });
    await runtime.mlflow.runs.updateRun(run, 'FINISHED', Date.now());
    await runtime.sweep();
    expect(ofOurs((await runtime.mlflow.loggedModels.getLoggedModel(id)).info.tags)).toEqual(linked());
    // As MLflow 3's client registers it: by the logged model, without a run, which the server fills in.
    await send('PATCH', `logged-models/${id}`, { model_id: id, status: 'LOGGED_MODEL_READY' });
    const model = await newModel();
    await send('POST', 'model-versions/create', { name: model, source: `models:/${id}`, model_id: id });
    await runtime.sweep();
    expect(await tagsOfVersion(model)).toEqual(linked());
  });

  describe('a commit whose metadata names a run', () => {
    const producedTags = async (run: string): Promise<Record<string, string>> =>
      Object.fromEntries(
        [...viewOf(await runtime.mlflow.runs.getRun(run)).tags].filter(([key]) =>
          key.startsWith('lakefs.produced.'),
        ),
      );
    const commitWith = async (metadata: Record<string, string>): Promise<string> => {
      await client.uploadObject(repo, 'main', `scores/${randomBytes(4).toString('hex')}.csv`, 'x');
      return (await client.commit(repo, 'main', { message: 'Scores', metadata })).id;
    };
    const registered = async (id: string) => {
      runtime.waiting.push({
        name: 'register-commit',
        payload: { v: 1, installation: 'default', repository: repo, commit: id, branch: 'main' },
        cause: 'hook',
      });
      return runtime.drain();
    };

    test('by its id or the address of its page, which tags the run', async () => {
      const maker = await newRun();
      const byId = await commitWith({ mlflow_run_id: maker });
      const byPage = await commitWith({
        '::lakefs::MLflow::url[url:ui]': `${mlflow.url}/#/experiments/1/runs/${maker}`,
      });
      await registered(byId);
      await registered(byPage);
      expect(await producedTags(maker)).toEqual({
        [`lakefs.produced.${repo}.${byId.slice(0, 12)}`]: byId,
        [`lakefs.produced.${repo}.${byPage.slice(0, 12)}`]: byPage,
      });
    });

    test('by a version of its model', async () => {
      const run = await linkedRun();
      const model = await register(run);
      const id = await commitWith({ model: `models:/${model}/1` });
      await registered(id);
      expect(Object.values(await producedTags(run))).toEqual([id]);
    });

    test('is found by the full resync where the job for its run was lost', async () => {
      const lost = await newRun();
      const id = await commitWith({ run: lost });
      runtime.waiting.push({
        name: 'register-commit',
        payload: { v: 1, installation: 'default', repository: repo, commit: id, branch: 'main' },
        cause: 'hook',
      });
      const job = runtime.waiting.pop()!;
      await runtime.run(job);
      runtime.waiting.length = 0;
      expect(await producedTags(lost)).toEqual({});
      const fresh = createRuntime(lakefs, mlflow.url, { installation: { repositories: [repo] } });
      await fresh.sweep();
      expect(Object.values(await producedTags(lost))).toEqual([id]);
    });

    test('that is ignored, or that MLflow does not have, changes nothing', async () => {
      const ignored = await newRun({ 'lakefs.ignore': 'true' });
      const done = [
        ...(await registered(await commitWith({ run_id: ignored }))),
        ...(await registered(await commitWith({ run_id: 'f'.repeat(32), model: 'models:/nothing/1' }))),
      ];
      expect(done.filter(({ error }) => error !== undefined)).toEqual([]);
      expect(await producedTags(ignored)).toEqual({});
    });
  });
});
