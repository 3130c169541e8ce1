import { createInstallations } from '../../../src/config/installations.js';
import type { HistoryCommit } from '../../../src/domain/sync/reconcile.js';
import { createServerFacts } from '../../../src/facts/links/server.js';
import { createMlflowClients, type MlflowClients } from '../../../src/mlflow/clients.js';
import type { KeyValue, Run } from '../../../src/mlflow/types.js';
import type { JobOutcome, NewJob } from '../../../src/queue/types.js';
import { createReconcileMemory } from '../../../workers/reconcile/pass.js';
import { reconcileRepository } from '../../../workers/reconcile-repository.js';
import { scriptedLakefs } from '../lakefs/scripted-history.js';
import { jobContext, queueCounts } from '../queue/doubles.js';
import { installationFor, noLakefs } from '../service/settings.js';
import { silentLog } from '../silent-log.js';

export interface Looked {
  readonly outcome: JobOutcome;
  /** Requests. */
  readonly lakefs: number;
  readonly mlflow: number;
  /** What the look said. */
  readonly log: readonly string[];
}

/** The job on a lakeFS and an MLflow in memory, which count what they are asked. */
export interface ReconcileBench {
  /** Both may be changed by the test. */
  readonly commits: Map<string, HistoryCommit>;
  readonly branches: Map<string, string>;
  /** Makes the entry of every commit that was queued, as the other job does; answers with the commits. */
  register(): readonly string[];
  readonly entries: ReadonlyMap<string, Run>;
  /** What the jobs of the last look said of their commits. */
  readonly news: Map<string, string | undefined>;
  /** Those whose jobs sit in failed. */
  readonly failed: Set<string>;
  look(recheck?: 'recheck'): Promise<Looked>;
  /** The catalog as a release made it that did not store the edge, with these entries marked complete. */
  asBefore(marked: readonly string[]): void;
  /** A person deletes the entry of a commit. */
  hide(commit: string): void;
  /** The entry of a commit is not there. */
  lose(commit: string): void;
  /** Makes the entry of a commit whose event came in. */
  hook(commit: string): void;
  /** What was queued is lost. */
  flush(): void;
  /** As a process that has just started. */
  restart(): void;
  /**
   * The process dies at a call to MLflow, before (or after) that has done what it asks: at the one of this number from
   * now on, or at the next that writes this tag of the experiment.
   */
  dieAt(call: number | string, after?: boolean): void;
  /** Another process, with a queue of its own, on the same servers. */
  beside(): ReconcileBench;
  /** The tags of the catalog experiment that tell of the horizon. */
  horizon(): ReadonlyMap<string, string>;
  /** Ten minutes go by. */
  skip(): void;
}

/** Looks and registers until nothing is queued. */
export async function settle(bench: ReconcileBench): Promise<void> {
  for (let looks = 0; looks < 5; looks += 1) {
    bench.skip();
    await bench.look();
    if (bench.register().length === 0) return;
  }
  throw new Error('the looks do not come to rest');
}

export function reconcileBench(
  history: readonly HistoryCommit[],
  heads: Readonly<Record<string, string>>,
): ReconcileBench {
  const commits = new Map(history.map((commit) => [commit.id, commit]));
  return benchOn(commits, new Map(Object.entries(heads)), catalogDouble());
}

