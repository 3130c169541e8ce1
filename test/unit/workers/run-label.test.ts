import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/index.js';
import { createCountingRuntime } from '../../support/jobs/counting-runtime.js';
import { bridgeToken, clientFor, commitObject, newRepository } from '../../support/lakefs/lakefs.js';
import { type MemoryMlflow, memoryMlflow } from '../../support/mlflow/memory-mlflow.js';

const lakefs = await startSandbox({ env: { LAKEFSACTION_BRIDGE_TOKEN: bridgeToken } });
const client = clientFor({ kind: 'sandbox', ...lakefs, stop: async () => undefined });
afterAll(() => lakefs.close());

describe('the lakefs_branch of a run that was linked before its commit was registered', () => {
  let memory: MemoryMlflow;
  let runtime: ReturnType<ReturnType<typeof createCountingRuntime>['session']>;
  let repository: string;
  let commit: string;
  let reader: string;

  const branchOf = (id: string): string | undefined =>
    memory.runs.get(id)!.data.tags?.find(({ key }) => key === 'lakefs_branch')?.value;

  function catalogRun(): string {
    const found = [...memory.runs.values()].find(({ data }) =>
      data.tags?.some(({ key, value }) => key === 'lakefs.kind' && value === 'commit'),
    );
    return found!.info.run_id;
  }

  async function addReader(): Promise<string> {
    const experiment = (await memory.clients.experiments.getExperimentByName('training')).experiment_id;
    const { info } = await memory.clients.runs.createRun(experiment, 'r', Date.now());
    const source = JSON.stringify({ uri: `s3://${repository}/${commit}/gold/train/part-0` });
    const dataset = { name: `d-${info.run_id}`, digest: 'd', source_type: 's3', source };
    await memory.clients.runs.logInputs(info.run_id, [{ dataset }]);
    await memory.clients.runs.updateRun(info.run_id, 'FINISHED', Date.now());
    await runtime.link(info.run_id);
    return info.run_id;
  }

  beforeEach(async () => {
    memory = memoryMlflow();
    await memory.clients.experiments.createExperiment('training');
    runtime = createCountingRuntime(lakefs, memory.clients, 'training').session();
    repository = await newRepository(client, 'label');
    commit = await commitObject(client, repository, 'main', 'gold/train/part-0', 'content');
    reader = await addReader();
    expect(branchOf(reader)).toBe('main');
  });

  test('becomes that of the catalog run, which a check of the commit asks for', async () => {
    await runtime.register(repository, commit);
    // As a hook from the branch where the commit was made would have it.
    await memory.clients.runs.setTag(catalogRun(), 'lakefs_branch', 'dev');
    await runtime.sweep(5_000);
    const { queued } = await runtime.look(repository, commit);
    expect(queued.flatMap(({ payload }) => ('run' in payload ? [payload.run] : []))).toEqual([reader]);
    await runtime.link(reader);
    expect(branchOf(reader)).toBe('dev');
    expect((await runtime.look(repository, commit)).queued).toEqual([]);
  });

  test('is that of the catalog run also for whoever reads the commit after it was registered', async () => {
    await runtime.register(repository, commit);
    await memory.clients.runs.setTag(catalogRun(), 'lakefs_branch', 'dev');
    await runtime.sweep(5_000);
    expect(branchOf(await addReader())).toBe('dev');
  });

  test('is left out where the catalog run has none', async () => {
    await runtime.register(repository, commit);
    await memory.clients.runs.deleteTag(catalogRun(), 'lakefs_branch');
    await runtime.sweep(5_000);
    expect(branchOf(await addReader())).toBeUndefined();
  });

  test('stays where a person has written it', async () => {
    await memory.clients.runs.setTag(reader, 'lakefs_branch', 'mine');
    await runtime.register(repository, commit);
    await runtime.sweep(5_000);
    expect((await runtime.look(repository, commit)).queued).toEqual([]);
    await runtime.link(reader);
    expect(branchOf(reader)).toBe('mine');
  });
});
