import { expect, test } from 'vitest';
import type { NewJob } from '../../../src/queue/types.js';
import { createConsumptionNews } from '../../../workers/consumption-news.js';
import { commitA, commitB } from '../../support/run-views.js';

function setUp(duplicate: (job: NewJob) => boolean = () => false) {
  const added: NewJob[] = [];
  let time = 0;
  const addMany = async (jobs: readonly NewJob[]) => {
    added.push(...jobs);
    return jobs.map((job) => ({ id: 'x', duplicate: duplicate(job) }));
  };
  const news = createConsumptionNews({ addMany }, () => time);
  return { added, news, pass: (ms: number) => (time += ms) };
}

const at = (commit: string) => ({ installation: 'default', repository: 'repo', commit });

test('many runs of one commit ask for one look, which waits for more', async () => {
  const { added, news } = setUp();
  for (let run = 0; run < 100; run += 1) await news.consumed([at(commitA), at(commitA)]);
  expect(added).toMatchObject([{ name: 'register-commit', payload: at(commitA), delayMs: 2_000 }]);
});

test('news that come when the look may have begun ask again, and that look waits longer', async () => {
  const { added, news, pass } = setUp();
  for (const ms of [0, 999, 1, 3_000, 7_000]) {
    pass(ms);
    await news.consumed([at(commitA)]);
  }
  expect(added.map(({ delayMs }) => delayMs)).toEqual([2_000, 4_000, 8_000, 16_000]);
});

test('however long news goes on, a look waits a minute at most, and two seconds again after a quiet time', async () => {
  const { added, news, pass } = setUp();
  for (let minute = 0; minute < 10; minute += 1) {
    await news.consumed([at(commitA)]);
    pass((added.at(-1)?.delayMs ?? 0) - 500);
  }
  expect(Math.max(...added.map(({ delayMs }) => delayMs ?? 0))).toBe(60_000);
  pass(10 * 60_000);
  await news.consumed([at(commitA)]);
  expect(added.at(-1)?.delayMs).toBe(2_000);
});

test('a look that waited before us may begin before the write, so it is told and not remembered', async () => {
  const { added, news } = setUp((job) => 'commit' in job.payload && job.payload.commit === commitB);
  expect(await news.consumed([at(commitA), at(commitB)])).toEqual([at(commitB)]);
  await news.consumed([at(commitA), at(commitB)]);
  expect(added).toHaveLength(3);
});

test('news that the queue did not take are not counted as told', async () => {
  let down = true;
  const news = createConsumptionNews(
    {
      addMany: async (jobs) => {
        if (down) throw new Error('the queue is down');
        return jobs.map(() => ({ id: 'x', duplicate: false }));
      },
    },
    () => 0,
  );
  await expect(news.consumed([at(commitA)])).rejects.toThrow('the queue is down');
  down = false;
  expect(await news.consumed([at(commitA)])).toEqual([]);
});
