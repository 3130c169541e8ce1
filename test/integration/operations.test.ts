import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { clientFor, lakefsUnderTest } from '../support/lakefs/lakefs.js';
import { waitFor } from '../support/servers/process.js';
import { type HttpProxy, startProxy } from '../support/servers/proxy.js';
import { sendEvent } from '../support/service/bridge.js';
import { runCli } from '../support/service/cli.js';
import { operatedBeside } from '../support/service/operated.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

describe.each(lakefsServers)('beside $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  const bench = operatedBeside(lakefs, 'ops');
  const { serve, cli, commit, registered } = bench;
  let proxy: HttpProxy;

  beforeEach(async () => {
    proxy = await startProxy(lakefs.endpoint);
  });
  afterEach(() => proxy.stop());

  test('reconcile and backfill go through the running service; replay lists failed jobs and retries them', async () => {
    const old = [await commit('one'), await commit('two')];
    const service = await serve();
    const file = join(bench.folder.path, 'service.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await waitFor('the first look', async () => (await registered()).includes(old[1] ?? ''), 60_000);

    const missed = await commit('three');
    const looked = await cli('reconcile', bench.repository);
    expect(looked).toMatchObject({ code: 0, stderr: '' });
    expect(looked.stdout).toContain(`${bench.repository}: checked 1 branch head: queued 1 commit`);
    await waitFor('the missed commit', async () => (await registered()).includes(missed), 60_000);
    const again = JSON.parse((await cli('reconcile', bench.repository, '--json')).stdout);
    expect(again.repositories[0]).toMatchObject({
      repository: bench.repository,
      failed: false,
      counts: { queued: 0 },
    });

    const planned = await cli('backfill', bench.repository, '--dry-run');
    expect(planned.stdout).toContain(
      '2 of 4 commits were in the catalog already.\n2 commits would be registered.',
    );
    const filled = await cli('backfill', bench.repository);
    expect(filled).toMatchObject({ code: 0, stderr: '' });
    expect(filled.stdout).toContain('2 commits registered.');
    expect(await registered()).toHaveLength(4);
    expect(JSON.parse((await cli('backfill', bench.repository, '--json')).stdout)).toMatchObject({
      ...{ commits: 4, present: 4, hidden: 0, missing: 0, queued: 0 },
    });

    const later = `${bench.repository}-later`;
    await sendEvent(service.url, { repository: later, commit: old[0] ?? '' });
    const id = await waitFor(
      'the failed job',
      async () => {
        const { failed } = JSON.parse((await cli('replay', '--json')).stdout);
        return failed.find((job: { payload: { repository: string } }) => job.payload.repository === later)
          ?.id as string;
      },
      60_000,
    );
    const list = await cli('replay');
    expect(list.stdout).toContain(`has no repository "${later}"`);
    await client.createRepository({ name: later, storage_namespace: `local://${later}` });
    expect((await cli('replay', id)).stdout).toContain('The job will run again.');
    // A real lakeFS may remember for some seconds that there was no such repository.
    await waitFor(
      'nothing failed',
      async () => {
        await cli('replay', '--all');
        return (await cli('replay')).stdout.includes('No job has failed');
      },
      60_000,
    );
    const unknown = await cli('replay', id);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining(`no failed job ${id}`)]);

    await service.process.stop();
    expect(existsSync(file)).toBe(false);
  });

  test('after the service was killed the commands open its queue, and what they queue waits', async () => {
    await commit('one');
    const service = await serve();
    await waitFor('the first look', async () => (await registered()).length === 1, 60_000);
    await service.process.stop('SIGKILL');
    expect(existsSync(join(bench.folder.path, 'service.json'))).toBe(true);
    const missed = await commit('two');
    const looked = await cli('reconcile');
    expect(looked.stdout).toContain('queued 1 commit');
    const filled = await cli('backfill', bench.repository);
    expect(filled.stdout).toContain('no service runs here, so they wait for one');
    expect(await registered()).toHaveLength(1);
    await serve();
    await waitFor('all commits', async () => (await registered()).length === 3, 60_000);
    expect(await registered()).toContain(missed);
  });

  test('where the queue is held and the service cannot be found, the commands say so', async () => {
    await serve();
    rmSync(join(bench.folder.path, 'service.json'));
    const answer = await cli('replay');
    expect([answer.code, answer.stderr.replaceAll('\n', ' ')]).toEqual([
      1,
      expect.stringMatching(
        /a service holds the queue \(process \d+\), but it cannot be reached .* may be starting or stopping: try again/,
      ),
    ]);
  });

  test('killed during a check, it finds everything after its restart', async () => {
    await commit('one');
    const first = await serve({ lakefs: proxy.url });
    await waitFor('the first look', async () => (await registered()).length === 1, 60_000);
    const missed = [await commit('two'), await commit('three')];
    proxy.hold();
    const look = cli('reconcile', bench.repository).catch(() => undefined);
    await waitFor('the look', () => proxy.waiting() > 0);
    await first.process.stop('SIGKILL');
    proxy.release();
    await look;
    await serve({ lakefs: proxy.url });
    await waitFor(
      'what was missed',
      async () => {
        const there = await registered();
        return missed.every((id) => there.includes(id));
      },
      60_000,
    );
    expect(new Set(await registered()).size).toBe((await registered()).length);
  });
});

test.each([
  [['backfill'], 'missing required argument'],
  [['backfill', 'No Name'], 'No Name'],
  [['backfill', 'images', '--since', 'yesterday'], 'It must be a day such as'],
  [['backfill', 'images', '--limit', '0'], 'It must be a whole number'],
  [['reconcile', 'No Name'], 'No Name'],
  [['reconcile', '--recheck'], '--recheck needs the name of a repository'],
  [['replay', 'x', '--all'], 'give one job id, or --all'],
])('%j is wrong usage', async (argv, text) => {
  const answer = await runCli(argv);
  expect([answer.code, answer.stderr]).toEqual([2, expect.stringContaining(text)]);
});
