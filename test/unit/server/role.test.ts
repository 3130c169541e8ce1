import { expect, test } from 'vitest';
import { shareConcurrency } from '../../../src/server/concurrency.js';
import { assertCanStart } from '../../../src/server/role.js';

const settings = { queueUrl: 'redis://127.0.0.1', host: '127.0.0.1', installations: [], trustedProxies: [] };

test.each(['receive', 'work'] as const)('%s alone on the embedded queue is refused', (role) => {
  expect(() => assertCanStart({ ...settings, queueUrl: 'embedded' }, role)).toThrow(
    expect.objectContaining({ name: 'SettingsError', exitCode: 2 }),
  );
  expect(() => assertCanStart(settings, role)).not.toThrow();
});

test('all on the embedded queue is fine', () => {
  expect(() => assertCanStart({ ...settings, queueUrl: 'embedded' }, 'all')).not.toThrow();
});

test('every reason is in one message', () => {
  const wrong = { ...settings, queueUrl: 'embedded', trustedProxies: ['proxy.example'] };
  expect(() => assertCanStart(wrong, 'receive')).toThrow(/2 problems[\s\S]*embedded[\s\S]*proxy\.example/);
});

test.each([
  [1, 1, 4],
  [2, 1, 4],
  [3, 1, 4],
  [10, 1, 10],
  [100, 1, 100],
  [10, 3, 12],
])('a concurrency of %i on %i servers leaves each job at least one place', (total, servers, all) => {
  const shares = shareConcurrency(total, servers);
  expect(Math.min(...Object.values(shares))).toBe(1);
  expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBe(all);
  expect(shares['sweep-runs']).toBe(servers);
});
