import type { Queue } from 'bullmq';
import { expect, test, vi } from 'vitest';
import { byName } from '../../../src/queue/jobs.js';
import { createFailedJobs, jobKey, newJobId } from '../../../src/queue/keys.js';

const payload = { v: 1, server: 'default', run: 'r1' } as const;
const mine = newJobId(jobKey('link-run', payload), false);
const other = newJobId(jobKey('link-run', { ...payload, run: 'r2' }), false);

function failedJobs(getRanges: () => Promise<string[]>) {
  return createFailedJobs(byName(() => ({ getRanges }) as unknown as Queue));
}

test('only the failed jobs of the key are found, whatever else has failed', async () => {
  const failed = failedJobs(async () => [other, '17', 'added by hand', mine]);
  expect(await failed.idsOf('link-run', payload, 0)).toEqual([mine]);
  expect(await failed.idsOf('link-run', { ...payload, run: 'r3' }, 0)).toEqual([]);
});

test('one list answers everyone whom it is fresh enough for', async () => {
  const getRanges = vi.fn(async () => [mine]);
  const failed = failedJobs(getRanges);
  const now = Date.now();
  await failed.idsOf('link-run', payload, now);
  await failed.idsOf('link-run', payload, now);
  expect(getRanges).toHaveBeenCalledTimes(1);
  await failed.idsOf('link-run', payload, now + 60_000);
  expect(getRanges).toHaveBeenCalledTimes(2);
});

test('a list that could not be read is asked for again', async () => {
  const getRanges = vi.fn(async () => [mine]).mockRejectedValueOnce(new Error('down'));
  const failed = failedJobs(getRanges);
  await expect(failed.idsOf('link-run', payload, 0)).rejects.toThrow('down');
  expect(await failed.idsOf('link-run', payload, 0)).toEqual([mine]);
});
