import { createInstallations } from '../../../src/config/installations.js';
import type { Installation } from '../../../src/config/types.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import { createMlflowClients, type MlflowClients } from '../../../src/mlflow/clients.js';
import type { JobContext, JobOutcome, NewJob, Queues } from '../../../src/queue/types.js';
import { createJobs } from '../../../workers/index.js';
import { jobContext, queuesInto } from '../queue/doubles.js';
import { installationFor, type LakefsAddress } from '../service/settings.js';
import { silentLog } from '../silent-log.js';

export interface Done {
  readonly job: NewJob;
  readonly outcome?: JobOutcome;
  readonly error?: unknown;
  readonly log: readonly string[];
}

/** The jobs on real servers, with a queue that the test drains by hand: what runs when is the test's. */
export interface Runtime {
  readonly mlflow: MlflowClients;
  readonly lakefs: LakefsClient;
  readonly installation: Installation;
  /** Jobs that wait, in the order in which they were added; one per key. */
  readonly waiting: NewJob[];
  /** As the hooks do; a job that waits already is not added twice. */
  add(job: NewJob): void;
  run(job: NewJob): Promise<Done>;
  /** Runs what waits until nothing does. */
  drain(): Promise<readonly Done[]>;
  sweep(): Promise<readonly Done[]>;
  /** One look at the repository, and all that it queues. */
  reconcile(repository: string): Promise<readonly Done[]>;
  /** As a process that has just started and remembers nothing; the queue stays. */
  restart(): void;
  /** So much time goes by. */
  skip(ms: number): void;
  /** Unix ms, with the time that was skipped. */
  now(): number;
}

export function createRuntime(
  lakefsAddress: LakefsAddress,
  mlflowUrl: string,
  options: {
    installation?: Partial<Installation>;
    /** A second installation on the same MLflow server. */
    also?: { lakefs: LakefsAddress; installation: Partial<Installation> };
    /** Jobs that never come to be; all are welcome where not given. */
    wanted?: (job: NewJob) => boolean;
    mlflow?: (clients: MlflowClients) => MlflowClients;
    lakefs?: (client: LakefsClient) => LakefsClient;
  } = {},
): Runtime {
  const installation = installationFor(lakefsAddress, mlflowUrl, options.installation);
  const plainLakefs = createLakefsClient(installation.lakefs);
  const lakefs = options.lakefs?.(plainLakefs) ?? plainLakefs;
  const plain = createMlflowClients(mlflowUrl, { connections: 'reuse', retry: { retries: 0 } });
  const mlflow = options.mlflow?.(plain) ?? plain;
  // Sweeps pace themselves, and answers are remembered: a test skips that time instead of waiting.
  let skippedMs = 0;
  const waiting: NewJob[] = [];
  const queues = handQueue(waiting, options.wanted ?? (() => true));
  const others = options.also === undefined ? [] : [access(options.also, mlflowUrl)];
  const build = () =>
    createJobs({
      servers: [
        {
          name: 'default',
          mlflow,
          installations: createInstallations([{ settings: installation, lakefs }, ...others]),
        },
      ],
      queues,
      log: silentLog,
      now: () => Date.now() + skippedMs,
      publicUrl: 'http://127.0.0.1:8321',
      sweepIntervalMs: 30_000,
      reconcileIntervalMs: 60_000,
      lapIntervalMs: 24 * 3_600_000,
    });
  let jobs = build();

  async function run(job: NewJob): Promise<Done> {
    const log: string[] = [];
    const context = jobContext(log);
    try {
      const handler = jobs.handlers[job.name] as (
        payload: unknown,
        context: JobContext,
      ) => Promise<JobOutcome>;
      return { job, outcome: await handler(job.payload, context), log };
    } catch (error) {
      return { job, error, log };
    }
  }

  /** What is due comes before what is delayed, whose time is skipped. */
  function next(): NewJob | undefined {
    const due = waiting.findIndex(({ delayMs }) => delayMs === undefined);
    if (due >= 0) return waiting.splice(due, 1)[0];
    const delayed = waiting.shift();
    skippedMs += delayed?.delayMs ?? 0;
    return delayed;
  }

  async function drain(): Promise<readonly Done[]> {
    const done: Done[] = [];
    for (let job = next(); job !== undefined; job = next()) {
      done.push(await run(job));
      if (done.length > 10_000) throw new Error('the jobs do not come to rest');
    }
    return done;
  }

  return {
    mlflow,
    lakefs,
    installation,
    waiting,
    add: (job) => void queues.add(job),
    run,
    drain,
    sweep: async () => {
      skippedMs += 6 * 60_000;
      waiting.push({ name: 'sweep-runs', payload: { v: 1, server: 'default' }, cause: 'sweep' });
      return drain();
    },
    reconcile: async (repository) => {
      waiting.push({
        name: 'reconcile-repository',
        payload: { v: 1, installation: 'default', repository },
        cause: 'reconcile',
      });
      return drain();
    },
    restart: () => {
      jobs = build();
    },
    skip: (ms) => {
      skippedMs += ms;
    },
    now: () => Date.now() + skippedMs,
  };
}

function access(also: { lakefs: LakefsAddress; installation: Partial<Installation> }, mlflowUrl: string) {
  const settings = installationFor(also.lakefs, mlflowUrl, also.installation);
  return { settings, lakefs: createLakefsClient(settings.lakefs) };
}

function handQueue(waiting: NewJob[], wanted: (job: NewJob) => boolean): Queues {
  const key = ({ name, payload }: NewJob): string => {
    const { branch: _label, ...rest } = payload as { branch?: string };
    return JSON.stringify([name, rest]);
  };
  const add = (job: NewJob) => {
    const duplicate = waiting.some((other) => key(other) === key(job));
    if (!duplicate && wanted(job)) waiting.push(job);
    return { id: key(job), duplicate };
  };
  return queuesInto(add);
}
