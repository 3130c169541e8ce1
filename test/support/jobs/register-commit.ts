import { randomBytes } from 'node:crypto';
import { createInstallations } from '../../../src/config/installations.js';
import type { Installation } from '../../../src/config/types.js';
import { createServerFacts, type ServerFacts } from '../../../src/facts/links/server.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import type { MlflowClients } from '../../../src/mlflow/clients.js';
import type { Run } from '../../../src/mlflow/types.js';
import type { JobOutcome, JobPayloads, NewJob } from '../../../src/queue/types.js';
import { registerCommit } from '../../../workers/register-commit.js';
import { newRepository } from '../lakefs/lakefs.js';
import { jobContext } from '../queue/doubles.js';
import { installationFor } from '../service/settings.js';

/** The job with everything around it, on a catalog of its own. */
export interface Bench {
  readonly catalog: string;
  /** What the job told while it ran. */
  readonly lines: readonly string[];
  readonly queued: readonly NewJob[];
  /** As a process that has just started; `facts` is what an older one remembers. */
  register(commit: Partial<JobPayloads['register-commit']>, facts?: ServerFacts): Promise<JobOutcome>;
  newFacts(): ServerFacts;
  /** All runs of the repository's catalog experiment, deleted ones included. */
  runs(repository: string): Promise<readonly Run[]>;
}

export function newBench(
  lakefs: LakefsClient,
  mlflow: MlflowClients,
  more: Partial<Installation> = {},
): Bench {
  const catalog = more.catalog ?? `catalog-${randomBytes(6).toString('hex')}`;
  const address = { endpoint: lakefs.endpoint, accessKeyId: '', secretAccessKey: '' };
  const settings = installationFor(address, mlflow.trackingUri, { ...more, catalog });
  const access = { settings, lakefs };
  const newFacts = (): ServerFacts =>
    createServerFacts({ name: 'default', mlflow, installations: createInstallations([access]) }, Date.now);
  const lines: string[] = [];
  const queued: NewJob[] = [];
  return {
    catalog,
    lines,
    queued,
    newFacts,
    register: (commit, facts = newFacts()) => {
      return registerCommit(
        { v: 1, installation: 'default', repository: '', commit: '', ...commit },
        jobContext(lines),
        {
          installation: (name) =>
            name === settings.name ? { access, facts, events: { searched: () => undefined } } : undefined,
          queues: {
            addMany: async (jobs) => {
              queued.push(...jobs);
              return jobs.map(() => ({ id: String(queued.length), duplicate: false }));
            },
          },
          askForSweep: async (server) =>
            queued.push({ name: 'sweep-runs', payload: { v: 1, server }, cause: 'hook' }),
          publicUrl: 'http://us.example',
        },
      );
    },
    runs: async (repository) => {
      const name =
        settings.name === 'default'
          ? `${catalog}/${repository}`
          : `${catalog}/${settings.name}/${repository}`;
      const experiment = await mlflow.experiments.getExperimentByName(name);
      return (await mlflow.runs.searchRuns([experiment.experiment_id], '', 'ALL')).runs ?? [];
    },
  };
}

/** Two datasets in one commit. */
export async function oneCommit(lakefs: LakefsClient): Promise<{ repository: string; commit: string }> {
  const repository = await newRepository(lakefs);
  await lakefs.uploadObject(repository, 'main', 'gold/train_v2/a.csv', 'x,y\n1,2\n');
  await lakefs.uploadObject(repository, 'main', 'gold/train/b.csv', 'x\n');
  const { id } = await lakefs.commit(repository, 'main', { message: 'Add training data\n\nby hand' });
  return { repository, commit: id };
}

/** A finished run with the tags that the job which links runs would write, in an experiment of its own. */
export async function newConsumer(
  mlflow: MlflowClients,
  repository: string,
  commit: string,
  paths: readonly string[],
): Promise<{ experiment: string }> {
  const experiment = `training-${repository}-${Math.random()}`;
  const id = await mlflow.experiments.createExperiment(experiment);
  const links = paths.map((path) => ({
    ...{ installation: 'default', repository, commit, ref: commit, path },
    ...{ where: 'input', name: 'd', kind: 'exact', certain: true, flags: [] },
  }));
  await mlflow.runs.createRun(id, 'consumer', 1, [
    { key: 'lakefs_repo', value: repository },
    { key: 'lakefs_commit', value: commit },
    { key: 'lakefs.links', value: JSON.stringify({ links, wrote: {} }) },
  ]);
  return { experiment };
}
