import { createInstallations } from '../../../src/config/installations.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import type { MlflowClients } from '../../../src/mlflow/clients.js';
import { registrationOf } from '../../../src/queue/jobs.js';
import type { NewJob } from '../../../src/queue/types.js';
import { createJobs } from '../../../workers/index.js';
import { jobContext, queuesInto } from '../queue/doubles.js';
import { installationFor, type LakefsAddress } from '../service/settings.js';
import { silentLog } from '../silent-log.js';

/** Calls by name; each is one request to the server. */
export type Counts = Readonly<Record<string, number>>;

export interface CountingRuntime {
  /** A sweep by a process that remembers nothing, as after a restart. */
  sweep(): Promise<{ readonly mlflow: Counts; readonly lakefs: Counts; readonly queued: readonly NewJob[] }>;
  /** Every job of the answer shares one process's memory. */
  session(): {
    /** As a hook asks for it. */
    register(
      repository: string,
      commit: string,
    ): Promise<{ readonly mlflow: Counts; readonly lakefs: Counts }>;
    /** As somebody asks for it who has linked a run. */
    look(repository: string, commit: string): ReturnType<CountingRuntime['sweep']>;
    link(run: string): Promise<void>;
    /** So long (ms) after what was before; five minutes where left out. */
    sweep(afterMs?: number): ReturnType<CountingRuntime['sweep']>;
  };
}

/** The jobs with clients that count, looking at runs of one experiment only. */
export function createCountingRuntime(
  lakefsAddress: LakefsAddress,
  clients: MlflowClients,
  experiment: string,
): CountingRuntime {
  const settings = installationFor(lakefsAddress, clients.trackingUri, { experiments: [experiment] });
  const session: CountingRuntime['session'] = () => {
    const counts = { mlflow: new Map<string, number>(), lakefs: new Map<string, number>() };
    const lakefs = counted(createLakefsClient(settings.lakefs), counts.lakefs);
    const mlflow: MlflowClients = {
      ...clients,
      experiments: counted(clients.experiments, counts.mlflow),
      runs: counted(clients.runs, counts.mlflow),
      versions: counted(clients.versions, counts.mlflow),
    };
    const queued: NewJob[] = [];
    // Time stands still while something is counted: what is remembered for half a minute is not asked for again
    // because the machine is busy.
    const begin = Date.now();
    let skippedMs = 0;
    const { handlers } = createJobs({
      servers: [{ name: 'default', mlflow, installations: createInstallations([{ settings, lakefs }]) }],
      queues: queuesInto((job) => {
        queued.push(job);
        return { id: 'test', duplicate: false };
      }),
      log: silentLog,
      now: () => begin + skippedMs,
      publicUrl: 'http://127.0.0.1:8321',
      sweepIntervalMs: 30_000,
      reconcileIntervalMs: 60_000,
      lapIntervalMs: 24 * 3_600_000,
    });
    const count = async (work: () => Promise<unknown>) => {
      counts.mlflow.clear();
      counts.lakefs.clear();
      queued.length = 0;
      await work();
      return {
        mlflow: Object.fromEntries(counts.mlflow),
        lakefs: Object.fromEntries(counts.lakefs),
        queued: [...queued],
      };
    };
    return {
      register: (repository, commit) =>
        count(() =>
          handlers['register-commit'](
            registrationOf({ installation: 'default', repository, commit, branch: 'main' }).payload,
            jobContext(),
          ),
        ),
      look: (repository, commit) =>
        count(() =>
          handlers['register-commit']({ v: 1, installation: 'default', repository, commit }, jobContext()),
        ),
      link: async (run) => void (await handlers['link-run']({ v: 1, server: 'default', run }, jobContext())),
      sweep: (afterMs = 5 * 60_000) => {
        // Sweeps pace themselves; that time is skipped.
        skippedMs += afterMs;
        return count(() => handlers['sweep-runs']({ v: 1, server: 'default' }, jobContext()));
      },
    };
  };
  return { session, sweep: () => session().sweep() };
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function counted<T extends object>(client: T, counts: Map<string, number>): T {
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      return (...args: unknown[]) => {
        counts.set(name, (counts.get(name) ?? 0) + 1);
        return value.apply(target, args);
      };
    },
  });
}
