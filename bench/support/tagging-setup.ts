import { setTimeout as sleep } from 'node:timers/promises';
import { createMlflowClients, type MlflowClients } from '../../src/mlflow/clients.js';
import type { KeyValue } from '../../src/mlflow/types.js';
import { registrationOf } from '../../src/queue/jobs.js';
import { makeCommits } from './commits.js';
import { type Phase, thisProcess, timePhase } from './phase.js';
import { type QueueWatch, watchQueue } from './queue-watch.js';
import { createRawMlflow, inParallel, type RawMode, rawModes } from './raw.js';
import { type MlflowServer, startLakefs, startMlflow, startRedis } from './servers.js';
import { startService } from './service.js';
import { type ReadCommit, trainRuns } from './trained-runs.js';
import type { BenchContext } from './types.js';

/** Servers and a service on which runs are tagged in several ways. */
export interface TaggingSetup {
  readonly mlflow: MlflowServer;
  /** Finished runs that nobody has tagged, in an experiment that the service looks at or does not. */
  train(where: 'watched' | 'unwatched', count: number): Promise<readonly string[]>;
  /** The pipeline: from asking for a sweep to the end of the last job. */
  ours(runs: readonly string[]): Promise<Phase>;
  /** One bare log-batch per run, with the tags that the service writes. */
  logBatch(runs: readonly string[], mode: RawMode): Promise<Phase>;
  /** The fastest way of the bare client on this server. */
  bestMode(perMode: number): Promise<RawMode>;
  readonly commits: readonly ReadCommit[];
  /** Ends the servers and the service. */
  close(): Promise<void>;
}

/** Looks at consumers wait their turn, on a busy machine for minutes. */
const quietMs = 600_000;

/** `workers` of the MLflow server; undefined for its default. */
export async function startTaggingSetup(context: BenchContext, workers?: number): Promise<TaggingSetup> {
  const [redis, lakefs, mlflow] = await Promise.all([
    startRedis(context),
    startLakefs(context),
    startMlflow(context, workers),
  ]);
  const clients = createMlflowClients(mlflow.url);
  const commits = await makeCommits(lakefs, 'mlflow-tracking', 10);
  const service = await startService(context, {
    ...{ role: 'work', queueUrl: redis.url, mlflowUrl: mlflow.url, lakefs },
    // Sweeps are asked for by the benchmark.
    settings: { LAKEFS_MLFLOW_SWEEP_INTERVAL: '24h', LAKEFS_MLFLOW_EXPERIMENTS: 'watched' },
  });
  const queue = await watchQueue(redis.url);
  const experiments = {
    watched: await clients.experiments.createExperiment('watched'),
    unwatched: await clients.experiments.createExperiment('unwatched'),
  };
  // The service remembers experiments for half a minute, and commits are registered as their events come.
  await register(queue, commits);
  await sleep(31_000);

  const processes = { service: service.program, Redis: redis.program, lakeFS: lakefs.program };
  const train: TaggingSetup['train'] = (where, count) =>
    trainRuns(clients, experiments[where], count, commits);
  const ours: TaggingSetup['ours'] = async (runs) => {
    await queue.quiet(['register-commit', 'sweep-runs', 'link-run'], quietMs);
    await queue.forget();
    const phase = await timePhase({ mlflow, programs: processes }, runs.length, () => sweep(queue));
    await assertTagged(clients, experiments.watched, runs);
    await queue.quiet(['register-commit', 'sweep-runs', 'link-run'], quietMs);
    return phase;
  };
  let tags: readonly KeyValue[] = [];
  const logBatch: TaggingSetup['logBatch'] = async (runs, mode) => {
    const first = await clients.runs.searchRuns(
      [experiments.watched],
      "tags.`lakefs.links` != ''",
      undefined,
      1,
    );
    tags = (first.runs?.[0]?.data.tags ?? []).filter(({ key }) => key.startsWith('lakefs'));
    if (tags.length === 0) throw new Error('no run has been tagged yet');
    const raw = createRawMlflow(mlflow.url, mode);
    const phase = await timePhase(
      { mlflow, programs: { 'bare client': thisProcess } },
      runs.length,
      async () => {
        await inParallel(runs, mode.inFlight, (run_id) => raw.post('runs/log-batch', { run_id, tags }));
        return undefined;
      },
    );
    raw.close();
    return phase;
  };
  return {
    ...{ mlflow, train, ours, logBatch, commits },
    close: async () => {
      await queue.close();
      await context.programs.stopAll();
    },
    bestMode: async (perMode) => {
      const found: { readonly mode: RawMode; readonly perSecond: number }[] = [];
      for (const mode of rawModes) {
        const { perSecond } = await logBatch(await train('unwatched', perMode), mode);
        found.push({ mode, perSecond });
      }
      const [best] = found.sort((a, b) => b.perSecond - a.perSecond);
      if (best === undefined) throw new Error('no mode was tried');
      return best.mode;
    },
  };
}

async function register(queue: QueueWatch, commits: readonly ReadCommit[]): Promise<void> {
  await queue.add(
    commits.map((commit) => registrationOf({ installation: 'default', branch: 'main', ...commit })),
  );
  await queue.quiet(['register-commit', 'sweep-runs'], quietMs);
}

/** Asks for a sweep until one is made (they pace themselves); answers with the seconds until the last run was tagged. */
async function sweep(queue: QueueWatch): Promise<number> {
  for (let tries = 0; tries < 600; tries += 1) {
    const askedAt = Date.now();
    await queue.add([{ name: 'sweep-runs', payload: { v: 1, server: 'default' }, cause: 'hook' }]);
    await queue.quiet(['sweep-runs'], quietMs);
    const made = await queue.last('sweep-runs', askedAt);
    if (made === undefined || made.summary.startsWith('waits')) {
      await sleep(500);
      continue;
    }
    await queue.quiet(['link-run'], quietMs);
    const end = await queue.last('link-run', askedAt);
    return ((end?.endedAt ?? made.endedAt) - askedAt) / 1_000;
  }
  throw new Error('no sweep was made');
}

async function assertTagged(
  mlflow: MlflowClients,
  experiment: string,
  runs: readonly string[],
): Promise<void> {
  const page = await mlflow.runs.searchRuns([experiment], "tags.lakefs_commit != ''", undefined, 50_000);
  const tagged = new Set(page.runs?.map(({ info }) => info.run_id));
  const missing = runs.filter((id) => !tagged.has(id));
  if (missing.length > 0) throw new Error(`${missing.length} of ${runs.length} runs were not tagged`);
}
