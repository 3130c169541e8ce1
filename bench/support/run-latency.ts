import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../src/mlflow/types.js';
import { commitOnce } from './commits.js';
import type { LatencySetup } from './latency-setup.js';
import { createRawMlflow } from './raw.js';
import { startRun } from './trained-runs.js';
import type { BenchContext, Waits } from './types.js';

type Tags = NonNullable<Run['data']['tags']>;

/**
 * Runs end at even steps over `overMs`; how long until each has the guide's tags, against one log-batch of them. The
 * first sweep of a process takes long, and the next waits for nine times as long: it is not counted.
 */
export async function latencyOfRuns(
  context: BenchContext,
  setup: LatencySetup,
  overMs: number,
): Promise<Waits> {
  for (let warmUp = 0; warmUp < 3; warmUp += 1) await endRuns(setup, 2, 1_000);
  const count = context.quick ? 15 : 40;
  const { waits, tags } = await endRuns(setup, count, overMs);
  const bare = await bareWaits(setup, count, tags);
  context.note(`${count} runs ended over ${overMs / 1_000} s`);
  return { ours: waits, bare };
}

async function endRuns(
  { clients, experiment, lakefs, repository }: LatencySetup,
  count: number,
  overMs: number,
): Promise<{ readonly waits: readonly number[]; readonly tags: Tags }> {
  const read = await commitOnce(lakefs, repository, Date.now());
  const waiting: string[] = [];
  for (let n = 0; n < count; n += 1) waiting.push(await startRun(clients, experiment, read));
  const endedAt = new Map<string, number>();
  const ours: number[] = [];
  let tags: Tags = [];
  const startedAt = Date.now();
  for (const deadline = startedAt + overMs + 120_000; ours.length < count; await sleep(50)) {
    if (Date.now() > deadline) throw new Error(`${count - ours.length} runs were not tagged in two minutes`);
    if (waiting.length > 0 && Date.now() >= startedAt + (overMs * (count - waiting.length)) / count) {
      const id = waiting.shift();
      if (id !== undefined) {
        const { run_info } = await clients.runs.updateRun(id, 'FINISHED', Date.now());
        endedAt.set(id, run_info.end_time ?? Date.now());
      }
    }
    if (endedAt.size === 0) continue;
    const filter = `attributes.run_id IN (${[...endedAt.keys()].map((id) => `'${id}'`).join(',')}) AND tags.lakefs_commit = '${read.commit}'`;
    const { runs = [] } = await clients.runs.searchRuns([experiment], filter);
    for (const { info, data } of runs) {
      const ended = endedAt.get(info.run_id);
      if (ended !== undefined) ours.push(Date.now() - ended);
      endedAt.delete(info.run_id);
      tags = (data.tags ?? []).filter(({ key }) => key.startsWith('lakefs'));
    }
  }
  return { waits: ours, tags };
}

async function bareWaits(
  { clients, mlflow }: LatencySetup,
  count: number,
  tags: Tags,
): Promise<readonly number[]> {
  const id = await clients.experiments.createExperiment('bare', undefined, [
    { key: 'lakefs.ignore', value: 'true' },
  ]);
  const raw = createRawMlflow(mlflow.url, { inFlight: 1, connections: 'new' });
  const waits: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const { info } = await clients.runs.createRun(id);
    const startedAt = performance.now();
    await raw.post('runs/log-batch', { run_id: info.run_id, tags });
    waits.push(performance.now() - startedAt);
  }
  raw.close();
  return waits;
}
