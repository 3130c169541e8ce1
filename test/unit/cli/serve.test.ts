import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { startText } from '../../../src/cli/serve.js';
import { listen } from '../../../src/server/listen.js';
import { runCli } from '../../support/service/cli.js';
import { settingsWith } from '../../support/service/settings.js';

const lakefs = { endpoint: 'http://127.0.0.1:9', accessKeyId: 'id', secretAccessKey: 'canary-key' };

test('wrong settings: one message with every reason, exit code 2, nothing started', async () => {
  const settings = settingsWith(lakefs, {
    host: '0.0.0.0',
    queueUrl: 'embedded',
    trustedProxies: ['nonsense'],
  });
  const installations = settings.installations.map((one) => ({ ...one, hookTokens: [] }));
  const result = await runCli(['serve', '--role', 'receive'], {
    loadSettings: async () => ({ ...settings, installations }),
  });
  expect(result.code).toBe(2);
  expect(result.stderr).toContain('3 problems');
  for (const reason of ['embedded queue', 'LAKEFSACTION_BRIDGE_TOKEN', 'nonsense']) {
    expect(result.stderr).toContain(reason);
  }
  expect(result.stdout).toBe('');
});

test('an unknown role is wrong usage', async () => {
  const result = await runCli(['serve', '--role', 'boss']);
  expect(result.code).toBe(2);
  expect(result.stderr).toContain('all, receive, work');
});

test('a port in use is said in one line', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(listen(createHttpServer(), '127.0.0.1', port)).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(
      new RegExp(`^port ${port} on 127\\.0\\.0\\.1 is in use: .*LAKEFS_MLFLOW_PORT`),
    ),
  });
  taken.close();
});

test('the start text names what a person needs, and no secret', () => {
  const settings = settingsWith(lakefs, { dataDir: '/data', queueUrl: 'redis://:canary-password@host' });
  const text = startText(settings, 'all', { address: 'http://127.0.0.1:8321', queue: 'embedded' });
  for (const part of ['/hooks/lakefs', '/queues/', 'http://127.0.0.1:9', 'embedded, in /data', 'Ctrl-C']) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain('canary');
  expect(text).not.toContain('closed');
  expect(startText(settings, 'work', { address: 'x', queue: 'redis' })).not.toContain('/hooks/lakefs');
});

test('the start text says where nobody can open the dashboard, and what to set', () => {
  const service = { address: 'http://0.0.0.0:8321', queue: 'embedded' } as const;
  const text = startText(settingsWith(lakefs, { host: '0.0.0.0' }), 'all', service);
  expect(text).toMatch(/Dashboard .*closed, as no login is configured: set LAKEFS_MLFLOW_USERS/);
  const users = [{ name: 'ada', role: 'viewer', hash: 'scrypt.x' }] as const;
  expect(startText(settingsWith(lakefs, { host: '0.0.0.0', users }), 'all', service)).not.toContain('closed');
});
