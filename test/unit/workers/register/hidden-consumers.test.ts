import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { ApiError } from '../../../../src/mlflow/api-error.js';
import type { MlflowClients } from '../../../../src/mlflow/clients.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { createCountingRuntime } from '../../../support/jobs/counting-runtime.js';
import { bridgeToken, clientFor, commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { type MemoryMlflow, memoryMlflow } from '../../../support/mlflow/memory-mlflow.js';
import { replaced } from '../../../support/replaced.js';

const lakefs = await startSandbox({ env: { LAKEFSACTION_BRIDGE_TOKEN: bridgeToken } });
afterAll(() => lakefs.close());

/** As MLflow with logins does it: what a user may not read is dropped from every list without a word. */
function withholding({ clients }: MemoryMlflow, withheld: ReadonlySet<string>): MlflowClients {
  const { experiments, runs } = clients;
  const forbidden = (): ApiError =>
    new ApiError({ name: 'MLflow', method: 'GET', url: 'memory:', status: 403, body: 'Permission denied' });
  const seen = replaced(experiments, 'searchExperiment', async (...args) => {
    const page = await experiments.searchExperiment(...args);
    return {
      ...page,
      experiments: (page.experiments ?? []).filter(({ experiment_id }) => !withheld.has(experiment_id)),
    };
  });
  return {
    ...clients,
    experiments: replaced(seen, 'getExperiment', async (id) => {
      if (withheld.has(id)) throw forbidden();
      return experiments.getExperiment(id);
    }),
    runs: replaced(runs, 'searchRuns', async (ids, ...rest) =>
      runs.searchRuns(
        ids.filter((id) => !withheld.has(id)),
        ...rest,
      ),
    ),
  };
}

describe('of two runs in two experiments that consumed a commit', () => {
  const withheld = new Set<string>();
  let memory: MemoryMlflow;
  let runtime: ReturnType<ReturnType<typeof createCountingRuntime>['session']>;
  let repository: string;
  let commit: string;
  let readers: string[];

  async function addReader(name: string): Promise<string> {
    const { experiments, runs } = memory.clients;
    const experiment = await experiments.createExperiment(name);
    const { info } = await runs.createRun(experiment, name, Date.now(), [
      { key: 'lakefs_repo', value: repository },
      { key: 'lakefs_commit', value: commit },
    ]);
    await runs.updateRun(info.run_id, 'FINISHED', Date.now());
    runtime = createCountingRuntime(lakefs, withholding(memory, withheld), '*').session();
    await runtime.link(info.run_id);
    return info.run_id;
  }

  /** The count after a look, by a process that remembers nothing. */
  async function count(): Promise<string | undefined> {
    await runtime.look(repository, commit);
    runtime = createCountingRuntime(lakefs, withholding(memory, withheld), '*').session();
    const run = [...memory.runs.values()].find(({ data }) =>
      data.tags?.some(({ key, value }) => key === 'lakefs.kind' && value === 'commit'),
    );
    return run?.data.tags?.find(({ key }) => key === 'lakefs.consumers')?.value;
  }

  function experimentOf(run: string): string {
    return memory.runs.get(run)!.info.experiment_id;
  }

  beforeEach(async () => {
    withheld.clear();
    memory = memoryMlflow();
    runtime = createCountingRuntime(lakefs, withholding(memory, withheld), '*').session();
    const client = clientFor({ kind: 'sandbox', ...lakefs, stop: async () => undefined });
    repository = await newRepository(client, 'hidden');
    commit = await commitObject(client, repository, 'main', 'gold/train/part-0', 'content');
    readers = [await addReader('one'), await addReader('two')];
    expect(await count()).toBe('2');
  });

  test('both count while the right on one experiment is withdrawn, and one more is counted where it comes', async () => {
    withheld.add(experimentOf(readers[1]!));
    expect(await count()).toBe('2');
    expect(await count()).toBe('2');
    for (const name of ['three', 'four']) await addReader(name);
    expect(await count()).toBe('3');
    withheld.clear();
    expect(await count()).toBe('4');
  });

  test('a deleted run counts no more', async () => {
    await memory.clients.runs.deleteRun(readers[1]!);
    expect(await count()).toBe('1');
  });

  test('a run that names another commit now counts no more', async () => {
    await memory.clients.runs.setTag(readers[1]!, 'lakefs_commit', 'f'.repeat(64));
    await runtime.link(readers[1]!);
    expect(await count()).toBe('1');
  });

  test('the runs of an experiment that is deleted, or gone for good, count no more', async () => {
    const id = experimentOf(readers[1]!);
    const experiment = memory.experiments.get(id)!;
    memory.experiments.set(id, { ...experiment, lifecycle_stage: 'deleted' });
    await memory.clients.runs.deleteRun(readers[1]!);
    expect(await count()).toBe('1');
    const other = experimentOf(readers[0]!);
    memory.experiments.delete(other);
    memory.runs.delete(readers[0]!);
    expect(await count()).toBe('0');
  });
});
