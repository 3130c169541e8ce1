import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, start, waitFor } from '../support/servers/process.js';
import { program } from '../support/service/service.js';

// Of the machine, not of the project.
const [mount, umount, unshare] = ['mount', 'umount', 'unshare'] as const;
const folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-wrong-settings-'));
const [file, small] = [join(folder, 'a-file'), join(folder, 'small-disk')];

beforeAll(() => {
  writeFileSync(file, '');
  mkdirSync(small);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What `serve` needs, with secrets that must not be seen. Nobody listens at these addresses. */
const enough = {
  HOME: folder,
  LAKECTL_SERVER_ENDPOINT_URL: 'http://127.0.0.1:1',
  LAKECTL_CREDENTIALS_ACCESS_KEY_ID: 'id',
  LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: 'canary-secret',
  LAKEFSACTION_BRIDGE_TOKEN: 'canary-token',
  MLFLOW_TRACKING_URI: 'http://127.0.0.1:1',
  MLFLOW_TRACKING_TOKEN: 'canary-bearer',
  LAKEFS_MLFLOW_DATA_DIR: join(folder, 'data'),
  LAKEFS_MLFLOW_PORT: '0',
};

async function serve(env: Readonly<Record<string, string>>): Promise<{ code: number; output: string }> {
  const started = start(process.execPath, [program, 'serve'], { ...enough, ...env });
  const code = await new Promise<number>((resolve) => {
    started.child.once('close', (status) => resolve(status ?? -1));
  });
  return { code, output: started.output() };
}

test('A file as DATA_DIR ends with code 1 and says what to do', async () => {
  expect(await serve({ LAKEFS_MLFLOW_DATA_DIR: file })).toEqual({
    code: 1,
    output: `lakefs-mlflow: LAKEFS_MLFLOW_DATA_DIR is ${file}, which is a file: name a folder, or move the file away\n`,
  });
});

test('Wrong settings end with code 2, all in one message, each under its own name, without a secret', async () => {
  const { code, output } = await serve({
    LAKEFSACTION_BRIDGE_TOKEN: 'canary token',
    MLFLOW_TRACKING_TOKEN: 'canary\nbearer',
    LAKEFS_MLFLOW_SWEEP_INTERVAL: '1ms',
    REDIS_URL: 'redis://:canary/x@redis',
  });
  expect(code).toBe(2);
  for (const words of [
    'LAKEFSACTION_BRIDGE_TOKEN must consist of printable ASCII characters',
    'MLFLOW_TRACKING_TOKEN contains a line break',
    'LAKEFS_MLFLOW_SWEEP_INTERVAL must be at least 1s',
    'REDIS_URL has a "/" or "?" in its user name or password: write "/" as %2F and "?" as %3F there',
  ]) {
    expect(output).toContain(words);
  }
  expect(output).not.toContain('HOOK_TOKENS');
  expect(output).not.toContain('canary');
});

/** Mounting takes rights that not every container gives to root. */
const mayMount = process.getuid?.() === 0 && spawnSync(unshare, ['--mount', 'true']).status === 0;

test.skipIf(!mayMount)(
  'A full disk at the first start is reported with what to do, and nothing half-written stays',
  async () => {
    execFileSync(mount, ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', small]);
    try {
      const { code, output } = await serve({ LAKEFS_MLFLOW_DATA_DIR: join(small, 'data') });
      expect(code).toBe(1);
      expect(output).toMatch(
        /only \d MB are free on the disk of .*small-disk\/data, and the embedded queue needs 42 MB to start: free some space there, set LAKEFS_MLFLOW_DATA_DIR/,
      );
      expect(readdirSync(join(small, 'data'))).toEqual([]);
    } finally {
      execFileSync(umount, [small]);
    }
  },
);

test('Where others can reach it and no login is set, the start says that pages and dashboard are closed, even with a line break after the token', async () => {
  const port = await freePort();
  const started = start(process.execPath, [program, 'serve'], {
    ...enough,
    LAKEFS_MLFLOW_HOST: '0.0.0.0',
    LAKEFS_MLFLOW_PORT: String(port),
    LAKEFS_MLFLOW_DATA_DIR: '',
    XDG_DATA_HOME: '',
    // Refused at once, so that the embedded queue need not be made.
    REDIS_URL: 'redis://:%@127.0.0.1:1',
    LAKEFSACTION_BRIDGE_TOKEN: 'canary-token\n',
  });
  try {
    await waitFor('the start', () => started.output().includes('"msg":"started"'));
  } finally {
    await started.stop('SIGKILL');
  }
  const output = started.output();
  expect(output).toContain('pages, API, dashboard and metrics are closed');
  expect(output).toContain('set LAKEFS_MLFLOW_USERS');
  expect(output).toContain('the line break at the end of LAKEFSACTION_BRIDGE_TOKEN was removed');
  expect(output).not.toContain('canary');
});
