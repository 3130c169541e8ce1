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
    told: (sign: Sign) => signs.push(sign.answers),
  });
});

test('many failures at once ask one question', async () => {
  answer = () => Promise.reject(new Error('401'));
  expect(await Promise.all(Array.from({ length: 20 }, () => standing.answers()))).toEqual(
    Array(20).fill(false),
  );
  expect([asked, signs]).toEqual([1, [false]]);
});

test('an outage costs at most one question a second, whoever asks', async () => {
  answer = () => Promise.reject(new Error('401'));
  for (let n = 0; n < 100; n += 1) {
    await standing.answers();
    clock += 100;
  }
  expect(asked).toBe(10);
});

test('another request that was answered just now saves the question; one of long ago does not', async () => {
  standing.answered(clock - 500);
  expect([await standing.answers(), asked]).toEqual([true, 0]);
  clock += 600;
  answer = () => Promise.reject(new Error('no'));
  expect([await standing.answers(), asked]).toEqual([false, 1]);
});

test('a busy server that is too slow for the question, and answers others meanwhile, answers', async () => {
  answer = async () => {
    clock += 5_000;
    standing.answered(clock - 100);
    clock += 5_000;
    throw new Error('no answer within 10000 ms');
  };
  expect(await standing.answers()).toBe(true);
  expect(signs).toEqual([true]);
});

test('after an outage the next question tells', async () => {
  answer = () => Promise.reject(new Error('no'));
  expect(await standing.answers()).toBe(false);
  clock += 1_001;
  answer = async () => undefined;
  expect(await standing.answers()).toBe(true);
  expect(signs).toEqual([false, true]);
});
