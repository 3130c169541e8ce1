import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Backend } from '../../../src/queue/backend.js';
import { createGate } from '../../../src/queue/gate.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function store(parts: Partial<Backend> = {}): Backend {
  return {
    kind: 'redis',
    place: 'Redis at host:1',
    patienceMs: 800,
    notReady: () => undefined,
    ping: async () => undefined,
    misconfiguration: async () => undefined,
    close: async () => undefined,
    ...parts,
  } as Backend;
}

const never = (): Promise<never> => new Promise(() => undefined);

test('what the store answers is handed on', async () => {
  expect(await createGate(store()).run(async () => 7)).toBe(7);
});

test('a store that is not ready is not asked', async () => {
  const command = vi.fn(never);
  const gate = createGate(store({ notReady: () => 'Redis at host:1 cannot be reached' }));
  await expect(gate.run(command)).rejects.toThrow(
    'the queue is unavailable: Redis at host:1 cannot be reached',
  );
  expect(command).not.toHaveBeenCalled();
});

test('a store that hangs is given up in time, and asked nothing more until it answers a ping', async () => {
  let answer: () => void = () => undefined;
  const ping = vi.fn(() => new Promise<void>((resolve) => (answer = resolve)));
  const gate = createGate(store({ ping }));
  const hanging = expect(gate.run(never)).rejects.toThrow('did not answer within 800 ms');
  await vi.advanceTimersByTimeAsync(800);
  await hanging;
  const command = vi.fn(async () => 7);
  await expect(gate.run(command)).rejects.toThrow('Redis at host:1 does not answer');
  expect(command).not.toHaveBeenCalled();
  expect(ping).toHaveBeenCalledTimes(1);
  answer();
  await vi.advanceTimersByTimeAsync(0);
  expect(await gate.run(command)).toBe(7);
});

test('a ping that fails is repeated', async () => {
  vi.useRealTimers();
  const ping = vi
    .fn(async () => undefined)
    .mockRejectedValueOnce(new Error('connection refused'))
    .mockRejectedValueOnce(new Error('connection refused'));
  const gate = createGate(store({ ping, patienceMs: 5 }));
  await expect(gate.run(never)).rejects.toThrow('within 5 ms');
  await vi.waitFor(async () => expect(await gate.run(async () => 7)).toBe(7), 5_000);
  expect(ping).toHaveBeenCalledTimes(3);
});

test('an error of the store becomes an unavailable one that names its cause', async () => {
  const cause = new Error('OOM command not allowed');
  const failed = await createGate(store())
    .run(() => Promise.reject(cause))
    .catch((error: unknown) => error);
  expect(failed).toMatchObject({
    name: 'QueueUnavailableError',
    message: 'the queue is unavailable: Redis at host:1: OOM command not allowed',
    failure: { kind: 'unavailable' },
    cause,
  });
});

test.each([
  ['nothing', store(), undefined],
  [
    'a lasting fault',
    store({ misconfiguration: async () => 'set it to noeviction' }),
    'set it to noeviction',
  ],
  ['an outage', store({ notReady: () => 'no Redis' }), 'the queue is unavailable: no Redis'],
])('readiness reports %s', async (_what, backend, problem) => {
  expect(await createGate(backend).problem()).toBe(problem);
});
