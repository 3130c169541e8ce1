import { expect, test } from 'vitest';
import { createInstallations } from '../../../src/config/installations.js';
import { createServerFacts } from '../../../src/facts/links/server.js';
import { createRunReader } from '../../../src/facts/runs/run-reader.js';
import { ApiError } from '../../../src/mlflow/api-error.js';
import type { MlflowClients } from '../../../src/mlflow/clients.js';
import { createSearchScope } from '../../../src/mlflow/search-scope.js';
import type { JobContext } from '../../../src/queue/types.js';
import { createResync } from '../../../workers/sweep/full-resync.js';
import { createLateRuns } from '../../../workers/sweep/late-runs.js';
import { createSettledRuns, createUnreadableRuns } from '../../../workers/sweep/left-out.js';
import { versionPages } from '../../../workers/sweep/models.js';
import { producedCommits } from '../../../workers/sweep/others.js';
import type { SweepScope } from '../../../workers/sweep/pace.js';
import type { ResyncStep } from '../../../workers/sweep/resync-steps.js';
import { sweepRuns } from '../../../workers/sweep-runs.js';
import { installationFor } from '../../support/service/settings.js';

const now = () => 1_700_000_000_000;
const since = now() - 3_600_000;
const nothing = (): void => undefined;

function answer(status: number): ApiError {
  return new ApiError({
    method: 'GET',
    url: 'http://127.0.0.1:1/api',
    status,
    body: status === 403 ? 'Permission denied' : 'no',
    json: undefined,
  } as unknown as ConstructorParameters<typeof ApiError>[0]);
}

interface Troubles {
  /** HTTP status of what is read. */
  readonly run?: number;
  readonly versions?: number;
  readonly search?: number;
  readonly tagModels?: boolean;
  readonly whole?: boolean;
}

/** Sweeps a server with a model version and a commit that name a run; answers with what came of it. */
function setUp({ run = 403, versions, search, tagModels = true, whole = true }: Troubles) {
  const entry = {
    info: { run_id: 'c', experiment_id: '2', status: 'FINISHED', lifecycle_stage: 'active' },
    data: { tags: [{ key: 'lakefs.made_by', value: 'b'.repeat(32) }] },
  };
  let searchedVersions = 0;
  const filters: string[] = [];
  const settled = createSettledRuns({ has: () => false });
  const mlflow = {
    trackingUri: 'http://127.0.0.1:1',
    searchScope: createSearchScope(),
    version: async () => '3.17.2',
    experiments: {
      searchExperiment: async () => ({
        experiments: [
          { experiment_id: '1', name: 'training', lifecycle_stage: 'active' },
          {
            experiment_id: '2',
            name: 'lakefs/repo',
            lifecycle_stage: 'active',
            tags: [{ key: 'lakefs.kind', value: 'catalog' }],
          },
        ],
      }),
    },
    whenFree: async () => undefined,
    runs: {
      searchRuns: async (ids: readonly string[], filter: string) => {
        filters.push(filter);
        if (search !== undefined) throw answer(search);
        return { runs: ids.length === 1 && ids[0] === '2' && filter.includes('made') ? [entry] : [] };
      },
      getRun: async () => {
        throw answer(run);
      },
    },
    versions: {
      searchModelVersionsPage: async () => {
        searchedVersions += 1;
        if (versions !== undefined) throw answer(versions);
        return {
          model_versions: [{ name: 'm', version: '1', run_id: 'a'.repeat(32), creation_timestamp: now() }],
        };
      },
    },
  } as unknown as MlflowClients;
  const address = { endpoint: 'http://127.0.0.1:2', accessKeyId: 'a', secretAccessKey: 'b' };
  const settings = { ...installationFor(address, mlflow.trackingUri), tagModels };
  const facts = createServerFacts(
    { name: 'default', mlflow, installations: createInstallations([{ settings, lakefs: address as never }]) },
    now,
  );
  const finished: (readonly number[])[] = [];
  const history = {
    pauseMs: () => 0,
    begin: async (startedAt: number): Promise<SweepScope> => ({
      startedAt,
      newSince: since,
      ...(whole && { allSince: since }),
    }),
    finished: async (_scope: SweepScope, unsettled: readonly number[]) => {
      finished.push(unsettled);
    },
  };
  const log: string[] = [];
  const context = {
    log: async (text: string) => {
      log.push(text);
    },
    signal: new AbortController().signal,
  } as unknown as JobContext;
  const one = {
    facts,
    reader: createRunReader(mlflow, facts.experiments, facts.heavy),
    history,
    settled,
    decisions: { offer: nothing },
    unreadable: createUnreadableRuns(
      'default',
      { debug: nothing, info: nothing, warn: nothing, error: nothing },
      now,
    ),
    late: createLateRuns(now),
    runs: createResync<ResyncStep>(() => ({ read: async () => undefined, advance: () => undefined }), 1, now),
    models: createResync(() => versionPages(mlflow), 1, now),
    produced: createResync(() => producedCommits(facts), 1, now),
  };
  const queues = {
    addMany: async () => [],
    hasFailed: async () => false,
    counts: async () => ({ 'link-run': { failed: 0 } }),
  };
  const sweep = () =>
    sweepRuns({ v: 1, server: 'default' }, context, {
      server: () => one,
      queues: queues as never,
      waitForIdle: async () => {
        filters.push('idle');
      },
      events: { consumed: async () => undefined },
      now,
    });
  return { sweep, finished, log, filters, settled, searchedVersions: () => searchedVersions };
}

