import { expect, test } from 'vitest';
import { createLap } from '../../../workers/lap.js';

const hour = 3_600_000;

function setUp(pages: () => AsyncGenerator<readonly number[]>) {
  let time = 0;
  return { lap: createLap(pages, hour, () => time), pass: (ms: number) => (time += ms) };
}

async function* twoPages() {
  yield [1, 2];
  yield [3];
}

test('it goes over all pages, then rests until the next lap is due', async () => {
  const { lap, pass } = setUp(twoPages);
  expect([await lap.next(), await lap.next(), await lap.next(), await lap.next()]).toEqual([
    [1, 2],
    [3],
    [],
    [],
  ]);
  pass(hour - 1);
  expect(await lap.next()).toEqual([]);
  pass(1);
  expect(await lap.next()).toEqual([1, 2]);
});

test('a lap that takes longer than the interval is followed by the next at once', async () => {
  const { lap, pass } = setUp(twoPages);
  await lap.next();
  pass(2 * hour);
  expect(await lap.next()).toEqual([3]);
  expect(await lap.next()).toEqual([]);
  expect(await lap.next()).toEqual([1, 2]);
});

test('a lap that failed begins anew at once', async () => {
  let down = true;
  const { lap } = setUp(async function* () {
    yield [1];
    if (down) throw new Error('MLflow is down');
    yield [2];
  });
  expect(await lap.next()).toEqual([1]);
  await expect(lap.next()).rejects.toThrow('MLflow is down');
  down = false;
  expect([await lap.next(), await lap.next(), await lap.next()]).toEqual([[1], [2], []]);
});
