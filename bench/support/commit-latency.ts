import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../src/mlflow/types.js';
import { registerBare } from './bare-registration.js';
import { commitOnce } from './commits.js';
import type { LatencySetup } from './latency-setup.js';
import { createRawMlflow } from './raw.js';
import type { BenchContext, Waits } from './types.js';

/** Commits one after the other; how long until each is a candidate, against the bare calls right after it. */
export async function latencyOfCommits(context: BenchContext, setup: LatencySetup): Promise<Waits> {
  const { clients, lakefs, repository, mlflow } = setup;
  const catalog = await setup.catalog();
  const bareExperiment = await clients.experiments.createExperiment('bare-catalog', undefined, [
    { key: 'lakefs.ignore', value: 'true' },
  ]);
  const raw = createRawMlflow(mlflow.url, { inFlight: 1, connections: 'new' });
  const count = context.quick ? 10 : 40;
  const ours: number[] = [];
  const bare: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const { commit } = await commitOnce(lakefs, repository, n + 1);
    const committedAt = performance.now();
    const run = await candidate(setup, catalog, commit);
    ours.push(performance.now() - committedAt);
    // The rest of the job, and the sweep that it asked for.
    await sleep(1_000);
    const startedAt = performance.now();
    await registerBare(raw, bareExperiment, run);
    bare.push(performance.now() - startedAt);
  }
  raw.close();
  context.note(`${count} commits`);
  return { ours, bare };
}

async function candidate({ clients }: LatencySetup, catalog: string, commit: string): Promise<Run> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
    const { runs = [] } = await clients.runs.searchRuns([catalog], `tags.lakefs_commit = '${commit}'`);
    const found = runs.find(({ inputs }) => (inputs?.dataset_inputs ?? []).length > 0);
    if (found !== undefined) return found;
  }
  throw new Error(`commit ${commit} was not a candidate within a minute`);
}
