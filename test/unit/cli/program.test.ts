import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runCli } from '../../support/service/cli.js';
import { settingsWith } from '../../support/service/settings.js';

const nowhere = { endpoint: 'http://127.0.0.1:1', accessKeyId: 'KEY', secretAccessKey: 'SECRET-KEY' };
const loadSettings = async () => settingsWith(nowhere);
const errorLines = (stderr: string) =>
  stderr.split('\n').filter((line) => /^(lakefs-mlflow|error):/.test(line));

test('--version prints the release of package.json', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect(await runCli(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([['--help'], ['help'], ['-h']])(
  '%s lists the commands on stdout, with code 0',
  async (argument) => {
    const { code, stdout, stderr } = await runCli([argument]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: lakefs-mlflow/);
    expect(stdout).toMatch(/install .* put the action file/);
  },
);

test.each([[['install', '--help']], [['help', 'install']]])('%j explains the command', async (argv) => {
  const { code, stdout } = await runCli(argv);
  expect(code).toBe(0);
  expect(stdout).toContain('--all-branches');
});

test('Help fits into 80 columns', async () => {
  for (const argv of [['--help'], ['install', '--help'], ['uninstall', '--help'], ['run', '--help']]) {
    const { stdout } = await runCli(argv, { columns: 80 });
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  }
});

test.each([
  ['no command', []],
  ['an unknown command', ['instal']],
  ['an unknown option', ['install', 'images', '--brunch', 'main']],
  ['two options that exclude each other', ['install', 'images', '--all-branches', '--branch', 'main']],
  ['no repository', ['install']],
  ['a second repository', ['install', 'images', 'videos']],
  ['a bad repository name', ['install', 'Images']],
  ['a branch name with a slash', ['install', 'images', '--branch', 'feature/x']],
  ['a branch name with an umlaut', ['install', 'images', '--branch', 'prüfung']],
  ['an address that is none', ['install', 'images', '--url', 'mlops.example']],
  ['run without --data', ['run', '--', 'true']],
  ['run without a command', ['run', '--data', 'images/main']],
  ['run with --print and a command', ['run', '--data', 'images/main', '--print', '--', 'true']],
  ['run with data that is a model', ['run', '--data', 'models:/churn/1', '--', 'true']],
  ['an unknown installation', ['install', 'images', '--installation', 'ams']],
])('Wrong usage, %s: code 2 and nothing on stdout', async (_, argv) => {
  const { code, stdout, stderr } = await runCli(argv, { loadSettings });
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).not.toBe('');
});

test('Wrong settings: code 2 and the message as it is', async () => {
  const wrong = Object.assign(new Error('Wrong settings: LAKECTL_SERVER_ENDPOINT_URL is not set'), {
    exitCode: 2,
  });
  const { code, stderr } = await runCli(['install', 'images'], { loadSettings: () => Promise.reject(wrong) });
  expect(code).toBe(2);
  expect(stderr).toBe('lakefs-mlflow: Wrong settings: LAKECTL_SERVER_ENDPOINT_URL is not set\n');
});

test('A server that is down: code 1 and one line that names its address', async () => {
  const { code, stdout, stderr } = await runCli(['install', 'images'], { loadSettings });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(errorLines(stderr)).toHaveLength(1);
  expect(stderr).toContain('http://127.0.0.1:1');
  expect(stderr).not.toContain('SECRET-KEY');
});

test('A bug is one line, without a stack unless the log level is debug', async () => {
  const broken = { loadSettings: () => Promise.reject(new TypeError('oops')) };
  const { code, stderr } = await runCli(['install', 'images'], broken);
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'lakefs-mlflow: unexpected error: oops\n' });
  const env = { LAKEFS_MLFLOW_LOG_LEVEL: 'debug' };
  expect((await runCli(['install', 'images'], { ...broken, env })).stderr).toContain('program.test.ts');
});
