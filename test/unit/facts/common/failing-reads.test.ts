import { beforeEach, expect, test } from 'vitest';
import { createFailingReads, type FailingReads } from '../../../../src/facts/common/failing-reads.js';
import { LakefsError } from '../../../../src/lakefs/errors.js';

let clock: number;
let reads: number;
let failing: FailingReads;
const request = {
  name: 'lakeFS',
  method: 'GET',
  url: 'http://x/api/v1/repositories/images',
  status: 504,
} as const;

beforeEach(() => {
  [clock, reads] = [0, 0];
  failing = createFailingReads(() => clock);
});

function read(serverAnswers: boolean): Promise<never> {
  return failing.run('commit', async () => {
    reads += 1;
    throw new LakefsError({ ...request, serverAnswers });
  });
}

test('what always fails is read a handful of times in an hour, however often it is asked for', async () => {
  for (; clock < 3_600_000; clock += 1_000) await expect(read(true)).rejects.toThrow('504');
  expect(reads).toBe(6);
});

test('where the whole server is down every question goes to it: jobs wait by themselves', async () => {
  for (let n = 0; n < 10; n += 1) await expect(read(false)).rejects.toThrow('504');
  expect(reads).toBe(10);
});

test('a success ends it, and other reads are not concerned', async () => {
  await expect(read(true)).rejects.toThrow('504');
  expect(await failing.run('other', async () => 1)).toBe(1);
  clock += 60_000;
  expect(await failing.run('commit', async () => 2)).toBe(2);
  expect(await failing.run('commit', async () => 3)).toBe(3);
});
