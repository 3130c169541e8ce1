import { expect, test } from 'vitest';
import type { NewJob } from '../../../../src/queue/types.js';
import { createConsumptionEvents } from '../../../../workers/register/consumption-events.js';
import { commitA, commitB } from '../../../support/runs/run-views.js';

/** A queue that, like the real ones, adds no look where one of the same commit waits. */
function setUp() {
  const added: NewJob[] = [];
  const asked: (readonly NewJob[])[] = [];
  const dueAt = new Map<string, number>();
  let time = 0;
  const addMany = async (jobs: readonly NewJob[]) => {
    asked.push(jobs);
    return jobs.map((job) => {
      const key = JSON.stringify(job.payload);
      const duplicate = time < (dueAt.get(key) ?? 0);
      if (!duplicate) {
        added.push(job);
        dueAt.set(key, time + (job.delayMs ?? 0));
      }
      return { id: 'x', duplicate };
    });
  };
  const events = createConsumptionEvents({ addMany }, () => time);
  return { added, asked, events, pass: (ms: number) => (time += ms), hasten: () => dueAt.clear() };
}

const at = (commit: string) => ({ installation: 'default', repository: 'repo', commit });

test('many runs of one commit ask for one check, which waits for more', async () => {
  const { added, events } = setUp();
  for (let run = 0; run < 100; run += 1) await events.consumed([at(commitA), at(commitA)]);
  expect(added).toMatchObject([{ name: 'register-commit', payload: at(commitA), delayMs: 2_000 }]);
});

test('events that come when the look has begun ask again', async () => {
  const { added, events, pass } = setUp();
  for (const ms of [0, 1_999, 1, 9_999, 1]) {
    pass(ms);
    await events.consumed([at(commitA)]);
  }
  // The first says that it was consumed at all; how many have consumed it can wait longer.
  expect(added.map(({ delayMs }) => delayMs)).toEqual([2_000, 10_000, 10_000]);
});

test('a check that somebody else started early covers no later event', async () => {
  const { added, events, hasten } = setUp();
  await events.consumed([at(commitA)]);
  hasten();
  await events.consumed([at(commitA)]);
  expect(added).toHaveLength(2);
});

test('runs that are linked in parallel share a call of the queue, but not one that had already started', async () => {
  const { asked, events } = setUp();
  await Promise.all([commitA, commitB, commitA, commitB].map((commit) => events.consumed([at(commit)])));
  expect(asked.map((jobs) => jobs.map(({ payload }) => payload))).toMatchObject([
    [at(commitA)],
    [at(commitB), at(commitA)],
  ]);
});

test('the next check waits nine times as long as the last one took, five minutes at most', async () => {
  const { added, events, pass } = setUp();
  for (const took of [100, 2_000, 3_600_000]) {
    events.searched(at(commitA), took);
    await events.consumed([at(commitA)]);
    pass(added.at(-1)?.delayMs ?? 0);
  }
  expect(added.map(({ delayMs }) => delayMs)).toEqual([10_000, 18_000, 300_000]);
});

test('checks of many commits together have a tenth of the time', async () => {
  const { added, events } = setUp();
  const commits = Array.from({ length: 100 }, (_, n) => at(n.toString(16).padStart(64, '0')));
  for (const commit of commits) events.searched(commit, 100);
  await events.consumed(commits.slice(0, 50));
  await events.consumed(commits.slice(50));
  const due = added.map(({ delayMs }) => delayMs);
  expect([due[0], due[1], due[49], due[99]]).toEqual([10_000, 10_000, 45_000, 90_000]);
});

test('the duration of a check is forgotten after an hour without one', async () => {
  const { added, events, pass } = setUp();
  events.searched(at(commitA), 10_000);
  pass(3_600_001);
  await events.consumed([at(commitA)]);
  expect(added.at(-1)?.delayMs).toBe(2_000);
});

test('events that the queue did not take are not counted as told', async () => {
  let down = true;
  let taken = 0;
  const events = createConsumptionEvents(
    {
      addMany: async (jobs) => {
        if (down) throw new Error('the queue is down');
        taken += jobs.length;
        return jobs.map(() => ({ id: 'x', duplicate: false }));
      },
    },
    () => 0,
  );
  await expect(events.consumed([at(commitA)])).rejects.toThrow('the queue is down');
  down = false;
  await events.consumed([at(commitA)]);
  expect(taken).toBe(1);
});
