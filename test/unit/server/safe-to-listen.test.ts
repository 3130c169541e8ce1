import { expect, test } from 'vitest';
import { SettingsError } from '../../../src/config/settings-error.js';
import { assertSafeToListen } from '../../../src/server/role.js';
import { installation } from '../hooks/fixtures.js';

const open = installation({ name: 'lab', hookTokens: [] });

test.each(['127.0.0.1', '127.8.9.1', 'localhost', '::1', '[::1]', '::ffff:127.0.0.1'])(
  'without tokens it may listen on %s',
  (host) => {
    expect(() => assertSafeToListen(host, [open])).not.toThrow();
  },
);

test.each(['0.0.0.0', '::', '10.0.0.1', 'receiver.internal', '127.0.0.1.example.com', ''])(
  'without a token for every installation it refuses to listen on "%s"',
  (host) => {
    expect(() => assertSafeToListen(host, [installation(), open])).toThrow(SettingsError);
    expect(() => assertSafeToListen(host, [installation(), open])).toThrow(/"lab" has no hook token/);
    expect(() => assertSafeToListen(host, [installation()])).not.toThrow();
  },
);
