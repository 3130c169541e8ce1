import { expect, test } from 'vitest';
import { createGather } from '../../../src/facts/gather.js';

function setUp(maxBatch = 10) {
  const batches: (readonly number[])[] = [];
  let release: () => void = () => undefined;
  const gather = createGather<number, string>((questions) => {
    batches.push(questions);
    const opened = new Promise<void>((resolve) => {
      release = resolve;
    });
    return questions.map(async (question) => {
      await opened;
      if (question < 0) throw new Error(`no ${question}`);
      return `answer ${question}`;
    });
  }, maxBatch);
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
