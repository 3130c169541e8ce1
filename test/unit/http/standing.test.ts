import { beforeEach, expect, test } from 'vitest';
import { createStanding, type Sign, type Standing } from '../../../src/http/standing.js';

let clock: number;
let asked: number;
let answer: () => Promise<unknown>;
let signs: boolean[];
let standing: Standing;

beforeEach(() => {
  clock = 1_000_000;
  asked = 0;
  answer = async () => undefined;
  signs = [];
  standing = createStanding({
    ask: () => {
      asked += 1;
      return answer();
    },
    now: () => clock,
    onSign: (sign: Sign) => signs.push(sign.answers),
  });
});

test('many failures at once ask one question', async () => {
  answer = () => Promise.reject(new Error('401'));
  expect(await Promise.all(Array.from({ length: 20 }, () => standing.answers(clock - 10)))).toEqual(
    Array(20).fill(false),
  );
  expect([asked, signs]).toEqual([1, [false]]);
});

test('an outage costs at most one question a second, whoever asks', async () => {
  answer = () => Promise.reject(new Error('401'));
  for (let n = 0; n < 100; n += 1) {
    await standing.answers(clock - 10);
    clock += 100;
  }
  expect(asked).toBe(10);
});

test('another request that was sent later and answered saves the question', async () => {
  standing.answered(clock - 5);
  expect([await standing.answers(clock - 10), asked]).toEqual([true, 0]);
});

test.each([
  ['before the failed one', 20],
  ['long ago, in the time of one that waited for its answer', 1_100],
])('one that was sent %s does not', async (_when, ago) => {
  standing.answered(clock - ago);
  answer = () => Promise.reject(new Error('no'));
  expect([await standing.answers(clock - (ago > 1_000 ? 60_000 : 10)), asked]).toEqual([false, 1]);
});

test('a busy server that is too slow for the question, and answers others meanwhile, answers', async () => {
  answer = async () => {
    clock += 5_000;
    standing.answered(clock - 100);
    clock += 5_000;
    throw new Error('no answer within 10000 ms');
  };
  expect(await standing.answers(clock - 10)).toBe(true);
  expect(signs).toEqual([true]);
});

test('after an outage the next request shows it', async () => {
  answer = () => Promise.reject(new Error('no'));
  expect(await standing.answers(clock - 10)).toBe(false);
  clock += 1_001;
  answer = async () => undefined;
  expect(await standing.answers(clock - 10)).toBe(true);
  expect(signs).toEqual([false, true]);
});
