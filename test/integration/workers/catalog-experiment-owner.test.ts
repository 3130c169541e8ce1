import { afterAll, expect, test } from 'vitest';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { newBench } from '../../support/jobs/register-commit.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../../support/lakefs/lakefs.js';
import { realServers } from '../../support/servers/real-servers.js';

const mlflow = createMlflowClients(realServers().mlflow.url);
const servers = await lakefsUnderTest();
afterAll(() => Promise.all(servers.map((server) => server.stop())));

test('an experiment of the catalog’s name with runs of somebody else is not taken over', async () => {
  const lakefs = clientFor(servers[0]!);
  const repository = await newRepository(lakefs);
  const commit = await commitObject(lakefs, repository, 'main', 'gold/a.csv', '1');
  const bench = newBench(lakefs, mlflow);
  const id = await mlflow.experiments.createExperiment(`${bench.catalog}/${repository}`);
  const run = await mlflow.runs.createRun(id, 'of a user');
  const error = await bench.register({ repository, commit }).catch((reason: unknown) => reason);
  expect(String(error)).toMatch(/contains runs that are not ours.*setting CATALOG/);
  expect((await mlflow.experiments.getExperiment(id)).tags ?? []).toEqual([]);
  expect((await bench.runs(repository)).map(({ info }) => info.run_id)).toEqual([run.info.run_id]);
});

test('an experiment that somebody prepared under the catalog’s name is taken, and keeps its runs of ours', async () => {
  const lakefs = clientFor(servers[0]!);
  const repository = await newRepository(lakefs);
  const commit = await commitObject(lakefs, repository, 'main', 'gold/a.csv', '1');
  const bench = newBench(lakefs, mlflow);
  const id = await mlflow.experiments.createExperiment(`${bench.catalog}/${repository}`);
  await bench.register({ repository, commit });
  // As if a person had tidied up.
  await mlflow.experiments.setExperimentTag(id, 'lakefs.kind', '');
  await bench.register({ repository, commit });
  const tags = (await mlflow.experiments.getExperiment(id)).tags ?? [];
  expect(tags).toContainEqual({ key: 'lakefs.kind', value: 'catalog' });
});
