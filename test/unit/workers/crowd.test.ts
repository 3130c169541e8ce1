import { expect, test } from 'vitest';
import { createCrowd } from '../../../workers/crowd.js';

test('four jobs at a time are a crowd, also where some have failed', async () => {
  const crowd = createCrowd();
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await expect(crowd.join(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const three = [1, 2, 3].map((n) => crowd.join(() => released.then(() => n)));
  expect(crowd.isThere()).toBe(false);
  const fourth = crowd.join(() => released);
  expect(crowd.isThere()).toBe(true);
  release();
  expect(await Promise.all(three)).toEqual([1, 2, 3]);
  await fourth;
  expect(crowd.isThere()).toBe(false);
});
