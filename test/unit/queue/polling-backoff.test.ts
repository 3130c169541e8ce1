import type { BackendFactory, IQueueBackend } from 'bullmq';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withPollingBackoff } from '../../../src/queue/polling-backoff.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Looks = Pick<IQueueBackend, 'moveToActive' | 'waitForJob' | 'disconnectBlocking'>;

function patient(store: Partial<Looks>, onRefused?: (error: unknown) => void): Looks {
  const looks: Looks = {
    moveToActive: async () => [],
    waitForJob: async () => null,
    disconnectBlocking: async () => undefined,
    ...store,
  };
  const factory = (() => looks) as unknown as BackendFactory<IQueueBackend>;
  return withPollingBackoff(factory, onRefused)('jobs', { connection: {} });
}

/** Looks again and again, as BullMQ does after an error. */
async function lookForEver(look: () => Promise<unknown>, isOver: () => boolean): Promise<void> {
  while (!isOver()) await look().catch(() => undefined);
}

test.each([['moveToActive'], ['waitForJob']] as const)(
  'a store that refuses %s is polled after 1, 2, 4, 8, 16 and then every 30 s: 10 times in 151 s',
  async (name) => {
    const refuse = vi.fn(() => Promise.reject(new Error('READONLY')));
    const at: number[] = [];
    const from = performance.now();
    const backend = patient({
      [name]: () => {
        at.push(performance.now() - from);
        return refuse();
      },
    });
    let over = false;
    const looking = lookForEver(
      () => (name === 'moveToActive' ? backend.moveToActive('token') : backend.waitForJob(1)),
      () => over,
    );
    await vi.advanceTimersByTimeAsync(151_000);
    expect(at.map((ms) => Math.round(ms / 1_000))).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121, 151]);
    over = true;
    await vi.advanceTimersByTimeAsync(30_000);
    await looking;
  },
);

test('after a poll that succeeded the next refusal costs a second again', async () => {
  const moveToActive = vi
    .fn(async (): Promise<unknown[]> => [])
    .mockRejectedValueOnce(new Error('OOM'))
    .mockRejectedValueOnce(new Error('OOM'));
  const backend = patient({ moveToActive });
  for (const pause of [0, 1_000, 2_000]) {
    const look = backend.moveToActive('token').catch(() => undefined);
    await vi.advanceTimersByTimeAsync(pause);
    await look;
  }
  expect(moveToActive).toHaveBeenCalledTimes(3);
  await backend.moveToActive('token');
  expect(moveToActive).toHaveBeenCalledTimes(4);
});

test('who waits for the worker to close does not wait for the pause', async () => {
  const refused = vi.fn();
  const backend = patient({ moveToActive: () => Promise.reject(new Error('OOM')) }, refused);
  await backend.moveToActive('token').catch(() => undefined);
  const look = expect(backend.moveToActive('token')).rejects.toThrow('OOM');
  await backend.disconnectBlocking(true);
  await look;
  expect(refused).toHaveBeenCalledTimes(2);
});
