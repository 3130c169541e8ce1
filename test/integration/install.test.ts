import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { actionFile, actionPath } from '../../src/install/action-file.js';
import type { LakefsClient } from '../../src/lakefs/types.js';
import {
  bridgeToken,
  clientFor,
  commitObject,
  lakefsUnderTest,
  newRepository,
} from '../support/lakefs/lakefs.js';
import { waitFor } from '../support/servers/process.js';
import { startReceiver } from '../support/servers/receiver.js';
import { type CliResult, runCli } from '../support/service/cli.js';
import { settingsWith } from '../support/service/settings.js';

async function branchNames(lakefs: LakefsClient, repository: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { id } of lakefs.branches(repository, { hidden: true })) names.push(id);
  return names;
}

async function fileOn(lakefs: LakefsClient, repository: string, branch: string): Promise<string> {
  return (await lakefs.readObject(repository, branch, actionPath)).toString();
}

const servers = await lakefsUnderTest();
afterAll(() => Promise.all(servers.map((server) => server.stop())));

describe.each(servers)('on $kind lakeFS', (server) => {
  const lakefs = clientFor(server);
  let repository: string;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let url: string;

  beforeEach(async () => {
    repository = await newRepository(lakefs, 'install');
    receiver = await startReceiver();
    url = `${receiver.url}/other/lakefs`;
  });
  afterEach(() => receiver.stop());

  function cli(...argv: string[]): Promise<CliResult> {
    return runCli(argv, { loadSettings: async () => settingsWith(server, { publicUrl: receiver.url }) });
  }

  test('After install lakeFS sends each commit with the token, the one that adds the file included', async () => {
    const { code, stdout, stderr } = await cli('install', repository);
    expect(stderr).not.toContain('lakefs-mlflow:');
    expect(code).toBe(0);
    const head = (await lakefs.getBranch(repository, 'main')).commit_id;
    expect(stdout).toContain(
      `delivered the first event, of commit ${head.slice(0, 12)}, and the service accepted it`,
    );
    expect(stdout).toContain(`main  installed by commit ${head.slice(0, 12)}`);
    const announced = await waitFor('the announcing commit', () =>
      receiver.deliveries.find(({ body }) => body.commit_id === head),
    );
    expect(announced.path).toBe('/hooks/lakefs');
    expect(announced.headers.authorization).toBe(`Bearer ${bridgeToken}`);
    expect(announced.headers['idempotency-key']).toBe('lakefs-mlflow');
    expect(announced.body).toMatchObject({
      event_type: 'post-merge',
      repository_id: repository,
      branch_id: 'main',
      action_name: 'lakefs-mlflow',
    });
    const next = await commitObject(lakefs, repository, 'main', 'gold/a.csv', '1');
    const sent = await waitFor('the next commit', () =>
      receiver.deliveries.find(({ body }) => body.commit_id === next),
    );
    expect(sent.body.event_type).toBe('post-commit');
    await lakefs.revert(repository, 'main', { ref: next, parent_number: 1 });
    await lakefs.cherryPick(repository, 'main', { ref: next });
    await waitFor('revert and cherry-pick', () =>
      ['post-revert', 'post-cherry-pick'].every((event) =>
        receiver.deliveries.some(({ body }) => body.event_type === event),
      ),
    );
  });

  test.each([
    [401, 'LAKEFSACTION_BRIDGE_TOKEN must have the same value'],
    [404, '/hooks/lakefs/NAME for a named installation'],
    [503, 'The service cannot store events now'],
    [500, 'Check that the address leads to the service'],
  ])(
    'A receiver that answers the first event with %i: exit code 3, with the reason and what to do',
    async (status, advice) => {
      receiver.answer(status);
      const { code, stdout, stderr } = await cli('install', repository);
      expect(code).toBe(3);
      expect(stdout).toContain('main  installed by commit');
      expect(stderr).toContain(
        `lakeFS could not deliver the first event to ${receiver.url}/hooks/lakefs: ` +
          `webhook request failed (status code: ${status}); the answer was: {"status":"accepted"}. `,
      );
      expect(stderr).toContain(advice);
      expect(await fileOn(lakefs, repository, 'main')).toContain(receiver.url);
    },
  );

  test('An address where nobody listens: exit code 3, and the JSON says it too', async () => {
    await receiver.stop();
    const { code, stdout, stderr } = await cli('install', repository, '--json');
    expect(code).toBe(3);
    expect(stderr).toMatch(/could not deliver the first event to .*refused\. Start the service/);
    expect(JSON.parse(stdout).announced).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('refused'),
    });
  });

  test('A second install checks again: exit code 3 while the service refuses events, 0 once it takes them', async () => {
    receiver.answer(401);
    expect((await cli('install', repository)).code).toBe(3);
    const head = (await lakefs.getBranch(repository, 'main')).commit_id;
    const second = await cli('install', repository);
    expect(second.code).toBe(3);
    expect(second.stdout).toContain('main  already there and current');
    expect(second.stderr).toContain(
      `lakeFS could not deliver a test event to ${receiver.url}/hooks/lakefs: webhook request failed (status code: 401)`,
    );

    receiver.answer(202);
    const third = await cli('install', repository, '--json');
    expect(third).toMatchObject({ code: 0, stderr: '' });
    const { commit, ...announced } = JSON.parse(third.stdout).announced;
    expect(announced).toEqual({ event: 'test', state: 'delivered' });
    expect(receiver.deliveries.at(-1)?.body).toMatchObject({
      commit_id: commit,
      branch_id: expect.stringMatching(/^tx-lakefs-mlflow-/),
    });
    const { stdout } = await cli('install', repository);
    expect(stdout).toContain('lakeFS has delivered a test event, and the service accepted it.');
    expect((await lakefs.getBranch(repository, 'main')).commit_id).toBe(head);
    expect(await branchNames(lakefs, repository)).toEqual(['main']);
  });

  test('A second install sends nothing where the newest event of the branch was delivered', async () => {
    await cli('install', repository);
    const head = await commitObject(lakefs, repository, 'main', 'gold/a.csv', '1');
    await waitFor('its event', () => receiver.deliveries.some(({ body }) => body.commit_id === head));
    const sent = receiver.deliveries.length;
    await waitFor('its run', async () => {
      for await (const { event_type } of lakefs.actionRuns(repository, { commit: head }))
        if (event_type === 'post-commit') return true;
      return false;
    });
    const { code, stdout } = await cli('install', repository);
    expect(code).toBe(0);
    expect(stdout).toContain(`lakeFS has delivered the newest event, of commit ${head.slice(0, 12)}, and`);
    expect(receiver.deliveries).toHaveLength(sent);
  });

  test('The branch gets one commit that adds the file and nothing else, and no branch is left over', async () => {
    const before = await commitObject(lakefs, repository, 'main', 'a.txt', 'a');
    expect((await cli('install', repository, '--url', url)).code).toBe(0);
    const commit = await lakefs.getCommit(repository, 'main');
    expect(commit.parents).toEqual([before]);
    expect(commit.message).toBe('Add the lakefs-mlflow action');
    const changed: string[] = [];
    for await (const { path } of lakefs.diff(repository, before, commit.id)) changed.push(path);
    expect(changed).toEqual([actionPath]);
    expect(await fileOn(lakefs, repository, 'main')).toBe(actionFile({ url }));
    expect(await branchNames(lakefs, repository)).toEqual(['main']);
  });

  test('A second install changes nothing and says so; another address is an update', async () => {
    await cli('install', repository, '--url', url);
    const { commit_id } = await lakefs.getBranch(repository, 'main');
    const again = await cli('install', repository, '--url', url);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('already there and current') });
    expect((await lakefs.getBranch(repository, 'main')).commit_id).toBe(commit_id);
    const moved = await cli('install', repository);
    expect(moved).toMatchObject({ code: 0, stdout: expect.stringContaining('main  updated by commit') });
    expect(await fileOn(lakefs, repository, 'main')).toContain(`${receiver.url}/hooks/lakefs`);
  });

  test("Another's file of the same name is neither overwritten nor removed", async () => {
    const theirs = 'name: theirs\non:\n  post-commit:\nhooks: []\n';
    const head = await commitObject(lakefs, repository, 'main', actionPath, theirs);
    for (const command of ['install', 'uninstall']) {
      const { code, stderr } = await cli(command, repository);
      expect(code).toBe(1);
      expect(stderr).toContain('was not written by lakefs-mlflow');
      expect(
        stderr
          .trimEnd()
          .split('\n')
          .filter((line) => line.startsWith('lakefs-mlflow:')),
      ).toHaveLength(1);
    }
    expect((await lakefs.getBranch(repository, 'main')).commit_id).toBe(head);
  });

  test('A file of ours that somebody edited stays as it is, and the difference is shown; --force replaces it', async () => {
    const theirs = actionFile({ url }).replace('timeout: "10s"', 'timeout: "45s"');
    const head = await commitObject(lakefs, repository, 'main', actionPath, theirs);
    const kept = await cli('install', repository);
    expect(kept.code).toBe(1);
    expect(kept.stdout).not.toContain('updated');
    expect(kept.stderr).toContain('was edited by hand');
    expect(kept.stderr).toContain('--force');
    expect(kept.stderr).toContain('+       timeout: "45s"');
    expect(kept.stderr).toContain('-       timeout: "10s"');
    expect((await lakefs.getBranch(repository, 'main')).commit_id).toBe(head);
    expect(await cli('install', repository, '--force')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('main  updated by commit'),
    });
    expect(await fileOn(lakefs, repository, 'main')).toBe(
      actionFile({ url: `${receiver.url}/hooks/lakefs` }),
    );
  });

  test('Uninstall leaves a file of ours that somebody edited, and shows the difference; --force removes it', async () => {
    const theirs = actionFile({ url }).replace('timeout: "10s"', 'timeout: "45s"');
    const head = await commitObject(lakefs, repository, 'main', actionPath, theirs);
    const kept = await cli('uninstall', repository);
    expect(kept).toMatchObject({ code: 1, stdout: '' });
    expect(kept.stderr).toContain('was edited by hand');
    expect(kept.stderr).toContain('--force removes it');
    expect(kept.stderr).toContain('+       timeout: "45s"\n-       timeout: "10s"\n');
    expect(kept.stderr).not.toContain('url:');
    expect((await lakefs.getBranch(repository, 'main')).commit_id).toBe(head);
    expect(await cli('uninstall', repository, '--force')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('main  removed by commit'),
    });
    await expect(fileOn(lakefs, repository, 'main')).rejects.toMatchObject({ status: 404 });
  });

  test('Uncommitted changes of others stay uncommitted, and the reason is said', async () => {
    await lakefs.uploadObject(repository, 'main', 'wip.txt', 'not done');
    const { code, stderr } = await cli('install', repository);
    expect(code).toBe(1);
    expect(stderr).toContain('branch "main" has uncommitted changes');
    expect(await branchNames(lakefs, repository)).toEqual(['main']);
    await expect(lakefs.statObject(repository, 'main@', 'wip.txt')).rejects.toMatchObject({ status: 404 });
    expect(await lakefs.statObject(repository, 'main', 'wip.txt')).toMatchObject({ path: 'wip.txt' });
  });

  test('All branches, or the named ones, each with its own outcome, also as JSON', async () => {
    for (const name of ['exp-1', 'exp_2', 'tx-short-lived']) {
      await lakefs.createBranch(repository, { name, source: 'main' });
    }
    await cli('install', repository, '--branch', 'exp-1', '--url', url);
    await lakefs.uploadObject(repository, 'exp_2', 'wip.txt', 'not done');
    const { code, stdout, stderr } = await cli(
      'install',
      repository,
      '--all-branches',
      '--json',
      '--url',
      url,
    );
    expect(code).toBe(1);
    expect(stderr).toContain('failed on 1 of 3 branches: see the list above');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ repository, url, path: actionPath, installation: 'default' });
    expect(report.branches).toMatchObject([
      { branch: 'exp-1', outcome: 'current' },
      { branch: 'exp_2', outcome: 'failed', reason: expect.stringContaining('uncommitted') },
      { branch: 'main', outcome: 'installed', commit: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  test('It succeeds while many people commit at the same time', async () => {
    const root = (await lakefs.getBranch(repository, 'main')).commit_id;
    const lanes = ['side-0', 'side-1', 'side-2'];
    for (const name of lanes) await lakefs.createBranch(repository, { name, source: 'main' });
    let stop = false;
    const others = lanes.map(async (lane) => {
      for (let n = 0; !stop; n++) {
        await commitObject(lakefs, repository, lane, `${lane}/${n}`, 'x');
        await lakefs.merge(repository, lane, 'main').catch(() => undefined);
      }
    });
    await waitFor(
      'the others to be busy',
      async () => (await lakefs.getBranch(repository, 'main')).commit_id !== root,
    );
    const { code, stderr } = await cli('install', repository);
    stop = true;
    await Promise.allSettled(others);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(await fileOn(lakefs, repository, 'main')).toContain(receiver.url);
  });

  test('Uninstall removes the file from the branches that have it', async () => {
    await lakefs.createBranch(repository, { name: 'exp', source: 'main' });
    await cli('install', repository, '--url', url);
    const { code, stdout } = await cli('uninstall', repository, '--all-branches');
    expect(code).toBe(0);
    expect(stdout).toMatch(/exp +was not there/);
    expect(stdout).toMatch(/main +removed by commit [0-9a-f]{12}/);
    await expect(fileOn(lakefs, repository, 'main')).rejects.toMatchObject({ status: 404 });
    expect(await branchNames(lakefs, repository)).toEqual(['exp', 'main']);
  });

  test('Stopped halfway it leaves no temporary branch, and the exit code is 130', async () => {
    for (let n = 0; n < 30; n++) await lakefs.createBranch(repository, { name: `b${n}`, source: 'main' });
    const controller = new AbortController();
    const running = runCli(['install', repository, '--all-branches', '--url', url], {
      loadSettings: async () => settingsWith(server),
      signal: controller.signal,
    });
    await waitFor('the first temporary branch', async () =>
      (await branchNames(lakefs, repository)).some((name) => name.startsWith('tx-')),
    );
    controller.abort(new Error('stopped by SIGINT'));
    const { code, stderr } = await running;
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopped after \d+ of 31 branches: run it again/);
    expect((await branchNames(lakefs, repository)).filter((name) => name.startsWith('tx-'))).toEqual([]);
  });

  test('An unknown branch or repository is one line that names it', async () => {
    const branch = await cli('install', repository, '--branch', 'nope');
    expect(branch).toMatchObject({ code: 1, stderr: expect.stringContaining('branch "nope"') });
    const unknown = await cli('install', 'no-such-repository');
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('repository "no-such-repository": repository not found');
  });
});
