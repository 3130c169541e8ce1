import { expect, test } from 'vitest';
import { createBatcher } from '../../../../src/facts/common/batcher.js';

function setUp(maxBatch = 10) {
  const batches: (readonly number[])[] = [];
  let release: () => void = () => undefined;
  const gather = createBatcher<number, string>(
    (questions) => {
      batches.push(questions);
      const opened = new Promise<void>((resolve) => {
        release = resolve;
      });
      return questions.map(async (question) => {
        await opened;
        if (question < 0) throw new Error(`no ${question}`);
        return `answer ${question}`;
      });
    },
    { maxBatch },
  );
  return { batches, gather, answer: () => release() };
}

test('what is asked while one asking is under way goes out together in the next', async () => {
  const { batches, gather, answer } = setUp();
  const all = Promise.all([1, 2, 3].map(gather));
  expect(batches).toEqual([[1]]);
  answer();
  await expect.poll(() => batches).toEqual([[1], [2, 3]]);
  answer();
  expect(await all).toEqual(['answer 1', 'answer 2', 'answer 3']);
});

test('more than a batch takes waits for the next', async () => {
  const { batches, gather, answer } = setUp(2);
  const all = Promise.all([1, 2, 3, 4].map(gather));
  for (const length of [1, 2, 3]) {
    await expect.poll(() => batches.length).toBe(length);
    answer();
  }
  await all;
  expect(batches).toEqual([[1], [2, 3], [4]]);
});

test('a question that fails fails alone, and asking goes on', async () => {
  const { batches, gather, answer } = setUp();
  const first = gather(-1);
  const [second, third] = [gather(-2), gather(3)];
  answer();
  await expect(first).rejects.toThrow('no -1');
  await expect.poll(() => batches.length).toBe(2);
  answer();
  await expect(second).rejects.toThrow('no -2');
  expect(await third).toBe('answer 3');
});

/** Asks of one who is busy until `free` is called, on a clock of its own; every asking takes 10 ms. */
function ofBusy() {
  const asked: (readonly [at: number, size: number])[] = [];
  let clock = 0;
  let timers: { readonly at: number; readonly ring: () => void }[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = { at: clock + ms, ring: resolve };
      timers.push(timer);
      signal?.addEventListener('abort', () => {
        timers = timers.filter((other) => other !== timer);
        reject(signal.reason);
      });
    });
  let free = (): void => undefined;
  const gather = createBatcher<number, void>(
    (questions) => {
      asked.push([clock, questions.length]);
      const answered = sleep(10);
      return questions.map(() => answered);
    },
    {
      maxBatch: 100,
      everyMs: 100,
      whenFree: () =>
        new Promise((resolve) => {
          free = resolve;
        }),
      sleep,
      now: () => clock,
    },
  );
  const passTo = async (end: number): Promise<void> => {
    for (;;) {
      await new Promise(setImmediate);
      const next = timers.sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      timers.shift();
      clock = next.at;
      next.ring();
    }
    clock = end;
  };
  const ask = (count: number): void => {
    for (let n = 0; n < count; n += 1) void gather(n);
  };
  return { ask, passTo, asked, free: () => free(), timers: () => timers.length };
}

test('as long as who is asked is busy questions gather, and not longer than the time between two askings', async () => {
  const { ask, passTo, asked } = ofBusy();
  ask(32);
  await passTo(50);
  ask(5);
  await passTo(500);
  expect(asked).toEqual([
    [0, 1],
    [100, 36],
  ]);
});

test('they go out together once there is time, and no timer is left behind', async () => {
  const { ask, passTo, asked, free, timers } = ofBusy();
  ask(3);
  await passTo(20);
  ask(4);
  await passTo(40);
  free();
  await passTo(60);
  expect(asked).toEqual([
    [0, 1],
    [40, 6],
  ]);
  expect(timers()).toBe(0);
});

test('whoever asks now and then never waits', async () => {
  const { ask, passTo, asked } = ofBusy();
  for (const at of [0, 150, 300]) {
    await passTo(at);
    ask(1);
  }
  await passTo(1_000);
  expect(asked).toEqual([
    [0, 1],
    [150, 1],
    [300, 1],
  ]);
});

test('where there is time nobody waits', async () => {
  const sizes: number[] = [];
  const gather = createBatcher<number, void>(
    (questions) => {
      sizes.push(questions.length);
      return questions.map(async () => undefined);
    },
    { maxBatch: 10, everyMs: 3_600_000 },
  );
  await gather(1);
  await Promise.all([gather(2), gather(3)]);
  expect(sizes).toEqual([1, 2]);
});