test('a run that we may not read, named by a model or a commit, holds no sweep back', async () => {
  const { sweep, finished, log } = setUp({ run: 403 });
  expect((await sweep()).summary).not.toContain('could not');
  expect(finished).toEqual([[]]);
  expect(log).toEqual([]);
});

test('models that cannot be checked hold the watermark, not the sweep of the runs, and are reported', async () => {
  const { sweep, finished, log } = setUp({ versions: 500 });
  expect((await sweep()).summary).toContain('could not check new model versions');
  expect(finished).toEqual([[since]]);
  expect(log.join('\n')).toContain('could not check new model versions');
});

test('commits whose producing runs cannot be read are reported, and checked again', async () => {
  const { sweep, finished } = setUp({ run: 500, tagModels: false });
  for (let n = 0; n < 2; n += 1)
    expect((await sweep()).summary).toContain('could not check runs that produced commits');
  expect(finished).toEqual([[], []]);
});

test('a sweep fails where runs cannot be searched', async () => {
  const { sweep, finished } = setUp({ search: 503, versions: 503 });
  await expect(sweep()).rejects.toThrow(ApiError);
  expect(finished).toEqual([]);
});

test('nothing is asked about models where no installation tags them', async () => {
  const { sweep, searchedVersions } = setUp({ tagModels: false });
  await sweep();
  expect(searchedVersions()).toBe(0);
});

const leavingOut = ["attributes.run_id NOT IN ('r1','r2')", "attributes.run_id NOT IN ('r3')"];

test.each([
  { whole: false, after: 0 },
  { whole: true, after: 3 },
])(
  'new runs are searched first and without settled ones, all else once the server is idle: whole $whole',
  async ({ whole, after }) => {
    const { sweep, settled, filters } = setUp({ whole });
    const ended = { terminal: true, endTime: since + 2 };
    settled.add({ id: 'r1', startTime: since, ...ended });
    settled.add({ id: 'r2', startTime: since + 1, ...ended });
    settled.add({ id: 'r3', startTime: since - 1, ...ended });
    settled.add({ id: 'r4', startTime: since - 1, terminal: true, endTime: since - 1 });
    await sweep();
    const quiet = filters.indexOf('idle');
    const leftOut = filters.map((filter) => filter.split(' AND ').filter((part) => part.includes('NOT IN')));
    expect(leftOut.slice(0, quiet).flat()).toEqual(leavingOut);
    expect(leftOut.slice(quiet).flat()).toEqual([]);
    expect(filters.slice(quiet).filter((filter) => filter.includes('_time >='))).toHaveLength(after);
  },
);
