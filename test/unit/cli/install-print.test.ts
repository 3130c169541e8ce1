import { expect, test } from 'vitest';
import { actionFile } from '../../../src/install/action-file.js';
import { installationWith, runCli, settingsWith } from '../../support/cli.js';

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

test('An installation with a name has its own address', async () => {
  const installations = [installationWith('default', nowhere), installationWith('ams', nowhere)];
  const { stdout } = await runCli(['install', '--print', '--installation', 'ams'], {
    loadSettings: async () => settingsWith(nowhere, { publicUrl: 'https://mlops.example', installations }),
  });
  expect(stdout).toContain('"https://mlops.example/hooks/lakefs/ams"');
});
