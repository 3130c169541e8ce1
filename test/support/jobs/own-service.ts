import { randomBytes } from 'node:crypto';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import type { Run } from '../../../src/mlflow/types.js';
import { catalogRuns, tagsOf } from '../service/bridge.js';
import type { LakefsAddress } from '../service/settings.js';
import { createRuntime, type Done, type Runtime } from './runtime.js';

/** A service of its own, with a catalog and an experiment of its own, beside a lakeFS that others use too. */
export interface Watcher extends Runtime {
  readonly catalog: string;
  readonly experiment: string;
  /** An event as lakeFS sends it, and all that follows. */
  hook(repository: string, commit: string): Promise<readonly Done[]>;
  /** Looks until nothing is queued any more. */
  settle(repository: string): Promise<void>;
  /** Catalog runs that a person can see, by commit. */
  entries(repository: string): Promise<ReadonlyMap<string, Run>>;
}

export function createWatcher(
  lakefs: LakefsAddress,
  mlflowUrl: string,
  options: Parameters<typeof createRuntime>[2] = {},
): Watcher {
  const name = randomBytes(6).toString('hex');
  const [catalog, experiment] = [`catalog-${name}`, `training-${name}`];
  const runtime = createRuntime(lakefs, mlflowUrl, {
    ...options,
    installation: { catalog, experiments: [experiment], ...options.installation },
  });
  return {
    ...runtime,
    catalog,
    experiment,
    hook: (repository, commit) => {
      runtime.waiting.push({
        name: 'register-commit',
        payload: { v: 1, installation: 'default', repository, commit },
        cause: 'hook',
      });
      return runtime.drain();
    },
    settle: async (repository) => {
      for (let looks = 0; looks < 10; looks += 1) {
        runtime.skip(10 * 60_000);
        const { error, outcome } = lookOf(await runtime.reconcile(repository));
        if (error !== undefined) throw error;
        if (outcome?.counts?.queued === 0 && outcome.counts.waiting === 0) return;
      }
      throw new Error('the looks do not come to rest');
    },
    entries: async (repository) => {
      const runs = await catalogRuns(runtime.mlflow, catalog, repository);
      const active = runs.filter(({ info }) => info.lifecycle_stage === 'active');
      const commits = active.map((run): [string, Run] => [tagsOf(run).lakefs_commit ?? '', run]);
      if (new Set(commits.map(([commit]) => commit)).size < commits.length)
        throw new Error('there are doubles');
      return new Map(commits);
    },
  };
}

/** The summary of the first look among what was done. */
export function lookOf(done: readonly Done[]): Done {
  const look = done.find(({ job }) => job.name === 'reconcile-repository');
  if (look === undefined) throw new Error('there was no look');
  return look;
}

/** Every commit that a branch's history holds, by lakeFS's own log. */
export async function reachable(lakefs: LakefsClient, repository: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { commit_id } of lakefs.branches(repository)) {
    for await (const { id } of lakefs.log(repository, commit_id)) found.add(id);
  }
  return found;
}

/** A finished run that read one directory of a commit, as MLflow's client would log it. */
export async function readingRun(
  { mlflow, experiment, now }: Watcher,
  { repository, commit }: { readonly repository: string; readonly commit: string },
): Promise<string> {
  const found = await mlflow.experiments.searchExperiment(`name = '${experiment}'`, 1);
  const id = found.experiments?.[0]?.experiment_id ?? (await mlflow.experiments.createExperiment(experiment));
  const { info } = await mlflow.runs.createRun(id, 'training', now());
  const source = JSON.stringify({ uri: `s3://${repository}/${commit}/gold/` });
  const digest = randomBytes(4).toString('hex');
  await mlflow.runs.logInputs(info.run_id, [
    { dataset: { name: 'train', digest, source_type: 's3', source } },
  ]);
  await mlflow.runs.updateRun(info.run_id, 'FINISHED', now());
  return info.run_id;
}

/** Labels are set at the first registration and may differ; the mark of the reconciler tells when it looked. */
const labels = [
  ...['lakefs_branch', 'mlflow.note.content', 'mlflow.runName', 'lakefs.history'],
  // Each case has an experiment of its own.
  'lakefs.consumers_in',
];

export function withoutLabels(run: Run | undefined): Record<string, string> {
  const tags = Object.entries(tagsOf(run)).filter(([key]) => !labels.includes(key));
  return Object.fromEntries(
    tags.map(([key, value]) => [
      key,
      key === 'lakefs.links' ? value.replace(/"lakefs_branch":"[^"]*",/, '') : value,
    ]),
  );
}
