import { expect, test } from 'vitest';
import { createDatasetWriters } from '../../../../src/facts/runs/dataset-writers.js';
import { createHeavyRuns } from '../../../../src/facts/runs/known-runs.js';
import type { MlflowClients } from '../../../../src/mlflow/clients.js';
import { createSearchScope } from '../../../../src/mlflow/search-scope.js';
import { runView } from '../../../support/runs/run-views.js';

const dataset = { name: 'train', digest: 'e24a8c4a' };

/** A server on which these runs, id and start time, have logged the dataset. */
function writersAmong(found: readonly (readonly [string, number])[]) {
  const runs = found.map(([run_id, start_time]) => ({
    info: { run_id, start_time },
    inputs: { dataset_inputs: [{ dataset }] },
  }));
  const mlflow = {
    searchScope: createSearchScope(),
    runs: { searchRuns: async () => ({ runs }) },
  } as unknown as MlflowClients;
  return createDatasetWriters(mlflow, async (id) => [id], createHeavyRuns(Date.now), Date.now);
}

test.each<[string, (readonly [string, number])[], boolean]>([
  ['itself alone', [['run1', 1_000]], true],
  [
    'itself and one that began after its end',
    [
      ['run1', 1_000],
      ['run2', 2_001],
    ],
    true,
  ],
  [
    'itself and one that began before its end',
    [
      ['run1', 1_000],
      ['run2', 1_999],
    ],
    false,
  ],
  ['another alone', [['run2', 2_001]], false],
  // The search has not seen the run: who knows what else it has not seen.
  ['nothing', [], false],
])('a run is the sole writer where the search shows %s: %s', async (_case, found, sole) => {
  expect(await writersAmong(found).isSole(runView(), dataset)).toBe(sole);
});
