import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMlflowClients } from '../../src/mlflow/clients.js';
import { registrationOf } from '../../src/queue/jobs.js';
import type { NewJob } from '../../src/queue/types.js';
import { catalogRuns, registerBare } from './bare-registration.js';
import { commitOnce, lakefsClient } from './commits.js';
import { type Phase, thisProcess, timePhase } from './phase.js';
import { type QueueWatch, watchQueue } from './queue-watch.js';
import { createRawMlflow, inParallel, type RawMode, rawModes } from './raw.js';
import { startLakefs, startMlflow, startRedis } from './servers.js';
import { startService } from './service.js';
import type { BenchContext } from './types.js';

/** Servers and a service on which commits are registered in two ways. */
export interface RegisteringSetup {
  /** The pipeline: from queueing the events' jobs to the end of the last. */
  ours(count: number): Promise<Phase>;
  /** The bare calls, with what the service wrote last. */
  bare(count: number, mode: RawMode): Promise<Phase>;
  bestMode(perMode: number): Promise<RawMode>;
  close(): Promise<void>;
}

const quietMs = 120_000;

/** `workers` of the MLflow server; undefined for its default. */
export async function startRegisteringSetup(
  context: BenchContext,
  workers?: number,
): Promise<RegisteringSetup> {
  const [redis, lakefs, mlflow] = await Promise.all([
    startRedis(context),
    startLakefs(context),
    startMlflow(context, workers),
  ]);
  const clients = createMlflowClients(mlflow.url);
  const service = await startService(context, {
    ...{ role: 'work', queueUrl: redis.url, mlflowUrl: mlflow.url, lakefs },
    settings: { LAKEFS_MLFLOW_SWEEP_INTERVAL: '24h' },
  });
  const queue = await watchQueue(redis.url);
  // A place where people train: consumers are looked for there.
  await clients.experiments.createExperiment('training');
  const processes = { service: service.program, Redis: redis.program, lakeFS: lakefs.program };
  const repository = 'mlflow-tracking';
  let made = 0;
  const prepare = async (count: number): Promise<readonly NewJob[]> => {
    const jobs: NewJob[] = [];
    for (; jobs.length < count; made += 1) {
      const { commit } = await commitOnce(lakefs, repository, made);
      jobs.push(registrationOf({ installation: 'default', repository, commit, branch: 'main' }));
    }
    await queue.quiet(['sweep-runs', 'link-run'], quietMs);
    await queue.forget();
    return jobs;
  };
  await lakefsClient(lakefs).createRepository({
    name: repository,
    storage_namespace: `local://${repository}`,
  });
  // The first makes the repository's experiment, which is remembered half a minute later.
  await timeJobs(queue, await prepare(1));
  await sleep(31_000);

  const ours: RegisteringSetup['ours'] = async (count) => {
    const jobs = await prepare(count);
    return timePhase({ mlflow, programs: processes }, count, () => timeJobs(queue, jobs));
  };

  const bareInto = async (experiment: string, count: number, mode: RawMode): Promise<Phase> => {
    const runs = await catalogRuns(clients, `lakefs/${repository}`, count);
    const raw = createRawMlflow(mlflow.url, mode);
    const phase = await timePhase({ mlflow, programs: { 'bare client': thisProcess } }, count, async () => {
      await inParallel(runs, mode.inFlight, (run) => registerBare(raw, experiment, run));
      return undefined;
    });
    raw.close();
    return phase;
  };
  const newExperiment = (): Promise<string> =>
    clients.experiments.createExperiment(`bare-${randomBytes(4).toString('hex')}`, undefined, [
      { key: 'lakefs.ignore', value: 'true' },
    ]);
  const bareExperiment = await newExperiment();

  return {
    ours,
    bare: (count, mode) => bareInto(bareExperiment, count, mode),
    bestMode: async (perMode) => {
      // As many as the bare client has for all its modes: Node is slow with what it has not done often.
      await ours(perMode * rawModes.length);
      const found: { readonly mode: RawMode; readonly perSecond: number }[] = [];
      for (const mode of rawModes) {
        found.push({ mode, ...(await bareInto(await newExperiment(), perMode, mode)) });
      }
      const [best] = found.sort((a, b) => b.perSecond - a.perSecond);
      if (best === undefined) throw new Error('no mode was tried');
      return best.mode;
    },
    close: async () => {
      await queue.close();
      await context.programs.stopAll();
    },
  };
}

/** Queues the jobs, and answers with the seconds until the last of them has ended. */
async function timeJobs(queue: QueueWatch, jobs: readonly NewJob[]): Promise<number> {
  const askedAt = Date.now();
  await queue.add(jobs);
  await queue.quiet(['register-commit'], quietMs);
  const end = await queue.last('register-commit', askedAt);
  return ((end?.endedAt ?? Date.now()) - askedAt) / 1_000;
}
