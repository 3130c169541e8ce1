import type { Worker } from 'bullmq';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeWorkers, shareConcurrency } from '../../../src/queue/workers.js';
import { silentLog as log } from '../../support/silent-log.js';

/** A worker whose store never answers unless told so. */
function fakeWorker(closes: Promise<void>) {
  const calls: string[] = [];
  const backend = {
    close: async (force: boolean) => void calls.push(`backend close ${force ? 'by force' : ''}`),
  };
  const worker = {
    close: () => closes,
    cancelAllJobs: () => void calls.push('cancel'),
    getBackend: () => backend,
  } as unknown as Worker;
  return { worker, calls };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The fake ms until the workers are left, and what was called. */
async function msUntilLeft(options: {
  readonly closes?: Promise<void>;
  readonly running?: () => readonly string[];
  readonly deadlineMs: number;
}): Promise<{ ms: number; calls: readonly string[] }> {
  const { worker, calls } = fakeWorker(options.closes ?? new Promise(() => undefined));
  const start = performance.now();
  let ended: number | undefined;
  void closeWorkers(
    {
      workers: [worker],
      running: options.running ?? (() => []),
      handBack: () => void calls.push('hand back'),
      log,
    },
    options.deadlineMs,
  ).then(() => {
    ended = performance.now() - start;
  });
  while (ended === undefined && performance.now() - start < 120_000) await vi.advanceTimersByTimeAsync(50);
  return { ms: ended ?? Number.POSITIVE_INFINITY, calls };
}

test('workers without a job, whose store does not answer, are left after 2 s, whatever the deadline', async () => {
  const { ms, calls } = await msUntilLeft({ deadlineMs: 60_000 });
  expect(ms).toBeLessThanOrEqual(2_200);
  expect(calls).toEqual(['hand back', 'cancel', 'backend close by force']);
});

test('a job that runs on and on is handed back at the deadline of 4 s, and left 1 s later', async () => {
  const { ms, calls } = await msUntilLeft({ deadlineMs: 4_000, running: () => ['link-run 1'] });
  expect(ms).toBeGreaterThanOrEqual(5_000);
  expect(ms).toBeLessThanOrEqual(5_200);
  expect(calls).toEqual(['hand back', 'cancel', 'backend close by force']);
});

test('workers that close are not handed back', async () => {
  const { ms, calls } = await msUntilLeft({ closes: Promise.resolve(), deadlineMs: 4_000 });
  expect(ms).toBeLessThan(100);
  expect(calls).toEqual([]);
});

test.each([
  [1, 1, 4],
  [2, 1, 4],
  [3, 1, 4],
  [10, 1, 10],
  [100, 1, 100],
  [10, 3, 12],
])('a concurrency of %i on %i servers leaves each job at least one place', (total, servers, all) => {
  const shares = shareConcurrency(total, servers);
  expect(Math.min(...Object.values(shares))).toBe(1);
  expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBe(all);
  expect(shares['sweep-runs']).toBe(servers);
});
