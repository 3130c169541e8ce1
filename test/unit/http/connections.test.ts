import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { hasOneWorker, measureConnections, restMs } from '../../../src/http/connections.js';
import { createHttp } from '../../../src/http/http.js';
import type { Http, HttpOptions } from '../../../src/http/types.js';
import { scripted } from '../../support/servers/scripted-server.js';

function http(baseUrl: string, options: Partial<HttpOptions> = {}): Http {
  return createHttp({ name: 'MLflow', baseUrl, probePath: '/health', ...options });
}

/** A server that answers after these times (ms), by how the connection is used. */
function server(times: { fresh: readonly number[]; reused: readonly number[]; rested: readonly number[] }) {
  let clock = 0;
  let isRested = false;
  let opened = false;
  const left = { fresh: [...times.fresh], reused: [...times.reused], rested: [...times.rested] };
  return measureConnections({
    now: () => clock,
    sleep: async (ms) => {
      expect(ms).toBe(restMs);
      isRested = true;
    },
    get: async (mode) => {
      if (mode === 'reuse' && !opened) {
        opened = true;
        return;
      }
      const ms = left[mode === 'new' ? 'fresh' : isRested ? 'rested' : 'reused'].shift();
      isRested = false;
      if (ms === undefined) throw new Error('the server went away');
      clock += ms;
    },
  });
}

test.each([
  ['rested', [3, 2, 3], [44, 43, 44], [2, 2, 2]],
  ['rested', [3, 2, 3], [44, 43, 44], [44, 2, 44]],
  ['new', [3, 2, 3], [44, 43, 44], [43, 44, 44]],
  ['reuse', [3, 2, 3], [1, 1, 1], []],
  ['reuse', [3, 2, 3], [9, 9, 9], []],
  ['reuse', [100, 90, 95], [120, 110, 115], []],
  ['reuse', [3, 2, 3], [1, 60, 1], []],
  ['reuse', [3, 2, 3], [60, 1, 60], []],
  ['rested', [90, 40, 70], [110, 95, 84], [60, 55, 90]],
  ['new', [], [], []],
  ['new', [3, 2, 3], [44, 43, 44], [2, 2]],
] as const)(
  '%s is chosen for %j ms on new, %j ms on reused and %j ms on rested connections',
  async (expected, fresh, reused, rested) => {
    expect((await server({ fresh, reused, rested })).connections).toBe(expected);
  },
);

test.each([
  [true, [3, 2, 3], [1, 1, 1]],
  [false, [30, 20, 30], [10, 11, 10]],
  [false, [3, 2, 3], [44, 43, 44]],
] as const)(
  'that it is near and has one worker: %s, for %j ms on new, %j ms on reused connections',
  async (expected, fresh, reused) => {
    expect(hasOneWorker(await server({ fresh, reused, rested: [2, 2, 2] }))).toBe(expected);
  },
);

test('a near server with one worker gets two requests at a time', async () => {
  let running = 0;
  let most = 0;
  const server = await scripted(async (seen, response) => {
    if (seen.url === '/health') return response.end('OK');
    running += 1;
    most = Math.max(most, running);
    await sleep(20);
    running -= 1;
    return response.end('{}');
  });
  const client = http(server.url);
  await client.request({ method: 'GET', path: '/first' });
  await Promise.all(Array.from({ length: 6 }, () => client.request({ method: 'GET', path: '/a' })));
  expect(most).toBe(2);
  client.close();
});

test('a server that stalls on every kept connection gets new ones, measured once, and says so', async () => {
  const ports = new Set<number | undefined>();
  const server = await scripted((seen, response) => {
    const reused = ports.has(seen.port);
    ports.add(seen.port);
    setTimeout(() => response.end('{}'), reused ? 40 : 0);
  });
  const client = http(server.url);
  expect(client.connections()).toBe('auto');
  await Promise.all([
    client.request({ method: 'GET', path: '/a' }),
    client.request({ method: 'GET', path: '/b' }),
  ]);
  expect(client.connections()).toBe('new');
  const probes = server.seen.filter(({ url }) => url === '/health');
  await client.request({ method: 'GET', path: '/c' });
  expect(server.seen).toHaveLength(probes.length + 3);
  const ours = server.seen.filter(({ url }) => url !== '/health').map(({ port }) => port);
  expect(new Set(ours).size).toBe(3);
});

test('a server that stalls where a request follows an answer at once gets rested connections', async () => {
  const answered = new Map<number | undefined, number>();
  const server = await scripted((seen, response) => {
    const last = answered.get(seen.port) ?? Number.NEGATIVE_INFINITY;
    const atOnce = performance.now() - last < 40;
    setTimeout(() => response.end('{}', () => answered.set(seen.port, performance.now())), atOnce ? 40 : 0);
  });
  const client = http(server.url);
  for (const path of ['/a', '/b']) await client.request({ method: 'GET', path });
  expect(client.connections()).toBe('rested');
  await sleep(2 * restMs);
  await client.request({ method: 'GET', path: '/c' });
  const ours = server.seen.filter(({ url }) => url !== '/health').map(({ port }) => port);
  expect(new Set(ours).size).toBe(2);
  client.close();
});

test('a server that does not stall gets its connections reused', async () => {
  const server = await scripted({ status: 200 });
  const client = http(server.url);
  for (const path of ['/a', '/b', '/c']) await client.request({ method: 'GET', path });
  expect(client.connections()).toBe('reuse');
  const ours = server.seen.filter(({ url }) => url !== '/health').map(({ port }) => port);
  expect(new Set(ours).size).toBe(1);
  client.close();
});

test('where the measuring fails new connections are used, and the request itself goes on', async () => {
  const server = await scripted({ status: 404 }, { status: 200, body: '1' });
  const client = http(server.url);
  expect((await client.request({ method: 'GET', path: '/a' })).data).toBe(1);
  expect(client.connections()).toBe('new');
});

test.each([
  ['https://127.0.0.1:1', {}, 'reuse'],
  ['http://127.0.0.1:1', { probePath: undefined }, 'reuse'],
  ['http://127.0.0.1:1', { connections: 'new' }, 'new'],
  ['http://127.0.0.1:1', { connections: 'reuse' }, 'reuse'],
  ['http://127.0.0.1:1', { connections: 'rested' }, 'rested'],
  ['http://127.0.0.1:1', {}, 'auto'],
] as const)('%s with %j needs %s', (url, options, expected) => {
  expect(http(url, options).connections()).toBe(expected);
});
