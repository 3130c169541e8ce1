import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/service/cli.js';
import { installationFor, settingsWith } from '../../support/service/settings.js';

const lakefs = { endpoint: 'http://127.0.0.1:1', accessKeyId: 'a', secretAccessKey: 'b' };
const id = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';

function ask(argv: readonly string[], ports: Readonly<Record<string, number>>) {
  const installations = Object.entries(ports).map(([name, port]) => {
    const installation = installationFor(lakefs, undefined, { name: name });
    return { ...installation, mlflow: { ...installation.mlflow, trackingUri: `http://127.0.0.1:${port}` } };
  });
  const settings = settingsWith(lakefs, { installations });
  return runCli(['lineage', ...argv, id], { loadSettings: () => Promise.resolve(settings) });
}

describe('the MLflow server that is asked', () => {
  test('with several servers and none named, it says which there are', async () => {
    const { code, stderr } = await ask([], { east: 1, west: 2 });
    expect(code).toBe(2);
    expect(stderr).toContain('choose one with --installation (east, west)');
  });

  test('--installation names one', async () => {
    const { code, stderr } = await ask(['--installation', 'west'], { east: 1, west: 2 });
    expect(code).toBe(1);
    expect(stderr).toContain('MLflow cannot be reached (ECONNREFUSED) for GET http://127.0.0.1:2/');
  });

  test('an installation that is not there is a wrong setting', async () => {
    const { code, stderr } = await ask(['--installation', 'north'], { east: 1 });
    expect(code).toBe(2);
    expect(stderr).toContain('have no installation "north"');
  });

  test('installations that share a server need no choice', async () => {
    expect((await ask([], { east: 1, west: 1 })).stderr).toContain('MLflow cannot be reached');
  });
});
