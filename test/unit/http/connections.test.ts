import { expect, test } from 'vitest';
import { chooseConnections } from '../../../src/http/connections.js';
import { createHttp } from '../../../src/http/http.js';
import type { Http, HttpOptions } from '../../../src/http/types.js';
import { scripted } from './scripted.js';

function http(baseUrl: string, options: Partial<HttpOptions> = {}): Http {
  return createHttp({ name: 'MLflow', baseUrl, probePath: '/health', ...options });
}

test.each([
  ['new', [3, 2, 3], [44, 43, 44]],
  ['reuse', [3, 2, 3], [1, 1, 1]],
  ['reuse', [3, 2, 3], [9, 9, 9]],
  ['reuse', [100, 90, 95], [120, 110, 115]],
  ['reuse', [3, 2, 3], [1, 60, 1]],
  ['reuse', [3, 2, 3], [60, 1, 60]],
  ['new', [90, 40, 70], [110, 95, 84]],
  ['new', [], []],
] as const)('%s is chosen for %j ms on new and %j ms on reused connections', (expected, fresh, reused) => {
  expect(chooseConnections({ fresh, reused })).toBe(expected);
});

test('a server that stalls on reused connections gets new ones, measured once, and says so', async () => {
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
  ['http://127.0.0.1:1', {}, 'auto'],
] as const)('%s with %j needs %s', (url, options, expected) => {
  expect(http(url, options).connections()).toBe(expected);
});