function benchOn(
  commits: Map<string, HistoryCommit>,
  branches: Map<string, string>,
  mlflow: ReturnType<typeof catalogDouble>,
): ReconcileBench {
  const lakefs = scriptedLakefs(commits, branches);
  const settings = installationFor(noLakefs);
  const access = { settings, lakefs: lakefs.client };
  const failed = new Set<string>();
  let queued: string[] = [];
  const news = new Map<string, string | undefined>();
  let skipped = 0;
  const now = (): number => skipped;
  const day = 24 * 3_600_000;
  const start = () => ({
    memory: createReconcileMemory(day, now),
    facts: createServerFacts(
      { name: 'default', mlflow: mlflow.clients, installations: createInstallations([access]) },
      now,
    ),
  });
  let process = start();
  let told: string[] = [];
  const total = (): number => Object.values(lakefs.asked).reduce((sum, one) => sum + one, 0);

  return {
    commits,
    branches,
    entries: mlflow.entries,
    failed,
    news,
    register: () => {
      const done = queued;
      queued = [];
      for (const id of done) mlflow.register(id, commits.get(id)?.creation_date ?? 0);
      return done;
    },
    asBefore: mlflow.asBefore,
    look: async (recheck) => {
      news.clear();
      told = [];
      const before = { lakefs: total(), mlflow: mlflow.asked() };
      const outcome = await reconcileRepository(
        {
          ...{ v: 1, installation: 'default', repository: 'images' },
          ...(recheck === undefined ? {} : { recheck: true }),
        },
        jobContext(told),
        {
          installation: () => ({ access, facts: process.facts }),
          queues: {
            addMany: async (jobs) => {
              for (const { payload } of jobs as readonly NewJob<'register-commit'>[]) {
                queued.push(payload.commit);
                news.set(payload.commit, payload.news);
              }
              return jobs.map((_, index) => ({ id: String(index), duplicate: false }));
            },
            hasFailed: async (_name, payload) => 'commit' in payload && failed.has(payload.commit),
            counts: async () => queueCounts({ 'register-commit': { failed: failed.size } }),
          },
          memory: process.memory,
          publicUrl: 'http://us.example',
          now,
          log: silentLog,
        },
      );
      const asked = { lakefs: total() - before.lakefs, mlflow: mlflow.asked() - before.mlflow };
      return { outcome, ...asked, log: told };
    },
    hide: mlflow.hide,
    lose: (commit) => void mlflow.entries.delete(commit),
    hook: (commit) => mlflow.register(commit, commits.get(commit)?.creation_date ?? 0),
    flush: () => {
      queued = [];
    },
    restart: () => {
      mlflow.dieAt('never');
      process = start();
    },
    dieAt: mlflow.dieAt,
    beside: () => benchOn(commits, branches, mlflow),
    horizon: mlflow.horizon,
    skip: () => {
      skipped += 10 * 60_000;
    },
  };
}

