import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import type { NewJob } from '../../../src/queue/types.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.js';
import { createCountingRuntime } from '../../support/jobs/counting-runtime.js';
import { newConsumer, oneCommit } from '../../support/jobs/register-commit.js';
import { bridgeToken, clientFor } from '../../support/lakefs/lakefs.js';
import { realServers } from '../../support/servers/real-servers.js';
import { tagsOf } from '../../support/service/bridge.js';

const clients = createMlflowClients(realServers().mlflow.url);
let lakefs: Sandbox;

beforeAll(async () => {
  lakefs = await startSandbox({ env: { LAKEFSACTION_BRIDGE_TOKEN: bridgeToken } });
});
afterAll(() => lakefs.close());

/** Sweeps until the lap is round; answers with the looks that it asks for. */
async function lap(
  session: ReturnType<ReturnType<typeof createCountingRuntime>['session']>,
): Promise<NewJob[]> {
  const asked: NewJob[] = [];
  // Runs, the catalog (all tests of this server share one), what is missing in it; each a step or more.
  for (let step = 0; step < 8; step += 1) asked.push(...(await session.sweep()).queued);
  return asked.filter(({ name }) => name === 'register-commit');
}

function commitsOf(jobs: readonly NewJob[], repository: string): readonly string[] {
  return jobs.flatMap(({ payload }) =>
    'commit' in payload && payload.repository === repository ? [payload.commit] : [],
  );
}

function client() {
  return clientFor({ kind: 'sandbox', ...lakefs, stop: async () => undefined });
}

async function setUp() {
  const { repository, commit } = await oneCommit(client());
  const { experiment } = await newConsumer(clients, repository, commit, ['gold/train/b.csv']);
  const runtime = createCountingRuntime(lakefs, clients, experiment);
  const entry = async () => {
    const { experiment_id } = await clients.experiments.getExperimentByName(`lakefs/${repository}`);
    const { runs = [] } = await clients.runs.searchRuns([experiment_id], `tags.lakefs_commit = '${commit}'`);
    return tagsOf(runs[0]);
  };
  return { repository, commit, runtime, entry };
}

it('a consumer whose event was lost is counted after the next full resync', async () => {
  const { repository, commit, runtime, entry } = await setUp();
  const session = runtime.session();
  await session.register(repository, commit);
  expect(await entry()).not.toHaveProperty('lakefs.consumers');
  expect(commitsOf(await lap(session), repository)).toEqual([commit]);
  await session.look(repository, commit);
  expect(await entry()).toMatchObject({ 'lakefs.consumers': '1', 'lakefs.consumed': 'yes' });
  // Once the count is right there is nothing to ask for.
  expect(commitsOf(await lap(runtime.session()), repository)).toEqual([]);
});

it('a consumed commit whose registration was lost is registered after the next full resync', async () => {
  const { repository, commit, runtime, entry } = await setUp();
  const session = runtime.session();
  expect(commitsOf(await lap(session), repository)).toEqual([commit]);
  await session.look(repository, commit);
  expect(await entry()).toMatchObject({ 'lakefs.consumers': '1' });
});

it('a repository whose catalog a person deleted is not asked for', async () => {
  const { repository, commit, runtime } = await setUp();
  const session = runtime.session();
  await session.register(repository, commit);
  const { experiment_id } = await clients.experiments.getExperimentByName(`lakefs/${repository}`);
  await clients.experiments.deleteExperiment(experiment_id);
  expect(commitsOf(await lap(runtime.session()), repository)).toEqual([]);
});
