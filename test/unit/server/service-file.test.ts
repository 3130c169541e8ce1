import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLocalToken } from '../../../src/api/local-token.js';
import { announceService, findService } from '../../../src/server/service-file.js';

const warnings: string[] = [];
const log = {
  debug() {},
  info() {},
  error() {},
  warn: (_data: object, text: string) => void warnings.push(text),
};
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'service-file-'));
  warnings.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('only its owner may read the file, and a command finds the service by it', () => {
  const { text } = createLocalToken();
  announceService(join(folder, 'new'), { host: '0.0.0.0', port: 8321, token: text }, log);
  expect(statSync(join(folder, 'new', 'service.json')).mode & 0o777).toBe(0o600);
  expect(findService(join(folder, 'new'))).toEqual({ address: 'http://127.0.0.1:8321', token: text });
});

test.each([
  ['::1', 'http://[::1]:8321'],
  ['[::1]', 'http://[::1]:8321'],
  ['fd00::7', 'http://[fd00::7]:8321'],
  ['::', 'http://[::1]:8321'],
  ['localhost', 'http://localhost:8321'],
])('a service that listens on %s is reached at %s', (host, address) => {
  announceService(folder, { host, port: 8321, token: 'a' }, log);
  expect(findService(folder)?.address).toBe(address);
});

test('it is gone once the service is closed, unless another service has written its own', () => {
  const one = announceService(folder, { host: '127.0.0.1', port: 1, token: 'a' }, log);
  const two = announceService(folder, { host: '::', port: 2, token: 'b' }, log);
  one.remove();
  expect(findService(folder)).toEqual({ address: 'http://[::1]:2', token: 'b' });
  two.remove();
  expect(findService(folder)).toBeUndefined();
});

test('a folder that cannot be written is said, and no more', () => {
  writeFileSync(join(folder, 'file'), '');
  announceService(join(folder, 'file'), { host: '127.0.0.1', port: 1, token: 'a' }, log).remove();
  expect(warnings).toEqual(['the address for local commands could not be written']);
});

test.each(['', '{', '[]', '{"address":1,"token":"x"}', 'null'])(
  'a file that holds %j names no service',
  (text) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'service.json'), text);
    expect(findService(folder)).toBeUndefined();
    expect(readFileSync(join(folder, 'service.json'), 'utf8')).toBe(text);
  },
);

test('the token is new with each start, and nothing but it opens', async () => {
  const token = createLocalToken();
  expect(token.text).not.toBe(createLocalToken().text);
  expect(token.text.length).toBeGreaterThan(40);
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    seen.push(token.viewerOf(request)?.role);
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  for (const authorization of [
    `Bearer ${token.text}`,
    `Bearer ${token.text}x`,
    'Bearer ',
    `Basic ${token.text}`,
  ]) {
    await fetch(`http://127.0.0.1:${port}`, { headers: { authorization } });
  }
  server.close();
  expect(seen).toEqual(['operator', undefined, undefined, undefined]);
});
