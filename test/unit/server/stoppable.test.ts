import { expect, test } from 'vitest';
import { stoppable } from '../../../src/handlers.js';
import type { JobContext, JobHandlers, JobOutcome } from '../../../src/queue/types.js';

const payload = { v: 1, server: 's', run: 'r' } as const;

function handlersWith(linkRun: () => Promise<JobOutcome>): JobHandlers {
  const other = async (): Promise<JobOutcome> => ({ summary: 'other' });
  return stoppable({
    'register-commit': other,
    'sweep-runs': other,
    'reconcile-repository': other,
    'link-run': linkRun,
  });
}

function context(signal: AbortSignal): JobContext {
  return { id: 'x', attempt: 1, signal, log: async () => {}, progress: async () => {} };
}

test('a handler that never ends is left as soon as its signal says so', async () => {
  const controller = new AbortController();
  const job = handlersWith(() => new Promise(() => {}))['link-run'](payload, context(controller.signal));
  controller.abort(new Error('the process is stopping'));
  await expect(job).rejects.toThrow('the process is stopping');
});

test('a handler that fails after it was left brings nothing down', async () => {
  const controller = new AbortController();
  let fail: (error: Error) => void = () => {};
  const handlers = handlersWith(() => new Promise((_resolve, reject) => (fail = reject)));
  const job = handlers['link-run'](payload, context(controller.signal));
  controller.abort(new Error('stopping'));
  await expect(job).rejects.toThrow('stopping');
  fail(new Error('too late'));
  await new Promise(setImmediate);
});

test('results and errors pass through', async () => {
  const { signal } = new AbortController();
  const done = handlersWith(async () => ({ summary: 'linked' }));
  expect(await done['link-run'](payload, context(signal))).toEqual({ summary: 'linked' });
  const failing = handlersWith(async () => {
    throw new Error('refused');
  });
  await expect(failing['link-run'](payload, context(signal))).rejects.toThrow('refused');
});

test('nothing is begun once the signal is set', async () => {
  let begun = false;
  const handlers = handlersWith(async () => {
    begun = true;
    return { summary: '' };
  });
  await expect(handlers['link-run'](payload, context(AbortSignal.abort(new Error('stop'))))).rejects.toThrow(
    'stop',
  );
  expect(begun).toBe(false);
});
