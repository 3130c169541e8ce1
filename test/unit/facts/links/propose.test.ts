import { afterAll, expect, test } from 'vitest';
import { createInstallations } from '../../../../src/config/installations.js';
import { proposeTags } from '../../../../src/facts/links/propose.js';
import { createServerFacts } from '../../../../src/facts/links/server.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import type { Run } from '../../../../src/mlflow/types.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { trainingMlflow } from '../../../support/mlflow/training-mlflow.js';
import { installationFor } from '../../../support/service/settings.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());

/** As a process that has just started; every run is the only writer of its datasets. */
function factsFor(run: Run) {
  const mlflow = trainingMlflow({ searchRuns: async () => ({ runs: [run] }) });
  const settings = installationFor(sandbox, mlflow.trackingUri);
  return createServerFacts(
    { name: 'default', mlflow, installations: createInstallations([{ settings, lakefs: client }]) },
    Date.now,
  );
}

test('a run whose list of links is cut keeps every tag when its repository is gone', async () => {
  const repository = await newRepository(client);
  const commits: string[] = [];
  for (let n = 0; n < 2; n += 1) {
    commits.push(await commitObject(client, repository, 'main', 'gold/x.csv', String(n)));
  }
  const paths = Array.from({ length: 30 }, (_, n) => `gold/part-${n}.csv`);
  const inputs = commits.flatMap((commit) =>
    paths.map((path) => ({
      dataset: {
        name: `${commit.slice(0, 12)}/${path}`,
        digest: 'e24a8c4a',
        source_type: 's3',
        source: JSON.stringify({ uri: `s3://${repository}/${commit}/${path}` }),
      },
    })),
  );
  const run: Run = {
    info: { run_id: 'run1', experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active' },
    data: { tags: [] },
    inputs: { dataset_inputs: inputs },
  } as unknown as Run;
  const first = await proposeTags(run, factsFor(run));
  if (first.kind !== 'tags') throw new Error(first.reason);
  expect(JSON.parse(first.plan.set.get('lakefs.links') ?? '')).toHaveProperty('more');
  const tagged = {
    ...run,
    data: { ...run.data, tags: [...first.plan.set].map(([key, value]) => ({ key, value })) },
  };
  expect((await proposeTags(tagged, factsFor(tagged))).kind).toBe('leave');
  await client.deleteRepository(repository);
  expect(await proposeTags(tagged, factsFor(tagged))).toMatchObject({
    kind: 'leave',
    reason: expect.stringContaining('cannot be read now'),
  });
});
