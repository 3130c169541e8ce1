import { expect, test } from 'vitest';
import { createGather } from '../../../src/facts/gather.js';

function setUp(maxBatch = 10) {
  const batches: (readonly number[])[] = [];
  let release: () => void = () => undefined;
  const gather = createGather<number, string>(
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

/** Asks with spacing, on a clock of its own; every asking takes 10 ms. */
function spaced(crowded = () => true) {
  const asked: (readonly [at: number, size: number])[] = [];
  let clock = 0;
  const timers: { readonly at: number; readonly ring: () => void }[] = [];
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => void timers.push({ at: clock + ms, ring: resolve }));
  const gather = createGather<number, void>(
    (questions) => {
      asked.push([clock, questions.length]);
      const answered = sleep(10);
      return questions.map(() => answered);
    },
    { maxBatch: 100, everyMs: 100, crowded, sleep, now: () => clock },
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
  return { ask, passTo, asked };
}

test('with spacing, many questions wait for more of their kind, but not those behind one that was alone', async () => {
  const { ask, passTo, asked } = spaced();
  ask(32);
  await passTo(20);
  ask(5);
  await passTo(50);
  ask(5);
  await passTo(500);
  expect(asked).toEqual([
    [0, 1],
    [10, 31],
    [110, 10],
  ]);
});

test('where it is not crowded nobody waits', async () => {
  const { ask, passTo, asked } = spaced(() => false);
  for (const at of [0, 11, 22, 33]) {
    await passTo(at);
    ask(2);
  }
  await passTo(1_000);
  expect(asked.map(([at]) => at)).toEqual([0, 10, 20, 30, 40]);
});

test('with spacing, whoever asks now and then never waits; a stream of single ones does', async () => {
  const { ask, passTo, asked } = spaced();
  for (const at of [0, 150, 300, 320, 340, 360]) {
    await passTo(at);
    ask(1);
  }
  await passTo(1_000);
  expect(asked).toEqual([
    [0, 1],
    [150, 1],
    [300, 1],
    [320, 1],
    [420, 2],
  ]);
});
