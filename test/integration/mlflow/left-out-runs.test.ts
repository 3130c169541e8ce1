import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { releases, unique } from '../../support/mlflow/values.js';

test.each(releases())('MLflow $version leaves out up to a thousand runs by their ids', async ({ url }) => {
  const { experiments, runs } = createMlflowClients(url);
  const experiment = await experiments.createExperiment(unique('left-out'));
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1)
    ids.push((await runs.createRun(experiment, `run-${n}`, 1_000 + n)).info.run_id);
  const others = Array.from({ length: 998 }, () => randomUUID().replaceAll('-', ''));
  const without = async (left: readonly string[]): Promise<readonly string[]> => {
    const list = left.map((id) => `'${id}'`).join(',');
    const filter = `attributes.start_time >= 1000 AND attributes.start_time <= 1002 AND attributes.run_id NOT IN (${list})`;
    const { runs: found = [] } = await runs.searchRuns([experiment], filter, 'ALL');
    return found.map(({ info }) => info.run_id);
  };
  expect([...(await without(ids.slice(1, 2)))].sort()).toEqual([ids[0], ids[2]].sort());
  expect(await without([...ids.slice(0, 2), ...others])).toEqual([ids[2]]);
});
