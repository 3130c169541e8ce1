import { afterAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { createCountingRuntime } from '../../../support/jobs/counting-runtime.js';
import { bridgeToken, clientFor, commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { memoryMlflow } from '../../../support/mlflow/memory-mlflow.js';

const lakefs = await startSandbox({ env: { LAKEFSACTION_BRIDGE_TOKEN: bridgeToken } });
afterAll(() => lakefs.close());
const day = 24 * 3_600_000;

/** A server with so many old runs that name nothing, all of which have been looked at. */
async function seenServer(count: number) {
  const memory = memoryMlflow();
  const { experiments, runs } = memory.clients;
  const experiment = await experiments.createExperiment('training');
  const first = Date.now() - 40 * day;
  for (let n = 0; n < count; n += 1) {
    const { info } = await runs.createRun(experiment, 'old', first + n * 1_000);
    await runs.updateRun(info.run_id, 'FINISHED', first + n * 1_000 + 500);
  }
  const client = clientFor({ kind: 'sandbox', ...lakefs, stop: async () => undefined });
  const repository = await newRepository(client, 'late');
  const commit = await commitObject(client, repository, 'main', 'gold/train/part-0', 'content');
  const session = createCountingRuntime(lakefs, memory.clients, 'training').session();
  // All runs, and then the slow lap over them, which does not begin again for a day.
  for (let n = 0; n < count / 500 + 4; n += 1) await session.sweep(60_000);
  const tags = [
    { key: 'lakefs_repo', value: repository },
    { key: 'lakefs_commit', value: commit },
  ];
  const add = async (at: number, end: number | undefined, given = tags): Promise<string> => {
    const { info } = await runs.createRun(experiment, 'late', at, given);
    if (end !== undefined) await runs.updateRun(info.run_id, 'FINISHED', end);
    return info.run_id;
  };
  /** Sweeps by the default interval until the run is found; answers with the seconds that took. */
  const secondsUntilFound = async (run: string): Promise<number | undefined> => {
    for (let seconds = 30; seconds <= 600; seconds += 30) {
      const { queued } = await session.sweep(30_000);
      if (queued.some(({ payload }) => 'run' in payload && payload.run === run)) return seconds;
    }
    return undefined;
  };
  const wait = async (ms: number): Promise<void> => {
    for (let waited = 0; waited < ms; waited += 30_000) await session.sweep(30_000);
  };
  return { add, secondsUntilFound, wait, runs, tags };
}

describe('on a server with 10,000 runs', async () => {
  const server = await seenServer(10_000);

  test.each([
    ['a day', day],
    ['a month', 30 * day],
    ['fifty years (MLflow stores 0 where no start was sent)', Date.now()],
  ])('a run whose times lie %s back as it shows up is found within 2 minutes', async (_name, age) => {
    const at = Math.max(0, Date.now() - age);
    expect(await server.secondsUntilFound(await server.add(at, at + 60_000))).toBeLessThanOrEqual(120);
  });

  test('a run that is imported step by step, and ended with a time long ago, is found within 2 minutes', async () => {
    const at = Date.now() - 20 * day;
    const run = await server.add(at, undefined, []);
    await server.wait(90_000);
    await server.runs.logBatch(run, [], [], server.tags);
    await server.runs.updateRun(run, 'FINISHED', at + 60_000);
    expect(await server.secondsUntilFound(run)).toBeLessThanOrEqual(120);
  });
});
