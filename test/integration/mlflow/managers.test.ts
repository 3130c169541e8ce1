import { describe, expect, test } from 'vitest';
import DefaultMlflow, { ApiError, Mlflow, ModelManager } from '../../../src/mlflow/index.js';
import { byKey, pairs, releases, unique } from '../../support/mlflow/values.js';

describe.each(releases())('MLflow $version:', ({ url, version }) => {
  const mlflow = new Mlflow(url);

  async function runWith(experiment: string, name: string, metrics: Record<string, number>): Promise<string> {
    const { info } = await mlflow.createRun(experiment, name);
    const list = Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: 42, step: 7 }));
    await mlflow.logBatch(info.run_id, list);
    return info.run_id;
  }

  describe('Mlflow', () => {
    test('is the default export, and hands out its clients and managers', () => {
      expect(DefaultMlflow).toBe(Mlflow);
      for (const name of [
        'ExperimentClient',
        'RunClient',
        'ModelRegistryClient',
        'ModelVersionClient',
        'ExperimentManager',
        'RunManager',
        'ModelManager',
      ] as const) {
        expect(mlflow[`get${name}`]().constructor.name).toBe(name);
      }
    });

    test('has every method of its clients and managers', () => {
      const parts = [
        mlflow.getExperimentClient(),
        mlflow.getRunClient(),
        mlflow.getModelRegistryClient(),
        mlflow.getModelVersionClient(),
        mlflow.getExperimentManager(),
        mlflow.getRunManager(),
        mlflow.getModelManager(),
      ];
      const names = parts.flatMap((part) => Object.getOwnPropertyNames(Object.getPrototypeOf(part)));
      const methods = names.filter((name) => name !== 'constructor');
      expect(methods.filter((name) => typeof Reflect.get(mlflow, name) !== 'function')).toEqual([]);
      expect(methods).toHaveLength(59);
    });

    test('its methods work detached from the object', async () => {
      const { createExperiment, getExperiment } = mlflow;
      const name = unique('bound');
      expect((await getExperiment(await createExperiment(name))).name).toBe(name);
    });

    test('says the version of the server, and which connections it uses', async () => {
      expect(await mlflow.version()).toBe(version);
      expect(mlflow.connections()).toMatch(/^(reuse|new)$/);
    });
  });

  describe('ExperimentManager', () => {
    const model = {
      artifact_path: 'model',
      flavors: { python_function: {} },
      model_url: 'STRING',
      model_uuid: 'STRING',
      utc_time_created: 1,
      mlflow_version: 'STRING',
    };

    test('runExistingExperiment logs everything and returns the info of the finished run', async () => {
      const experiment = await mlflow.createExperiment(unique('manager'));
      const metrics = [{ key: 'm', value: 1, timestamp: 2 }];
      const args = [metrics, pairs({ p: '1' }), pairs({ t: '2' }), model] as const;
      const info = await mlflow.runExistingExperiment(experiment, 'whole', ...args);
      expect(info).toMatchObject({ experiment_id: experiment, run_name: 'whole', status: 'FINISHED' });
      expect(info.end_time).toBeGreaterThan(0);
      const { data } = await mlflow.getRun(info.run_id);
      expect(byKey(data.metrics)).toEqual({ m: 1 });
      expect(byKey(data.params)).toEqual({ p: '1' });
      expect(byKey(data.tags)).toMatchObject({ t: '2' });
      expect(byKey(data.tags)['mlflow.log-model.history']).toContain(info.run_id);
      expect(model).not.toHaveProperty('run_id');
    });

    test('runNewExperiment makes the experiment first, whose name must be free', async () => {
      const name = unique('manager');
      const info = await mlflow.runNewExperiment(name, 'first');
      expect((await mlflow.getExperiment(info.experiment_id)).name).toBe(name);
      await expect(mlflow.runNewExperiment(name)).rejects.toThrow(ApiError);
    });

    test('experimentSummary returns all runs sorted by the metric, with its value', async () => {
      const experiment = await mlflow.createExperiment(unique('summary'));
      expect(await mlflow.experimentSummary(experiment, 'my score')).toEqual([]);
      for (const score of [2, 3, 1]) await runWith(experiment, `s${score}`, { 'my score': score });
      await runWith(experiment, 'none', { other: 9 });
      const names = (list: Awaited<ReturnType<typeof mlflow.experimentSummary>>) =>
        list.map((run) => [run.info.run_name, run['my score']]);
      const down = [
        ['s3', 3],
        ['s2', 2],
        ['s1', 1],
        ['none', undefined],
      ];
      const up = [
        ['s1', 1],
        ['s2', 2],
        ['s3', 3],
        ['none', undefined],
      ];
      expect(names(await mlflow.experimentSummary(experiment, 'my score'))).toEqual(down);
      expect(names(await mlflow.experimentSummary(experiment, 'my score', 1))).toEqual(down);
      expect(names(await mlflow.experimentSummary(experiment, 'my score', -1))).toEqual(up);
      expect(names(await mlflow.experimentSummary(experiment, 'my score', 'ASC'))).toEqual(up);
    });
  });

  describe('RunManager', () => {
    test('cleanupRuns deletes runs that have the metric and are not kept, and at first only says so', async () => {
      const experiment = await mlflow.createExperiment(unique('cleanup'));
      const bad = await runWith(experiment, 'bad', { score: 0.1 });
      const good = await runWith(experiment, 'good', { score: 0.9 });
      const other = await runWith(experiment, 'other', { loss: 0.1 });
      const said = await mlflow.cleanupRuns([experiment], 'metrics.score > 0.5', 'score');
      expect(said).toMatchObject({ total: 1, dryRun: true });
      expect(said.deletedRuns.map(({ info }) => info.run_id)).toEqual([bad]);
      expect((await mlflow.getRun(bad)).info.lifecycle_stage).toBe('active');
      const done = await mlflow.cleanupRuns([experiment], 'metrics.score > 0.5', 'score', false);
      expect(done).toMatchObject({ total: 1, dryRun: false });
      const stages = await Promise.all([bad, good, other].map((id) => mlflow.getRun(id)));
      expect(stages.map(({ info }) => info.lifecycle_stage)).toEqual(['deleted', 'active', 'active']);
    });

    test('copyRun copies all but artifacts and models, and says where the copy comes from', async () => {
      const [from, to] = [
        await mlflow.createExperiment(unique('from')),
        await mlflow.createExperiment(unique('to')),
      ];
      const id = await runWith(from, 'original', { score: 0.5 });
      await mlflow.logBatch(id, [], pairs({ depth: '3' }), pairs({ own: 'tag' }));
      const dataset = {
        name: unique('data'),
        digest: 'd1',
        source_type: 's3',
        source: '{"uri":"s3://r/c/p/"}',
      };
      await mlflow.logInputs(id, [{ dataset, tags: pairs({ 'mlflow.data.context': 'training' }) }]);
      const { run_info } = await mlflow.updateRun(id, 'FAILED', 9_999_999_999_999);
      const model = unique('model');
      await mlflow.createRegisteredModelWithVersion(model, 's3://b/m', id);

      const copied = await mlflow.copyRun(id, to);
      expect(copied).toMatchObject({ originalRunId: id, targetExperimentId: to });
      const copy = await mlflow.getRun(copied.newRunId);
      expect(copy.info).toMatchObject({
        experiment_id: to,
        run_name: 'original',
        status: 'FAILED',
        start_time: run_info.start_time,
        end_time: 9_999_999_999_999,
      });
      expect(copy.data.metrics).toEqual([{ key: 'score', value: 0.5, timestamp: 42, step: 7 }]);
      expect(copy.data.params).toEqual(pairs({ depth: '3' }));
      expect(copy.inputs?.dataset_inputs).toMatchObject([{ dataset }]);
      const tags = byKey(copy.data.tags);
      expect(tags).toMatchObject({
        own: 'tag',
        'mlflow.runName': 'original',
        'mlflow.source.run_id': id,
        'mlflow.source.experiment_id': from,
        'mlflow.note.models': 'Models not copied, see original run.',
      });
      expect(tags['mlflow.note.content']).toContain(`original run ID: ${id}`);
      expect(JSON.parse(tags[`original_model_${model}`]!)).toMatchObject({ name: model, version: '1' });

      const renamed = await mlflow.copyRun(id, to, 'another name');
      expect((await mlflow.getRun(renamed.newRunId)).info.run_name).toBe('another name');
    });
  });

  describe('ModelManager', () => {
    const manager = new ModelManager(url);

    async function modelWithVersions(count: number): Promise<string> {
      const name = unique('model');
      await mlflow.createRegisteredModel(name);
      for (let n = 1; n <= count; n += 1) await mlflow.createModelVersion(name, `s3://bucket/${n}`);
      return name;
    }

    test('createRegisteredModelWithVersion returns the first version', async () => {
      const name = unique('model');
      const { info } = await mlflow.createRun('0');
      const made = await manager.createRegisteredModelWithVersion(name, 's3://b/m', info.run_id);
      expect(made).toMatchObject({ name, version: '1', run_id: info.run_id });
      await expect(manager.createRegisteredModelWithVersion(name, 's3://b/m')).rejects.toThrow(ApiError);
    });

    test('updateRegisteredModelDescriptionAndTag does both and returns the model', async () => {
      const name = await modelWithVersions(0);
      const model = await manager.updateRegisteredModelDescriptionAndTag(name, 'k', 'v', 'said');
      expect(model).toMatchObject({ name, description: 'said' });
      expect(byKey((await mlflow.getRegisteredModel(name)).tags)).toEqual({ k: 'v' });
    });

    test('updateAllLatestModelVersion gives the latest version alias, tag and description', async () => {
      const name = await modelWithVersions(2);
      const updated = await manager.updateAllLatestModelVersion(name, 'best', 'said', 'k', 'v');
      expect(updated).toMatchObject({ version: '2', description: 'said', tags: pairs({ k: 'v' }) });
      expect((await mlflow.getModelVersionByAlias(name, 'best')).version).toBe('2');
    });

    test('"latest" is the highest number, even where an older version is in another stage', async () => {
      const name = await modelWithVersions(2);
      await mlflow.transitionModelVersionStage(name, '1', 'Production', false);
      await manager.setLatestModelVersionTag(name, 'k', 'v');
      expect(byKey((await mlflow.getModelVersion(name, '2')).tags)).toEqual({ k: 'v' });
    });

    test('setLatestModelVersionAlias and updateLatestModelVersion change the latest version', async () => {
      const name = await modelWithVersions(2);
      expect(await manager.setLatestModelVersionAlias(name, 'best')).toBeUndefined();
      expect((await mlflow.getModelVersionByAlias(name, 'best')).version).toBe('2');
      expect(await manager.updateLatestModelVersion(name, 'said')).toMatchObject({
        version: '2',
        description: 'said',
      });
    });

    test('updateAllModelVersion changes the version that is named', async () => {
      const name = await modelWithVersions(2);
      const updated = await manager.updateAllModelVersion(name, '1', 'old', 'k', 'v', 'said');
      expect(updated).toMatchObject({ version: '1', description: 'said' });
      expect((await mlflow.getModelVersionByAlias(name, 'old')).version).toBe('1');
    });

    test('deleteLatestModelVersion removes the latest version only', async () => {
      const name = await modelWithVersions(2);
      expect(await manager.deleteLatestModelVersion(name)).toBeUndefined();
      await expect(mlflow.getModelVersion(name, '2')).rejects.toThrow(ApiError);
      expect((await mlflow.getModelVersion(name, '1')).version).toBe('1');
    });

    test('a model without versions has no latest one, and the error says so', async () => {
      const name = await modelWithVersions(0);
      await expect(manager.deleteLatestModelVersion(name)).rejects.toThrow('Model has no version to delete');
      await expect(manager.setLatestModelVersionTag(name, 'k', 'v')).rejects.toThrow(
        'no version to set tag for',
      );
    });

    test('createModelFromRunWithBestMetric takes the run with the least or greatest value', async () => {
      const experiment = await mlflow.createExperiment(unique('best'));
      const low = await runWith(experiment, 'low', { score: -1 });
      const high = await runWith(experiment, 'high', { score: 5 });
      await runWith(experiment, 'broken', { score: Number.NaN });
      await runWith(experiment, 'other', { loss: 100 });
      for (const [which, run_id] of [
        ['min', low],
        ['max', high],
      ] as const) {
        const name = unique('best-model');
        await manager.createModelFromRunWithBestMetric([experiment], 'score', which, name);
        const { artifact_uri } = (await mlflow.getRun(run_id)).info;
        expect(await mlflow.getModelVersion(name, '1')).toMatchObject({ run_id, source: artifact_uri });
      }
    });

    test('createModelFromRunWithBestMetric makes no model where no run has the metric', async () => {
      const experiment = await mlflow.createExperiment(unique('best'));
      const name = unique('best-model');
      await expect(
        manager.createModelFromRunWithBestMetric([experiment], 'score', 'max', name),
      ).rejects.toThrow('no run of the experiments has the metric "score"');
      await expect(mlflow.getRegisteredModel(name)).rejects.toThrow('not found');
    });
  });
});
