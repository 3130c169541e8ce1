import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createQueues, type OpenQueues } from '../../src/queue/create-queues.js';
import { findPostgres, initPostgres, startPostgres } from '../support/servers/postgres.js';
import { freePort, type Started, waitFor } from '../support/servers/process.js';
import { silentLog } from '../support/silent-log.js';

const programs = findPostgres();

describe.skipIf(programs === undefined)('while PostgreSQL is away', () => {
  let folder: string;
  let port: number;
  let server: Started | undefined;
  let queues: OpenQueues;
  let added = 0;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'postgres-outage-'));
    initPostgres(programs ?? '', folder);
    port = await freePort();
    queues = await createQueues({
      queueUrl: `postgres://postgres@127.0.0.1:${port}/postgres`,
      dataDir: folder,
      log: silentLog,
    });
  });

  afterEach(async () => {
    await queues.close();
    await server?.stop('SIGKILL');
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Again and again: it refuses while processes of a killed one are still about. */
  async function startServer(): Promise<void> {
    await waitFor('PostgreSQL', async () => {
      if (server === undefined || server.child.exitCode !== null || server.child.signalCode !== null) {
        server = startPostgres(programs ?? '', folder, port);
      }
      return (await queues.problem()) === undefined;
    });
  }

  function add() {
    const payload = { v: 1, server: 'default', run: `run-${added++}` } as const;
    return queues.add({ name: 'link-run', payload, cause: 'hook' });
  }

  async function expectRefusal(): Promise<void> {
    const from = performance.now();
    await expect(add()).rejects.toMatchObject({ failure: { kind: 'unavailable' } });
    expect(performance.now() - from).toBeLessThan(1_000);
  }

  test('adding is refused within a second and works again; workers wait and go on', async () => {
    let ran = 0;
    const work = async () => {
      ran += 1;
      return { summary: 'done' };
    };
    const workers = queues.startWorkers({
      'register-commit': work,
      'sweep-runs': work,
      'reconcile-repository': work,
      'link-run': work,
    });
    await expectRefusal();
    await startServer();
    await add();
    await waitFor('the first job', () => ran === 1);
    await server?.stop('SIGKILL');
    // A backend process that is left of it may still take a job, and keep it.
    await waitFor('the end of the last connection', async () => (await queues.problem()) !== undefined);
    await expectRefusal();
    await startServer();
    await add();
    await waitFor('the second job', () => ran === 2);
    await workers.close(1_000);
  });
});
