import { expect, test } from 'vitest';
import { actionFile } from '../../../src/install/action-file.js';
import { runCli } from '../../support/service/cli.js';
import { installationFor, settingsWith } from '../../support/service/settings.js';

const nowhere = { endpoint: 'http://127.0.0.1:1', accessKeyId: 'KEY', secretAccessKey: 'SECRET' };

test('--print with an address needs neither a server nor settings', async () => {
  const url = 'https://mlops.example/hooks/lakefs';
  expect(await runCli(['install', '--print', '--url', url])).toEqual({
    code: 0,
    stdout: actionFile({ url }),
    stderr: '',
  });
});

test('--print takes the address from the settings, and asks no server', async () => {
  const { code, stdout } = await runCli(['install', 'images', '--print'], {
    loadSettings: async () => settingsWith(nowhere, { publicUrl: 'https://mlops.example' }),
  });
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: actionFile({ url: 'https://mlops.example/hooks/lakefs' }),
  });
});

test.each(['http://127.0.0.1:8321', 'http://localhost:8321', 'http://[::1]:8321', 'http://0.0.0.0:8321'])(
  'The default address %s is refused where lakeFS runs on another machine: exit code 2, and what to set',
  async (publicUrl) => {
    const far = { ...nowhere, endpoint: 'https://lakefs.example' };
    for (const argv of [
      ['install', 'images'],
      ['install', '--print'],
    ]) {
      const { code, stdout, stderr } = await runCli(argv, {
        loadSettings: async () => settingsWith(far, { publicUrl }),
      });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toBe(
        `lakefs-mlflow: lakeFS at https://lakefs.example could not reach the service at ${publicUrl}/hooks/lakefs, which ` +
          "leads to lakeFS's own machine: set LAKEFS_MLFLOW_PUBLIC_URL to an address by which lakeFS " +
          'reaches the service, or pass --url https://HOST/hooks/lakefs\n',
      );
    }
  },
);

test('An installation with a name has its own address', async () => {
  const installations = [installationFor(nowhere), installationFor(nowhere, undefined, { name: 'ams' })];
  const { stdout } = await runCli(['install', '--print', '--installation', 'ams'], {
    loadSettings: async () => settingsWith(nowhere, { publicUrl: 'https://mlops.example', installations }),
  });
  expect(stdout).toContain('"https://mlops.example/hooks/lakefs/ams"');
});
