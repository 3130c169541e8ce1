import { expect, test } from 'vitest';
import { createAddressOf, createProxyCheck, senderOf } from '../../../src/server/client-address.js';

const addressOf = createAddressOf(createProxyCheck(['10.0.0.0/8', 'fd00::/8']));

test.each([
  ['192.0.2.1', undefined, '192.0.2.1'],
  ['::ffff:192.0.2.1', undefined, '192.0.2.1'],
  ['192.0.2.1', '198.51.100.9', '192.0.2.1'],
  ['10.0.0.7', '198.51.100.9', '198.51.100.9'],
  ['10.0.0.7', '198.51.100.9:4711', '198.51.100.9'],
  ['10.0.0.7', '[2001:db8::9]:4711', '2001:db8::9'],
  ['10.0.0.7', 'made.up, 203.0.113.5, 198.51.100.9, 10.0.0.8', '198.51.100.9'],
  ['10.0.0.7', '198.51.100.9, unknown', '10.0.0.7'],
  ['10.0.0.7', undefined, '10.0.0.7'],
  ['10.0.0.7', `${'198.51.100.9,'.repeat(100_000)}10.1.1.1`, '198.51.100.9'],
  [undefined, undefined, 'unknown'],
])('the peer %s that forwards for %s is %s', (remoteAddress, forwarded, expected) => {
  const request = { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } };
  expect(addressOf(request)).toBe(expected);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', 'unknown'],
])('%s is counted as %s', (address, expected) => {
  expect(senderOf(address)).toBe(expected);
});
