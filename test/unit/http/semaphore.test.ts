import { expect, test } from 'vitest';
import { createSemaphore } from '../../../src/http/semaphore.js';

function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test('lets in no more than the limit, and the others in the order in which they came', async () => {
  const semaphore = createSemaphore(2);
  const gates = [gate(), gate(), gate(), gate(), gate()];
  const started: number[] = [];
  const all = gates.map(({ opened }, n) =>
    semaphore.run(async () => {
      started.push(n);
      await opened;
    }),
  );
  await new Promise(setImmediate);
  expect(started).toEqual([0, 1]);
  gates[1]!.open();
  await all[1];
  await new Promise(setImmediate);
  expect(started).toEqual([0, 1, 2]);
  for (const { open } of gates) open();
  await Promise.all(all);
  expect(started).toEqual([0, 1, 2, 3, 4]);
});

test('gives the place back when the work fails', async () => {
  const semaphore = createSemaphore(1);
  await expect(semaphore.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(semaphore.run(() => Promise.resolve('in'))).resolves.toBe('in');
});

test('a caller that gives up while waiting is never let in and holds up nobody', async () => {
  const semaphore = createSemaphore(1);
  const { opened, open } = gate();
  const first = semaphore.run(() => opened);
  const abort = new AbortController();
  let ran = false;
  const second = semaphore.run(async () => {
    ran = true;
  }, abort);
  const third = semaphore.run(() => Promise.resolve('third'));
  abort.abort(new Error('gave up'));
  await expect(second).rejects.toThrow('gave up');
  open();
  await first;
  await expect(third).resolves.toBe('third');
  expect(ran).toBe(false);
});

test.each([0, -1, 1.5, Number.NaN])('a limit of %s is refused', (limit) => {
  expect(() => createSemaphore(limit)).toThrow(RangeError);
});

test('narrowed, it lets those go on who are in, and fewer after them', async () => {
  const semaphore = createSemaphore(3);
  let running = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
  };
  const first = Array.from({ length: 3 }, () => semaphore.run(work));
  semaphore.narrow(1);
  semaphore.narrow(2);
  await Promise.all(first);
  expect(most).toBe(3);
  most = 0;
  await Promise.all(Array.from({ length: 4 }, () => semaphore.run(work)));
  expect(most).toBe(1);
});

test('the urgent go first, among themselves in the order in which they came', async () => {
  const semaphore = createSemaphore(1);
  const { opened, open } = gate();
  const order: string[] = [];
  const ask = (name: string, urgent: boolean) =>
    semaphore.run(
      async () => {
        order.push(name);
        await opened;
      },
      { urgent },
    );
  const all = [ask('first', false), ask('a', false), ask('u', true), ask('b', false), ask('v', true)];
  open();
  await Promise.all(all);
  expect(order).toEqual(['first', 'u', 'v', 'a', 'b']);
});

test('says whether a caller would be admitted at once, and admits waiting callers first', async () => {
  const semaphore = createSemaphore(1);
  const order: string[] = [];
  await semaphore.whenFree();
  const { opened, open } = gate();
  const first = semaphore.run(() => opened);
  const second = semaphore.run(async () => void order.push('second'));
  const free = [semaphore.whenFree(), semaphore.whenFree()].map((told) =>
    told.then(() => order.push('free')),
  );
  await new Promise(setImmediate);
  expect(order).toEqual([]);
  open();
  await Promise.all([first, second, ...free]);
  expect(order).toEqual(['second', 'free', 'free']);
  await semaphore.whenFree();
});

test('narrowed while more are in, it is free only once there is room within the new limit', async () => {
  const semaphore = createSemaphore(2);
  const gates = [gate(), gate()];
  const all = gates.map(({ opened }) => semaphore.run(() => opened));
  semaphore.narrow(1);
  let free = false;
  const told = semaphore.whenFree().then(() => {
    free = true;
  });
  gates[0]!.open();
  await all[0];
  await new Promise(setImmediate);
  expect(free).toBe(false);
  gates[1]!.open();
  await Promise.all([...all, told]);
});
