import { expect, test } from 'vitest';
import { createProxyCheck } from '../../../src/server/client-address.js';

const check = createProxyCheck(['10.1.0.0/16', '192.168.7.7', 'fd00::/8']);

test.each([
  ['10.1.2.3', true],
  ['::ffff:10.1.2.3', true],
  ['10.2.0.1', false],
  ['192.168.7.7', true],
  ['192.168.7.8', false],
  ['fd12::1', true],
  ['fe80::1%eth0', false],
  ['not an address', false],
  [undefined, false],
])('the peer %s is a trusted proxy: %s', (peer, expected) => {
  expect(check(peer)).toBe(expected);
});

test('an empty list trusts nobody', () => {
  expect(createProxyCheck([])('127.0.0.1')).toBe(false);
});

test.each(['proxy.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', ''])('"%s" is refused', (entry) => {
  expect(() => createProxyCheck([entry])).toThrow('LAKEFS_MLFLOW_TRUSTED_PROXIES');
});
