import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Backend } from '../../../src/queue/backend.js';
import { createCircuitBreaker } from '../../../src/queue/circuit-breaker.js';

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
    tryWrite: async () => undefined,
    explain: (error) => (error instanceof Error ? error.message : String(error)),
    mend: async () => false,
    close: async () => undefined,
    ...parts,
  } as Backend;
}

const never = (): Promise<never> => new Promise(() => undefined);

test('what the store answers is handed on', async () => {
  expect(await createCircuitBreaker(store()).run(async () => 7)).toBe(7);
});

test('a store that is not ready is not asked', async () => {
  const command = vi.fn(never);
  const gate = createCircuitBreaker(store({ notReady: () => 'Redis at host:1 cannot be reached' }));
  await expect(gate.run(command)).rejects.toThrow(
    'the queue is unavailable: Redis at host:1 cannot be reached',
  );
  expect(command).not.toHaveBeenCalled();
});

test('a store that hangs is given up in time, and asked nothing more until it answers a ping', async () => {
  let answer: () => void = () => undefined;
  const ping = vi.fn(() => new Promise<void>((resolve) => (answer = resolve)));
  const gate = createCircuitBreaker(store({ ping }));
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
  const gate = createCircuitBreaker(store({ ping, patienceMs: 5 }));
  await expect(gate.run(never)).rejects.toThrow('within 5 ms');
  await vi.waitFor(async () => expect(await gate.run(async () => 7)).toBe(7), 5_000);
  expect(ping).toHaveBeenCalledTimes(3);
});

test('an error of the store becomes an unavailable one that names its cause', async () => {
  const cause = new Error('OOM command not allowed');
  const failed = await createCircuitBreaker(store())
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
    'a store that answers and takes no write',
    store({ tryWrite: () => Promise.reject(new Error('OOM command not allowed')) }),
    'the queue is unavailable: Redis at host:1: OOM command not allowed',
  ],
  ['an outage', store({ notReady: () => 'no Redis' }), 'the queue is unavailable: no Redis'],
])('readiness reports %s', async (_what, backend, problem) => {
  expect(await createCircuitBreaker(backend).problem()).toBe(problem);
});

test('a hundred questions within a second write once, and a second later once more', async () => {
  const tryWrite = vi.fn(async () => undefined);
  const gate = createCircuitBreaker(store({ tryWrite }));
  for (let asked = 0; asked < 100; asked += 1) {
    expect(await gate.problem()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(9);
  }
  expect(tryWrite).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(200);
  await gate.problem();
  expect(tryWrite).toHaveBeenCalledTimes(2);
});

test('how the last job was taken answers for the next second, without a write', async () => {
  const tryWrite = vi.fn(async () => undefined);
  const gate = createCircuitBreaker(store({ tryWrite }));
  await gate.store(async () => 7);
  expect(await gate.problem()).toBeUndefined();
  await gate.store(() => Promise.reject(new Error('OOM'))).catch(() => undefined);
  expect(await gate.problem()).toContain('OOM');
  expect(tryWrite).not.toHaveBeenCalled();
});

test('a command is sent again where what the error shows could be mended, once', async () => {
  const mend = vi.fn(async () => true);
  const gate = createCircuitBreaker(store({ mend }));
  const demoted = vi.fn(async () => 7).mockRejectedValueOnce(new Error('READONLY'));
  expect(await gate.run(demoted)).toBe(7);
  const stays = vi.fn(() => Promise.reject(new Error('READONLY')));
  await expect(gate.run(stays)).rejects.toThrow('READONLY');
  expect(stays).toHaveBeenCalledTimes(2);
});
