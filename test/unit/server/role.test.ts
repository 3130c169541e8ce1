import { expect, test } from 'vitest';
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
