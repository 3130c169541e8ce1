import { afterAll, expect, test, vi } from 'vitest';
import { createInstallations } from '../../../../src/config/installations.js';
import { createServerFacts } from '../../../../src/facts/links/server.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import type { Run } from '../../../../src/mlflow/types.js';
import type { JobContext, NewJob } from '../../../../src/queue/types.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { createRecentDecisions, type RecentDecisions } from '../../../../workers/link/decisions.js';
import { linkRun } from '../../../../workers/link-run.js';
import { createSettledRuns, createUnreadableRuns } from '../../../../workers/sweep/left-out.js';
import { sweepRuns } from '../../../../workers/sweep-runs.js';
import { commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { trainingMlflow } from '../../../support/mlflow/training-mlflow.js';
import { installationFor } from '../../../support/service/settings.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());

const nothing = (): void => undefined;

/** A server with one run of one link, which is swept and then linked by the job that the sweep has queued. */
async function setUp({
  status = 'FINISHED',
  ...options
}: {
  status?: string;
  decisions?: RecentDecisions;
} = {}) {
  let at = 1_700_000_000_000;
  const now = (): number => at;
  const decisions = options.decisions ?? createRecentDecisions(now);
  const repository = await newRepository(client);
  const commit = await commitObject(client, repository, 'main', 'gold/x.csv', '1');
  const source = JSON.stringify({ uri: `s3://${repository}/${commit}/gold/x.csv` });
  const run = {
    info: { run_id: 'run1', experiment_id: '1', status, start_time: at, lifecycle_stage: 'active' },
    data: { tags: [] },
    inputs: {
      dataset_inputs: [{ dataset: { name: 'x', digest: 'e24a8c4a', source_type: 's3', source } }],
    },
  } as unknown as Run;
  const counts = { decided: 0, read: 0, written: 0 };
  const training = trainingMlflow({
    searchRuns: async () => ({ runs: [run] }),
    logBatch: async () => {
      counts.written += 1;
    },
  });
  const mlflow = { ...training, versions: { searchModelVersions: async () => [] } as never };
  const settings = installationFor(sandbox, mlflow.trackingUri);
  const known = createServerFacts(
    { name: 'default', mlflow, installations: createInstallations([{ settings, lakefs: client }]) },
    now,
  );
  // Whoever decides asks once for the state of each link, and the run has one.
  const facts = {
    ...known,
    stateOf: (...asked: Parameters<typeof known.stateOf>) => {
      counts.decided += 1;
      return known.stateOf(...asked);
    },
  };
  const reader = {
    read: async () => {
      counts.read += 1;
      return run;
    },
  };
  const settled = createSettledRuns({ has: () => false });
  const queued: NewJob[] = [];
  const context = {
    log: async () => undefined,
    signal: new AbortController().signal,
  } as unknown as JobContext;
  const events = { consumed: async () => undefined };
  const step = { step: async () => undefined };
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  await sweepRuns({ v: 1, server: 'default' }, context, {
    server: () => ({
      ...{ facts, reader, settled, decisions, runs: step, models: step, produced: step },
      history: {
        pauseMs: () => 0,
        begin: async (startedAt) => ({ startedAt, allSince: 0 }),
        finished: async () => undefined,
      },
      unreadable: createUnreadableRuns('default', log, now),
      late: { seen: nothing, allSeen: nothing, step: async () => undefined },
    }),
    queues: {
      addMany: async (jobs) => {
        queued.push(...jobs);
        return jobs.map(() => ({ id: '1', duplicate: false }));
      },
      hasFailed: async () => false,
      counts: async () => ({ 'link-run': { failed: 0 } }) as never,
    },
    ...{ events, now },
    waitForIdle: async () => undefined,
  });
  const link = (payload = queued[0]?.payload as { v: 1; server: string; run: string; models?: true }) =>
    linkRun(payload, context, {
      server: () => ({ facts, reader, settled, decisions }),
      ...{ events, now },
    });
  return { queued, counts, link, wait: (ms: number) => (at += ms) };
}

test('what a sweep has decided is written by its job, which neither reads nor decides again', async () => {
  const { queued, counts, link } = await setUp();
  expect(queued).toEqual([
    { name: 'link-run', payload: { v: 1, server: 'default', run: 'run1' }, cause: 'sweep' },
  ]);
  await link();
  expect(counts).toEqual({ decided: 1, read: 0, written: 1 });
});

test.each([
  ['had to wait for more than 250 ms', {}, 251],
  ['is about a run that had not ended', { status: 'RUNNING' }, 0],
  [
    'runs in another process',
    { decisions: { offer: () => undefined, take: () => undefined } as RecentDecisions },
    0,
  ],
])('a job that %s reads the run and decides itself', async (_why, options, ms) => {
  const { counts, link, wait } = await setUp(options);
  wait(ms);
  await link();
  expect(counts).toEqual({ decided: 2, read: 1, written: 1 });
});

test('a job that is also asked about models reads the run itself, and a second try does, too', async () => {
  const { counts, link } = await setUp();
  await link({ v: 1, server: 'default', run: 'run1', models: true });
  expect(counts).toEqual({ decided: 2, read: 1, written: 1 });
  await link();
  expect(counts).toEqual({ decided: 2, read: 1, written: 2 });
  await link();
  expect(counts).toEqual({ decided: 3, read: 2, written: 3 });
});

test('a decision that nobody takes is forgotten', () => {
  vi.useFakeTimers();
  const decisions = createRecentDecisions(() => 0);
  decisions.offer([{ view: { id: 'a', terminal: true } } as never], 0);
  vi.advanceTimersByTime(250);
  vi.useRealTimers();
  expect(decisions.take('a')).toBeUndefined();
});
