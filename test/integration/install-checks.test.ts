import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { actionPath } from '../../src/install/action-file.js';
import type { LakefsClient } from '../../src/lakefs/types.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { freePort, waitFor } from '../support/servers/process.js';
import { type CliResult, runCli } from '../support/service/cli.js';
import { settingsWith } from '../support/service/settings.js';

/** Refuses what comes without the metadata `ticket`, as a check of commits does. */
async function startCheck(): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const event = JSON.parse(Buffer.concat(chunks).toString());
      const fine = event.commit_metadata?.ticket !== undefined;
      response
        .writeHead(fine ? 200 : 400, { 'content-type': 'text/plain' })
        .end(fine ? 'ok' : 'commits need the metadata "ticket"');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${port}/check`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function checkingAction(event: string, url: string): string {
  return `name: ticket check
on:
  ${event}:
hooks:
  - id: must_have_ticket
    type: webhook
    properties:
      url: ${url}
`;
}

const servers = await lakefsUnderTest();
afterAll(() => Promise.all(servers.map((server) => server.stop())));

describe.each(servers)('on $kind lakeFS', (server) => {
  const lakefs: LakefsClient = clientFor(server);
  let check: Awaited<ReturnType<typeof startCheck>>;
  let repository: string;

  beforeAll(async () => {
    check = await startCheck();
  });
  afterAll(() => check.stop());
  beforeEach(async () => {
    repository = await newRepository(lakefs, 'checks');
  });

  function cli(...argv: string[]): Promise<CliResult> {
    // The check stands in for the service too: it takes what carries a ticket.
    return runCli(argv, {
      loadSettings: async () => settingsWith(server, { publicUrl: check.url.replace('/check', '') }),
    });
  }

  async function commitWithTicket(path: string, content: string): Promise<void> {
    await lakefs.uploadObject(repository, 'main', path, content);
    await lakefs.commit(repository, 'main', { message: `Add ${path}`, metadata: { ticket: 'DATA-1' } });
  }

  test.each(['prepare-commit', 'pre-commit', 'pre-merge'])(
    'A %s action that refuses is named with its hook, its answer, its run and the remedy, which works',
    async (event) => {
      await commitWithTicket('_lakefs_actions/check.yaml', checkingAction(event, check.url));
      const refused = await cli('install', repository);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(
        `branch "main": hook "must_have_ticket" of action "ticket check" refused it (${event}): ` +
          'webhook request failed (status code: 400); it answered: commits need the metadata "ticket". ',
      );
      const [, run] = /Its log is run (\w+) in the repository's Actions tab/.exec(refused.stderr) ?? [];
      const runs: string[] = [];
      for await (const { run_id } of lakefs.actionRuns(repository)) runs.push(run_id);
      expect(runs).toContain(run);
      expect(refused.stderr).toContain('--metadata KEY=VALUE');

      const installed = await cli(
        'install',
        repository,
        '--metadata',
        'ticket=DATA-2',
        '--metadata',
        'by=me',
      );
      expect(installed).toMatchObject({ code: 0, stdout: expect.stringContaining('installed by commit') });
      expect((await lakefs.getCommit(repository, 'main')).metadata).toMatchObject({
        ticket: 'DATA-2',
        by: 'me',
      });
      expect(await cli('uninstall', repository)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('refused it'),
      });
      expect((await cli('uninstall', repository, '--metadata', 'ticket=DATA-3')).code).toBe(0);
    },
  );

  test('A pre-create-branch action that refuses is named; no metadata would help, and none is proposed', async () => {
    await commitObject(
      lakefs,
      repository,
      'main',
      '_lakefs_actions/check.yaml',
      checkingAction('pre-create-branch', check.url),
    );
    const { code, stderr } = await cli('install', repository);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'hook "must_have_ticket" of action "ticket check" refused it (pre-create-branch)',
    );
    expect(stderr).toContain('let branches named tx-lakefs-mlflow-* through');
    expect(stderr).not.toContain('--metadata');
  });

  test('An action with our name in another file is reported, with what to do', async () => {
    await lakefs.createBranch(repository, { name: 'side', source: 'main' });
    const twin = 'name: lakefs-mlflow\non:\n  post-commit:\nhooks: []\n';
    await commitObject(lakefs, repository, 'main', '_lakefs_actions/by-hand.yaml', twin);
    const { code, stderr } = await cli('install', repository);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'branch "main": two files in _lakefs_actions/ on this branch have the same action name (action name \'lakefs-mlflow\' already loaded',
    );
    expect(stderr).toContain('rename one of the actions or delete its file, commit that');
    await expect(lakefs.statObject(repository, 'main', actionPath)).rejects.toMatchObject({ status: 404 });
  });

  test('A broken action file that nobody can commit is named with advice that works', async () => {
    const broken = '_lakefs_actions/broken.yaml';
    await lakefs.uploadObject(repository, 'main', broken, 'on:\n  post-commit:\n');
    await lakefs.uploadObject(repository, 'main', 'gold/a.csv', '1');
    const commit = () => lakefs.commit(repository, 'main', { message: 'Add data' });
    await expect(commit()).rejects.toMatchObject({
      detail: expect.stringContaining(`parsing file ${broken}`),
    });
    const { code, stderr } = await cli('install', repository);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `They include action files (${broken}), which lakeFS checks at every commit. If it refuses the commit because of one ` +
        'of them, correct or delete that file first (lakeFS notices within 10 seconds). Then run this again',
    );

    await lakefs.deleteObject(repository, 'main', broken);
    await waitFor('the commit to be accepted', commit, 10_000);
    expect(await cli('install', repository, '--metadata', 'ticket=DATA-2')).toMatchObject({ code: 0 });
  });

  test('Two files with one action name that a merge brought together: deleting one, and committing that, works', async () => {
    const twin = 'name: twin\non:\n  post-commit:\nhooks: []\n';
    await lakefs.createBranch(repository, { name: 'side', source: 'main' });
    await commitObject(lakefs, repository, 'side', '_lakefs_actions/a.yaml', twin);
    await commitObject(lakefs, repository, 'main', '_lakefs_actions/b.yaml', twin);
    await lakefs.merge(repository, 'side', 'main');
    const { code, stderr } = await cli('install', repository);
    expect(code).toBe(1);
    expect(stderr).toContain("action name 'twin' already loaded");
    expect(stderr).toContain(
      'delete its file, commit that (lakeFS notices the change within 10 seconds), then run this again',
    );

    await lakefs.deleteObject(repository, 'main', '_lakefs_actions/b.yaml');
    const commit = () => lakefs.commit(repository, 'main', { message: 'Delete the twin' });
    await waitFor('the commit to be accepted', commit, 10_000);
    expect(await cli('install', repository, '--metadata', 'ticket=DATA-2')).toMatchObject({ code: 0 });
  });

  test('Metadata that is not KEY=VALUE is wrong usage: nothing is asked of lakeFS', async () => {
    const { code, stderr } = await runCli(['install', 'images', '--metadata', 'ticket']);
    expect(code).toBe(2);
    expect(stderr).toContain('Write it as KEY=VALUE');
  });
});
