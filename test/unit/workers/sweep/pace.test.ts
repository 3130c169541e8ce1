import { expect, test } from 'vitest';
import { createWaitForIdle } from '../../../../workers/sweep/pace.js';

/** Each answer of the queue: jobs that wait and jobs that run, of the two kinds. */
async function askedUntilQuiet(answers: readonly (readonly [number, number])[], atMostMs: number) {
  let asked = 0;
  let clock = 0;
  const none = { waiting: 0, active: 0, delayed: 9, failed: 9, completed: 9 };
  const quiet = createWaitForIdle(
    {
      counts: async () => {
        const [waiting, active] = answers[asked] ?? [1, 1];
        asked += 1;
        return {
          'link-run': { ...none, waiting },
          'register-commit': { ...none, active },
          'sweep-runs': { ...none, active: 1 },
          'reconcile-repository': { ...none, waiting: 1 },
        };
      },
    },
    {
      atMostMs,
      now: () => clock,
      sleep: async (ms) => {
        clock += ms;
      },
    },
  );
  await quiet.wait(new AbortController().signal);
  return { asked, clock };
}

test('where nothing waits but what is put off, failed or no link and no commit, it is quiet at once', async () => {
  expect(await askedUntilQuiet([[0, 0]], 10_000)).toEqual({ asked: 1, clock: 0 });
});

test('it asks again until runs are linked and commits registered', async () => {
  const answers = [
    [3, 0],
    [0, 2],
    [0, 0],
  ] as const;
  expect(await askedUntilQuiet(answers, 10_000)).toEqual({ asked: 3, clock: 1_000 });
});

test('where it is never quiet it waits so long and no longer', async () => {
  expect(await askedUntilQuiet([], 1_200)).toEqual({ asked: 3, clock: 1_200 });
});

function alwaysBusy() {
  const busy = { waiting: 1, active: 0, delayed: 0, failed: 0, completed: 0 };
  const counts = async () => ({
    'link-run': busy,
    'register-commit': busy,
    'sweep-runs': busy,
    'reconcile-repository': busy,
  });
  return createWaitForIdle({ counts }, { atMostMs: 60_000 });
}

test('a job that is told to stop does not wait', async () => {
  const told = new AbortController();
  const waits = alwaysBusy().wait(told.signal);
  told.abort(new Error('the process is stopping'));
  await expect(waits).rejects.toThrow('the process is stopping');
});

test('nobody waits in a process that is about to end', async () => {
  const quiet = alwaysBusy();
  const waits = quiet.wait(new AbortController().signal);
  quiet.stop();
  await waits;
  await quiet.wait(new AbortController().signal);
});
