import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createMlflowClients, type MlflowClients } from '../../src/mlflow/clients.js';
import type { DatasetInput, Run } from '../../src/mlflow/types.js';
import { memoryMlflow } from '../support/mlflow/memory-mlflow.js';
import { realServers } from '../support/servers/real-servers.js';

test('the MLflow in memory answers as the real one', async () => {
  const name = `memory-${randomBytes(4).toString('hex')}`;
  const real = await script(createMlflowClients(realServers().mlflow.url), name);
  expect(await script(memoryMlflow().clients, name)).toEqual(real);
});

/** Asks what the jobs ask, with what is easily got wrong; ids of one server are replaced by what they stand for. */
async function script({ experiments, runs }: MlflowClients, name: string): Promise<unknown> {
  const experiment = await experiments.createExperiment(name, undefined, [{ key: 'kind', value: 'x' }]);
  const other = await experiments.createExperiment(`${name}-other`);
  await experiments.setExperimentTag(experiment, 'kind', 'y');
  const input = (uri: string, digest = 'd1'): DatasetInput => ({
    tags: [{ key: 'mlflow.data.context', value: uri }],
    dataset: { name: 'train', digest, source_type: 's3', source: JSON.stringify({ uri }) },
  });
  const first = await runs.createRun(experiment, 'first', 1_000, [{ key: 'a b', value: '1' }]);
  const second = await runs.createRun(experiment, 'second', 2_000);
  const third = await runs.createRun(other, 'third', 3_000);
  const [one, two, three] = [first, second, third].map(({ info }) => info.run_id) as [string, string, string];
  const names = new Map([
    [one, 'first'],
    [two, 'second'],
    [three, 'third'],
  ]);
  await runs.logInputs(one, [input('s3://x/1')]);
  await runs.logInputs(two, [input('s3://x/2'), input('s3://x/3', 'd2')]);
  await runs.logInputs(two, [input('s3://x/4')]);
  await runs.logInputs(three, [input('s3://x/5')]);
  await runs.logBatch(one, undefined, undefined, [
    { key: 'lakefs.input.r.0', value: 'c' },
    { key: 'lakefs_commit', value: 'c' },
  ]);
  await runs.setTag(two, 'lakefs_commit', 'd');
  await runs.setTag(two, 'gone', 'x');
  await runs.deleteTag(two, 'gone');
  await runs.updateRun(one, 'FINISHED', 5_000);
  await runs.deleteRun(three);
  const find = async (filter: string, view?: 'ALL', max?: number, order?: string[]) => {
    const page = await runs.searchRuns([experiment, other], filter, view, max, order);
    return [(page.runs ?? []).map(({ info }) => names.get(info.run_id)), page.next_page_token !== undefined];
  };
  const refused = (asked: Promise<unknown>) =>
    asked.then(
      () => 'done',
      (error: { status?: number; error_code?: string; text?: string }) => [error.status, error.error_code],
    );
  return {
    experiment: [
      (await experiments.getExperimentByName(name)).tags,
      await refused(experiments.createExperiment(name)),
    ],
    unknown: [
      await refused(experiments.getExperimentByName(`${name}-not`)),
      await refused(runs.getRun('0'.repeat(32))),
      await refused(runs.deleteTag(two, 'never')),
      await refused(runs.setTag(three, 'x', 'y')),
      await refused(runs.logInputs(three, [])),
    ],
    views: await Promise.all([one, two, three].map(async (id) => viewOf(await runs.getRun(id)))),
    found: [
      await find(''),
      await find('', 'ALL', 10, ['attributes.start_time ASC']),
      await find('', 'ALL', 1),
      await find("tags.lakefs_commit = 'c'"),
      await find("tags.`lakefs.input.r.0` = 'c'"),
      await find("tags.lakefs_commit != 'c'"),
      await find("dataset.digest = 'd1'", 'ALL', 10, ['attributes.start_time ASC']),
      await find("attributes.status = 'RUNNING' AND attributes.start_time >= 1000"),
      await find('attributes.start_time < 2000'),
      await find('attributes.start_time <= 2000'),
      await find('attributes.start_time > 1000'),
      await find('attributes.end_time >= 5000 AND attributes.start_time < 6000'),
      await find(`attributes.run_id IN ('${one}','${three}')`, 'ALL'),
    ],
  };
}

/** What decisions look at. */
function viewOf({ info, data, inputs }: Run): unknown {
  const ours = (data.tags ?? []).filter(({ key }) => !key.startsWith('mlflow.'));
  return {
    info: [info.run_name, info.status, info.start_time, info.end_time, info.lifecycle_stage],
    tags: ours.map(({ key, value }) => `${key}=${value}`).sort(),
    inputs: (inputs?.dataset_inputs ?? [])
      .map(({ dataset, tags }) => [dataset.digest, dataset.source, tags])
      .sort(([a], [b]) => String(a).localeCompare(String(b))),
  };
}
