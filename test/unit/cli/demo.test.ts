import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Child, choosePort, createChildren, endLeftovers } from '../../../src/cli/demo/children.js';
import { deltaLogEntry, ridesCsv } from '../../../src/cli/demo/commits.js';
import { chooseLakefs } from '../../../src/cli/demo/lakefs.js';
import { createSteps } from '../../../src/cli/demo/steps.js';
import { emptyFolder, takeFolder } from '../../../src/cli/demo.js';
import { waitFor } from '../../support/servers/process.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-demo-unit-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('which lakeFS the demo uses', () => {
  const keys = {
    LAKECTL_CREDENTIALS_ACCESS_KEY_ID: 'key',
    LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: 'secret',
  };

  test('the one that the environment names comes first, without /api/v1', () => {
    const env = { ...keys, LAKECTL_SERVER_ENDPOINT_URL: 'https://lakefs.example/api/v1/' };
    expect(chooseLakefs(env)).toEqual({
      ...{ kind: 'given', place: 'lakefs-at-lakefs.example', endpoint: 'https://lakefs.example' },
      ...{ accessKeyId: 'key', secretAccessKey: 'secret' },
    });
  });

  test('an address without keys is an error, not the sandbox', () => {
    expect(() => chooseLakefs({ LAKECTL_SERVER_ENDPOINT_URL: 'https://lakefs.example' })).toThrow(
      'LAKECTL_CREDENTIALS_ACCESS_KEY_ID',
    );
  });

  test('a program on the PATH comes next, if it is executable', () => {
    const program = join(folder, 'lakefs');
    writeFileSync(program, '');
    expect(chooseLakefs({ PATH: folder })).toEqual({ kind: 'sandbox', place: 'sandbox' });
    chmodSync(program, 0o755);
    expect(chooseLakefs({ PATH: folder })).toEqual({ kind: 'program', place: 'lakefs', program });
  });
});

describe("the demo's folder", () => {
  test('is refused if it holds other files, and nothing is written there', () => {
    writeFileSync(join(folder, 'thesis.txt'), '');
    expect(() => takeFolder(folder)).toThrow('is not empty');
    expect(existsSync(join(folder, 'README.txt'))).toBe(false);
  });

  test('belongs to one demo at a time, and is free again afterwards', () => {
    const lock = takeFolder(folder);
    expect(() => takeFolder(folder)).toThrow(`process ${process.pid}) runs in ${folder}`);
    lock.release();
    takeFolder(folder).release();
  });

  test('is emptied except for the files that mark it as ours', () => {
    const lock = takeFolder(folder);
    mkdirSync(join(folder, 'sandbox'));
    emptyFolder(folder);
    expect(existsSync(join(folder, 'sandbox'))).toBe(false);
    lock.release();
    takeFolder(folder).release();
  });
});

describe("the demo's programs", () => {
  // Prints the id of what it has started.
  const script = `
    const { pid } = require('child_process').spawn('sleep', ['60']);
    console.log(pid);
    setInterval(() => {}, 1000);`;

  function startSleeper(record: string): { child: Child; stop: () => Promise<void> } {
    const children = createChildren(record);
    const child = children.start({
      ...{ name: 'sleeper', command: process.execPath, args: ['-e', script] },
      ...{ env: process.env, log: join(folder, 'log') },
    });
    return { child, stop: children.stop };
  }

  test('end together with what they started', async () => {
    const { child, stop } = startSleeper(join(folder, 'processes.json'));
    const started = Number(await waitFor('the sleeper', () => child.lastWords()));
    expect(isThere(started)).toBe(true);
    await stop();
    expect(child.ending()).toBe('SIGTERM');
    await waitFor('the end of what it has started', () => !isThere(started));
  });

  test.runIf(process.platform === 'linux')(
    'that a killed demo left running are ended at the next start',
    async () => {
      const record = join(folder, 'processes.json');
      const { child } = startSleeper(record);
      await waitFor('the sleeper', () => child.lastWords());
      expect(await endLeftovers(record)).toBe(1);
      await child.ended;
      expect(child.ending()).toBe('SIGTERM');
      expect(await endLeftovers(record)).toBe(0);
    },
  );

  test('that cannot be started say so', async () => {
    const children = createChildren(join(folder, 'processes.json'));
    const command = join(folder, 'nothing');
    const child = children.start({ name: 'x', command, args: [], env: {}, log: join(folder, 'log') });
    await child.ended;
    expect(child.ending()).toContain('ENOENT');
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a port in use is avoided and named', async () => {
  const { port } = await choosePort(0);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const chosen = await choosePort(port);
  expect(chosen.port).not.toBe(port);
  expect(chosen.remark).toBe(` (${port} is in use)`);
  await new Promise((resolve) => server.close(resolve));
  expect(await choosePort(port)).toEqual({ port, remark: '' });
});

describe('progress lines', () => {
  function record(isTTY: boolean) {
    const written: string[] = [];
    const stdout = {
      isTTY,
      columns: isTTY ? 80 : undefined,
      write: (text: string) => void written.push(text),
    };
    let time = 0;
    const now = () => {
      time += 1_200;
      return time;
    };
    return { steps: createSteps({ stdout }, 2, { signal: new AbortController().signal, now }), written };
  }

  test('without a terminal the first half is there before the step is done', async () => {
    const { steps, written } = record(false);
    await steps.run('lakeFS', async (say) => {
      expect(written.join('')).toBe('[1/2] lakeFS ... ');
      say('ready');
    });
    await expect(steps.run('MLflow', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(written.join('')).toBe('[1/2] lakeFS ... ready, 1.2 s\n[2/2] MLflow ... failed, 1.2 s\n');
  });

  test('on a terminal the line is redrawn', async () => {
    const { steps, written } = record(true);
    await steps.run('lakeFS', async () => undefined);
    expect(written.at(-1)).toBe('\r\u001b[2K[1/2] lakeFS ... done, 1.2 s\n');
  });
});

test('rides differ with the seed', () => {
  expect(ridesCsv({ seed: 1, rows: 3 }).split('\n')).toHaveLength(5);
  expect(ridesCsv({ seed: 1, rows: 3 })).toBe(ridesCsv({ seed: 1, rows: 3 }));
  expect(ridesCsv({ seed: 2, rows: 3 })).not.toBe(ridesCsv({ seed: 1, rows: 3 }));
});

test('only the first log entry of a Delta table describes the table', () => {
  const file = { file: 'a.parquet', sizeBytes: 1, time: 0 };
  const keys = (version: number) =>
    deltaLogEntry(version, file)
      .trim()
      .split('\n')
      .flatMap((line) => Object.keys(JSON.parse(line)));
  expect(keys(0)).toEqual(['protocol', 'metaData', 'add']);
  expect(keys(1)).toEqual(['add']);
});
