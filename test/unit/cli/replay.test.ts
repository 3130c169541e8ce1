import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from '../../../src/queue/embedded-lock.js';
import { announceService } from '../../../src/server/service-file.js';
import { onLoopback } from '../../support/servers/loopback.js';
import { type CliResult, runCli } from '../../support/service/cli.js';
import { settingsWith } from '../../support/service/settings.js';
import { silentLog as log } from '../../support/silent-log.js';

const _ignore = () => undefined;
let dataDir: string;
let servers: Server[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'replay-'));
  servers = [];
});
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(dataDir, { recursive: true, force: true });
});

/** A service that answers `/replay` so; undefined: it breaks off, as it is just stopping. */
async function startService(replayAnswer: object | undefined): Promise<void> {
  const server = createServer((request, response) => {
    request.resume();
    const answer = request.url === '/api/v1/replay' ? replayAnswer : { jobs: {} };
    if (answer === undefined) request.socket.destroy();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  servers.push(server);
  const { port } = await onLoopback(server);
  announceService(dataDir, { host: '127.0.0.1', port, token: 'secret' }, log);
}

function replay(...argv: string[]): Promise<CliResult> {
  const lakefs = { endpoint: 'http://127.0.0.1:1', accessKeyId: 'key', secretAccessKey: 'secret' };
  return runCli(['replay', ...argv], { loadSettings: async () => settingsWith(lakefs, { dataDir }) });
}

test.each([
  [
    ['one', 'two'],
    3,
    '2 failed jobs will be retried; 3 jobs that were waiting for the next attempt can run now.\n',
  ],
  [[], 1, 'No job has failed; 1 job that was waiting for the next attempt can run now.\n'],
  [['one'], 0, '1 failed job will be retried.\n'],
  [[], 0, 'No job has failed, and none is waiting for its next attempt.\n'],
])('replay --all: of %j failed and %i waiting jobs it says "%s"', async (replayed, broughtForward, text) => {
  await startService({ replayed, broughtForward });
  expect(await replay('--all')).toEqual({ code: 0, stdout: text, stderr: '' });
  const { stdout } = await replay('--all', '--json');
  expect(JSON.parse(stdout)).toEqual({ replayed, broughtForward });
});

test('replay while the service starts waits for it and goes through it', async () => {
  const lock = takeLock(join(dataDir, 'queue.lock'));
  try {
    const answer = replay('--all');
    await startService({ replayed: ['one'], broughtForward: 0 });
    expect(await answer).toEqual({ code: 0, stdout: '1 failed job will be retried.\n', stderr: '' });
  } finally {
    lock.release();
  }
});

test('replay while the service stops says that, and to try again', async () => {
  await startService(undefined);
  const { code, stdout, stderr } = await replay('--all');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^lakefs-mlflow: the service at http:\/\/127.0.0.1:\d+ does not answer: it may be stopping or restarting. Try again in a few seconds; it is safe to repeat\n$/,
  );
});