/** An MLflow with the catalog of one repository; every call that the look does not need fails. */
function catalogDouble() {
  const runs = new Map<string, Run>();
  let tags: readonly KeyValue[] = [];
  let calls = 0;
  let death: { readonly call: number | string; readonly after: boolean } | undefined;
  const experiment = () => ({
    experiment_id: '1',
    name: 'lakefs/images',
    lifecycle_stage: 'active' as const,
    tags,
  });
  const plain = createMlflowClients('http://127.0.0.1:9', { retry: { retries: 0 }, connections: 'reuse' });
  const counted = <T extends object>(methods: Partial<T>): T =>
    new Proxy({} as T, {
      get: (_target, name) => {
        const method: unknown = Reflect.get(methods, name);
        if (typeof method !== 'function') throw new Error(`the catalog double does not know ${String(name)}`);
        return async (...given: unknown[]) => {
          const dies = death !== undefined && [calls, given[1]].includes(death.call) ? death : undefined;
          calls += 1;
          if (dies === undefined) return method(...given);
          death = undefined;
          if (dies.after) await method(...given);
          throw new Error('the process dies');
        };
      },
    });
  const clients: MlflowClients = {
    ...plain,
    experiments: counted<MlflowClients['experiments']>({
      searchExperiment: async () => ({ experiments: [experiment()] }),
      getExperiment: async () => experiment(),
      getExperimentByName: async () => experiment(),
      setExperimentTag: async (_id, key, value) => {
        tags = [...tags.filter((tag) => tag.key !== key), { key, value }];
      },
    }),
    runs: counted<MlflowClients['runs']>({
      searchRuns: async (_ids, filter = '', view = 'ACTIVE_ONLY', max = 1_000, _order, token = '0') => {
        const found = [...runs.values()]
          .filter(({ info }) => view === 'ALL' || info.lifecycle_stage === 'active')
          .filter(matching(filter));
        const at = Number(token);
        const more = found.length > at + max ? { next_page_token: String(at + max) } : {};
        return { runs: found.slice(at, at + max), ...more };
      },
      logBatch: async (id, _metrics, _params, added = []) => {
        const run = [...runs.values()].find(({ info }) => info.run_id === id);
        if (run === undefined) throw new Error(`no run ${id}`);
        const commit = tagOf(run, 'lakefs_commit') ?? '';
        runs.set(commit, { ...run, data: { ...run.data, tags: [...(run.data.tags ?? []), ...added] } });
      },
      deleteTag: async (id, key) => {
        const run = [...runs.values()].find(({ info }) => info.run_id === id);
        if (run === undefined) throw new Error(`no run ${id}`);
        runs.set(tagOf(run, 'lakefs_commit') ?? '', without(run, key));
      },
    }),
  };
  return {
    clients,
    entries: runs,
    asked: () => calls,
    dieAt: (call: number | string, after = false): void => {
      death = { call: typeof call === 'number' ? calls + call : call, after };
    },
    horizon: () =>
      new Map(
        tags.filter(({ key }) => key.startsWith('lakefs.horizon')).map(({ key, value }) => [key, value]),
      ),
    asBefore: (marked: readonly string[]): void => {
      tags = [
        ...tags.filter(({ key }) => !key.startsWith('lakefs.horizon')),
        { key: 'lakefs.horizon', value: '1' },
      ];
      for (const [commit, run] of runs) {
        const plain = without(run, 'lakefs.history');
        const mark = marked.includes(commit) ? [{ key: 'lakefs.history', value: 'complete' }] : [];
        runs.set(commit, {
          ...plain,
          data: { ...plain.data, tags: [...(plain.data.tags ?? []), ...mark] },
        });
      }
    },
    hide: (commit: string): void => {
      const run = runs.get(commit);
      if (run !== undefined) runs.set(commit, { ...run, info: { ...run.info, lifecycle_stage: 'deleted' } });
    },
    register: (commit: string, seconds: number) => {
      if (runs.has(commit)) return;
      runs.set(commit, {
        info: {
          ...{ run_id: `run-${commit}`, experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active' },
          ...{ start_time: seconds * 1_000, end_time: seconds * 1_000 },
        },
        data: {
          tags: [
            { key: 'lakefs.kind', value: 'commit' },
            { key: 'lakefs_commit', value: commit },
          ],
        },
      });
    },
  };
}

function without(run: Run, key: string): Run {
  const tags = (run.data.tags ?? []).filter((tag) => tag.key !== key);
  return { ...run, data: { ...run.data, tags } };
}

export function tagOf(run: Run | undefined, key: string): string | undefined {
  return run?.data.tags?.find((tag) => tag.key === key)?.value;
}

/** The filters that the look uses. */
function matching(filter: string): (run: Run) => boolean {
  const tests = filter.split(' AND ').filter((part) => part !== '');
  return (run) =>
    tests.every((test) => {
      const [, tag, equals, value] = /^tags\.`?([\w.]+)`? (!?=) '([^']*)'$/.exec(test) ?? [];
      // As in MLflow: a run without the tag is not unequal.
      if (tag !== undefined && equals === '!=') return ![undefined, value].includes(tagOf(run, tag));
      if (tag !== undefined) return tagOf(run, tag) === value;
      if (test === "attributes.status = 'RUNNING'") return run.info.status === 'RUNNING';
      const [, operator, ms] = /^attributes\.start_time (>=|<=) (\d+)$/.exec(test) ?? [];
      if (ms === undefined) throw new Error(`the catalog double does not know the filter ${test}`);
      const start = run.info.start_time ?? 0;
      return operator === '>=' ? start >= Number(ms) : start <= Number(ms);
    });
}
