import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.js';
import { createCountingRuntime } from '../../support/jobs/counting-runtime.js';
import { oneCommit } from '../../support/jobs/register-commit.js';
import { bridgeToken, clientFor } from '../../support/lakefs/lakefs.js';
import { realServers } from '../../support/servers/real-servers.js';

const { runs, experiments, ...clients } = createMlflowClients(realServers().mlflow.url);
let lakefs: Sandbox;

beforeAll(async () => {
  lakefs = await startSandbox({ env: { LAKEFSACTION_BRIDGE_TOKEN: bridgeToken } });
});
afterAll(() => lakefs.close());

it('a run that shows up with times of a month ago is found by the next sweep, on a real MLflow', async () => {
  const { repository, commit } = await oneCommit(
    clientFor({ kind: 'sandbox', ...lakefs, stop: async () => undefined }),
  );
  const name = `late-${Date.now()}`;
  const experiment = await experiments.createExperiment(name);
  const session = createCountingRuntime(lakefs, { ...clients, runs, experiments }, name).session();
  const month = 30 * 24 * 3_600_000;
  const started = Date.now() - month;
  for (let n = 0; n < 20; n += 1) {
    const { info } = await runs.createRun(experiment, `old-${n}`, started + n);
    await runs.updateRun(info.run_id, 'FINISHED', started + 60_000);
  }
  // The runs, then the slow lap: the runs again, the catalog, what is missing in it. It begins again in a day.
  for (let n = 0; n < 8; n += 1) await session.sweep();
  const { info } = await runs.createRun(experiment, 'late', started + 5, [
    { key: 'lakefs_repo', value: repository },
    { key: 'lakefs_commit', value: commit },
  ]);
  await runs.updateRun(info.run_id, 'FINISHED', started + 60_000);
  const { queued } = await session.sweep(30_000);
  const linked = queued.flatMap((job) => ('run' in job.payload ? [job.payload.run] : []));
  expect(linked).toEqual([info.run_id]);
});
