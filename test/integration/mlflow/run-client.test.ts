import { beforeAll, describe, expect, test } from 'vitest';
import {
  ApiError,
  allExperiments,
  allRuns,
  ExperimentClient,
  isNotActive,
  isNotFound,
  RunClient,
} from '../../../src/mlflow/index.js';
import { byKey, pairs, releases, unique } from '../../support/mlflow/values.js';

describe.each(releases())('MLflow $version:', ({ url }) => {
  const experiments = new ExperimentClient(url);
  const client = new RunClient(url);
  let experiment: string;

  beforeAll(async () => {
    experiment = await experiments.createExperiment(unique('runs'));
  });

  async function newRun(): Promise<string> {
    return (await client.createRun(experiment, 'a run')).info.run_id;
  }

  describe('createRun', () => {
    test('returns the run with its name, time and tags', async () => {
      const run = await client.createRun(
        experiment,
        'named',
        1_234,
        pairs({ lakefs_commit: 'c', 'a.b': 'ü' }),
      );
      expect(run.info).toMatchObject({
        experiment_id: experiment,
        run_name: 'named',
        start_time: 1_234,
        status: 'RUNNING',
        lifecycle_stage: 'active',
      });
      expect(byKey(run.data.tags)).toMatchObject({ lakefs_commit: 'c', 'a.b': 'ü' });
    });

    test('takes the time of now where none is given', async () => {
      const before = Date.now();
      const { info } = await client.createRun(experiment);
      expect(info.start_time).toBeGreaterThanOrEqual(before);
      expect(info.start_time).toBeLessThanOrEqual(Date.now());
    });

    test('with one tag key twice keeps the last, where MLflow itself would refuse', async () => {
      const run = await client.createRun(experiment, 'n', 1, [...pairs({ k: 'a' }), ...pairs({ k: 'b' })]);
      expect(byKey(run.data.tags)).toMatchObject({ k: 'b' });
    });

    test('in an experiment that is not there throws', async () => {
      await expect(client.createRun('987654321')).rejects.toThrow(/^Error creating run: /);
    });
  });

  test('getRun returns the run, and says where there is none', async () => {
    const id = await newRun();
    expect((await client.getRun(id)).info.run_id).toBe(id);
    const error: unknown = await client.getRun('0'.repeat(32)).catch((reason: unknown) => reason);
    expect(isNotFound(error)).toBe(true);
    expect(error).toMatchObject({ statusCode: 404, error_code: 'RESOURCE_DOES_NOT_EXIST' });
  });

  test('restoreRun undoes deleteRun, also twice; a deleted run cannot be written', async () => {
    const id = await newRun();
    expect(await client.deleteRun(id)).toBeUndefined();
    await client.deleteRun(id);
    expect((await client.getRun(id)).info.lifecycle_stage).toBe('deleted');
    for (const write of [
      () => client.setTag(id, 'k', 'v'),
      () => client.logBatch(id, [], [], pairs({ k: 'v' })),
    ]) {
      expect(isNotActive(await write().catch((error: unknown) => error))).toBe(true);
    }
    expect(await client.restoreRun(id)).toBeUndefined();
    await client.restoreRun(id);
    expect((await client.getRun(id)).info.lifecycle_stage).toBe('active');
  });

  test('updateRun returns the new info and changes what is given only', async () => {
    const id = await newRun();
    const { run_info } = await client.updateRun(id, 'FINISHED', 5_000);
    expect(run_info).toMatchObject({ run_id: id, status: 'FINISHED', end_time: 5_000, run_name: 'a run' });
    await client.updateRun(id, undefined, undefined, 'renamed');
    expect((await client.getRun(id)).info).toMatchObject({
      status: 'FINISHED',
      end_time: 5_000,
      run_name: 'renamed',
    });
  });

  test('logMetric logs values one by one, also those that JSON cannot hold', async () => {
    const id = await newRun();
    expect(await client.logMetric(id, 'loss', 0.5, 10, 1)).toBeUndefined();
    await client.logMetric(id, 'loss', 0.25, 20, 2);
    await client.logMetric(id, 'broken', Number.NaN);
    const { data } = await client.getRun(id);
    expect(data.metrics).toContainEqual({ key: 'loss', value: 0.25, timestamp: 20, step: 2 });
    expect(byKey(data.metrics)).toMatchObject({ broken: Number.NaN });
  });

  test('getMetricHistory returns every value, or a page with the token of the next', async () => {
    const id = await newRun();
    const values = [3, 1, 2].map((value, n) => ({ key: 'm', value, timestamp: 100 + n, step: n }));
    await client.logBatch(id, values);
    expect((await client.getMetricHistory(id, 'm')).metrics).toEqual(values);
    expect((await client.getMetricHistory(id, 'none')).metrics).toEqual([]);
    const first = await client.getMetricHistory(id, 'm', undefined, 2);
    expect(first.metrics).toEqual(values.slice(0, 2));
    const second = await client.getMetricHistory(id, 'm', first.next_page_token, 2);
    expect(second.metrics).toEqual(values.slice(2));
  });

  test('logBatch logs metrics, params and tags at once', async () => {
    const id = await newRun();
    const metrics = [{ key: 'm', value: 1.5, timestamp: 7, step: 3 }];
    expect(await client.logBatch(id, metrics, pairs({ p: '1' }), pairs({ t: '2' }))).toBeUndefined();
    const { data } = await client.getRun(id);
    expect(data.metrics).toEqual(metrics);
    expect(data.params).toEqual(pairs({ p: '1' }));
    expect(byKey(data.tags)).toMatchObject({ t: '2' });
  });

  test('logBatch takes more than MLflow takes in one request', async () => {
    const id = await newRun();
    const many = (what: string, count: number) =>
      Array.from({ length: count }, (_, n) => ({ key: `${what}${n}`, value: String(n) }));
    const metrics = many('m', 1_001).map(({ key, value }) => ({ key, value: Number(value), timestamp: 1 }));
    await client.logBatch(id, metrics, many('p', 101), many('t', 101));
    const { data } = await client.getRun(id);
    expect(data.metrics).toHaveLength(1_001);
    expect(data.params).toHaveLength(101);
    expect(byKey(data.tags)).toMatchObject({ t0: '0', t100: '100' });
  });

  test('logBatch of nothing says where the run is missing', async () => {
    await expect(client.logBatch(await newRun())).resolves.toBeUndefined();
    await expect(client.logBatch('0'.repeat(32))).rejects.toThrow(/^Error logging batch: /);
  });

  test('logParam sets a param once', async () => {
    const id = await newRun();
    expect(await client.logParam(id, 'depth', '3')).toBeUndefined();
    await client.logParam(id, 'depth', '3');
    await expect(client.logParam(id, 'depth', '4')).rejects.toThrow(ApiError);
    expect((await client.getRun(id)).data.params).toEqual(pairs({ depth: '3' }));
  });

  test('setTag and deleteTag set, overwrite and remove', async () => {
    const id = await newRun();
    await client.setTag(id, 'k', 'old');
    expect(await client.setTag(id, 'k', 'new')).toBeUndefined();
    expect(byKey((await client.getRun(id)).data.tags)).toMatchObject({ k: 'new' });
    expect(await client.deleteTag(id, 'k')).toBeUndefined();
    expect(byKey((await client.getRun(id)).data.tags)).not.toHaveProperty('k');
    expect(isNotFound(await client.deleteTag(id, 'k').catch((error: unknown) => error))).toBe(true);
  });

  test('logModel adds the model to the history of the run', async () => {
    const id = await newRun();
    const model = { artifact_path: 'model', flavors: { python_function: {} }, model_uuid: 'u', run_id: id };
    const file = { ...model, utc_time_created: '2026-01-01 00:00:00.000000' };
    expect(await client.logModel(id, JSON.stringify(file))).toBeUndefined();
    const history = byKey((await client.getRun(id)).data.tags)['mlflow.log-model.history'];
    expect(JSON.parse(history!)).toMatchObject([{ artifact_path: 'model', model_uuid: 'u' }]);
  });

  test('logInputs logs datasets with their tags', async () => {
    const id = await newRun();
    const dataset = {
      name: 'repo/gold',
      digest: 'abcdef012345',
      source_type: 's3',
      source: '{"uri":"s3://repo/abcdef/gold/"}',
      profile: '{"objects":3}',
    };
    const tags = pairs({ 'mlflow.data.context': 'candidate' });
    expect(await client.logInputs(id, [{ dataset, tags }])).toBeUndefined();
    expect((await client.getRun(id)).inputs?.dataset_inputs).toEqual([{ dataset, tags }]);
  });

  test('eight writers that race for the same new dataset and the same new tag all succeed', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, newRun));
    for (const round of [1, 2, 3]) {
      const dataset = { name: 'raced', digest: unique(`${round}`), source_type: 's3', source: '{}' };
      const all = [...ids.map((id) => client.logInputs(id, [{ dataset }])), client.setTag(ids[0]!, 'k', 'v')];
      await expect(Promise.all(all)).resolves.toBeDefined();
    }
    const { inputs } = await client.getRun(ids[7]!);
    expect(inputs?.dataset_inputs).toHaveLength(3);
  });

  test('searchRuns filters, sorts and pages', async () => {
    const own = await experiments.createExperiment(unique('search'));
    for (const n of [1, 2, 3])
      await client.createRun(own, `r${n}`, n, pairs({ 'lakefs.x': n === 2 ? 'b' : 'a' }));
    const found = await client.searchRuns([own], "tags.`lakefs.x` = 'a'", 'ACTIVE_ONLY', 1, [
      'attributes.start_time ASC',
    ]);
    expect(found.runs?.map(({ info }) => info.run_name)).toEqual(['r1']);
    const next = await client.searchRuns(
      [own],
      "tags.`lakefs.x` = 'a'",
      undefined,
      1,
      ['attributes.start_time ASC'],
      found.next_page_token,
    );
    expect(next.runs?.map(({ info }) => info.run_name)).toEqual(['r3']);
    expect(await client.searchRuns([own], "tags.`lakefs.x` = 'none'")).toEqual({});
    await expect(client.searchRuns([own], 'nonsense')).rejects.toThrow(ApiError);
  });

  test('allRuns and allExperiments read all pages', async () => {
    const own = await experiments.createExperiment(unique('pages'));
    for (const n of [1, 2, 3, 4, 5]) await client.createRun(own, `r${n}`, n);
    const names: (string | undefined)[] = [];
    for await (const { info } of allRuns(client, [own], { pageSize: 2 })) names.push(info.run_name);
    expect(names).toEqual(['r1', 'r2', 'r3', 'r4', 'r5']);
    const found: string[] = [];
    for await (const one of allExperiments(experiments, `name LIKE 'pages-%'`)) found.push(one.experiment_id);
    expect(found).toContain(own);
  });

  test('listArtifacts returns the root, and files where there are some', async () => {
    const id = await newRun();
    const { info } = await client.getRun(id);
    expect(await client.listArtifacts(id)).toEqual({ root_uri: info.artifact_uri });
    const upload = `${url}/api/2.0/mlflow-artifacts/artifacts/${experiment}/${id}/artifacts/sub/a.txt`;
    await fetch(upload, { method: 'PUT', body: 'hello' });
    expect((await client.listArtifacts(id)).files).toEqual([{ path: 'sub', is_dir: true }]);
    expect((await client.listArtifacts(id, 'sub')).files).toEqual([
      { path: 'sub/a.txt', is_dir: false, file_size: 5 },
    ]);
  });
});
