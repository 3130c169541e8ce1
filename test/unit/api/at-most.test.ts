import { expect, test } from 'vitest';
import { atMost } from '../../../src/api/at-most.js';
import type { ApiRoute } from '../../../src/api/route.js';

function route(handle: ApiRoute['handle']): ApiRoute {
  return {
    ...{ method: 'get', path: '/x', operation: 'x', summary: 'x', role: 'viewer' },
    ...{ parameters: [], answers: {}, handle },
  };
}

const call = { parameters: {}, body: undefined };

test('one call too many is asked to retry later; the next is admitted once another has ended', async () => {
  const ends: (() => void)[] = [];
  const slow = route(() => new Promise((resolve) => ends.push(() => resolve({ status: 200, body: {} }))));
  const [a, b] = atMost(2, [slow, slow]);
  const under = [a?.handle(call), b?.handle(call)];
  await expect(a?.handle(call)).rejects.toMatchObject({ status: 429 });
  ends.shift()?.();
  await under[0];
  const next = b?.handle(call);
  for (const end of ends) end();
  await expect(next).resolves.toEqual({ status: 200, body: {} });
});

test('a call that fails makes room as well', async () => {
  const [failing] = atMost(1, [route(() => Promise.reject(new Error('down')))]);
  await expect(failing?.handle(call)).rejects.toThrow('down');
  await expect(failing?.handle(call)).rejects.toThrow('down');
});
