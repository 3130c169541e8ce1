import { randomBytes } from 'node:crypto';
import type { Installation } from '../../../src/config/types.js';
import { createServerFacts } from '../../../src/facts/server.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import type { MlflowClients } from '../../../src/mlflow/clients.js';
import type { Run } from '../../../src/mlflow/types.js';
import type { JobContext, JobOutcome, JobPayloads, NewJob } from '../../../src/queue/types.js';
import { registerCommit } from '../../../workers/register-commit.js';

/** The job with everything around it, on a catalog of its own. */
export interface Bench {
  readonly catalog: string;
  /** What the job told while it ran. */
  readonly lines: readonly string[];
  readonly queued: readonly NewJob[];
  register(commit: Partial<JobPayloads['register-commit']>): Promise<JobOutcome>;
  /** All runs of the repository's catalog experiment, deleted ones included. */
  runs(repository: string): Promise<readonly Run[]>;
}

export function newBench(
  lakefs: LakefsClient,
  mlflow: MlflowClients,
  more: Partial<Installation> = {},
): Bench {
  const catalog = more.catalog ?? `catalog-${randomBytes(6).toString('hex')}`;
  const settings: Installation = {
    name: 'default',
    lakefs: {
      endpoint: lakefs.endpoint,
      accessKeyId: '',
      secretAccessKey: '',
      publicUrl: lakefs.endpoint,
      hosts: [],
    },
    mlflow: {
      trackingUri: mlflow.trackingUri,
      publicUrl: mlflow.trackingUri,
      connections: 'auto',
      maxInFlight: 8,
      timeoutMs: 30_000,
    },
    repositories: [],
    branches: ['!tx-*'],
    experiments: [],
    mode: 'write',
    tagModels: true,
    hookTokens: [],
    rules: [],
    ...more,
    catalog,
  };
  const access = { settings, lakefs };
  const lines: string[] = [];
  const queued: NewJob[] = [];
  const context: JobContext = {
    id: 'test',
    attempt: 1,
    signal: new AbortController().signal,
    log: async (line) => void lines.push(line),
    progress: async () => undefined,
  };
  return {
    catalog,
    lines,
    queued,
    register: (commit) => {
      // What one process remembers must not help the next one.
      const facts = createServerFacts({ name: 'default', mlflow, installations: [access] }, Date.now);
      return registerCommit(
        { v: 1, installation: 'default', repository: '', commit: '', ...commit },
        context,
        {
          installation: (name) => (name === settings.name ? { access, facts } : undefined),
          queues: {
            add: async (job) => {
              queued.push(job);
              return { id: String(queued.length), duplicate: false };
            },
          },
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

export function tagsOf(run: Run | undefined): Record<string, string> {
  return Object.fromEntries((run?.data.tags ?? []).map(({ key, value }) => [key, value]));
}

type Before = (method: string, call: number) => void;

/** The same clients; `before` is called ahead of each call and may throw, `after` once it is answered. */
export function watched(
  mlflow: MlflowClients,
  before: Before,
  after: Before = () => undefined,
): MlflowClients {
  let calls = 0;
  const wrap = <T extends object>(client: T): T =>
    new Proxy(client, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          calls += 1;
          const call = calls;
          before(String(property), call);
          try {
            const answer: unknown = await Reflect.apply(value, target, given);
            return answer;
          } finally {
            after(String(property), call);
          }
        };
      },
    });
  return { ...mlflow, experiments: wrap(mlflow.experiments), runs: wrap(mlflow.runs) };
}
