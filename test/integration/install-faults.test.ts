import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { actionFile, actionPath } from '../../src/install/action-file.js';
import { changeBranch } from '../../src/install/change-branch.js';
import { decideInstall } from '../../src/install/decide.js';
import { LakefsError } from '../../src/lakefs/errors.js';
import type { LakefsClient } from '../../src/lakefs/types.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { waitFor } from '../support/servers/process.js';

const wanted = actionFile({ url: 'http://127.0.0.1:1/hooks/lakefs' });
const reset = new LakefsError({ name: 'lakeFS', method: 'POST', url: 'http://x/', status: 500 });

const servers = await lakefsUnderTest();
afterAll(() => Promise.all(servers.map((server) => server.stop())));

describe.each(servers)('on $kind lakeFS', (server) => {
  const lakefs = clientFor(server);
  let repository: string;

  beforeEach(async () => {
    repository = await newRepository(lakefs, 'faults');
  });

  function install(client: LakefsClient, branch = 'main') {
    return changeBranch({ lakefs: client, repository, branch, decide: decideInstall(wanted) });
  }

  async function history(): Promise<string[]> {
    const messages: string[] = [];
    for await (const { message } of lakefs.log(repository, 'main')) messages.push(message);
    return messages;
  }

  async function temporaryBranches(): Promise<string[]> {
    const names: string[] = [];
    for await (const { id } of lakefs.branches(repository, { hidden: true })) names.push(id);
    return names.filter((name) => name.startsWith('tx-'));
  }

  test('The answer to the merge is lost: the file is found in place, and there is one commit', async () => {
    let lost = 0;
    const result = await install({
      ...lakefs,
      merge: async (...args) => {
        await lakefs.merge(...args);
        lost += 1;
        throw reset;
      },
    });
    const head = (await lakefs.getBranch(repository, 'main')).commit_id;
    expect(result).toEqual({ branch: 'main', outcome: 'installed', commit: head });
    expect(lost).toBe(1);
    expect(await history()).toEqual(['Add the lakefs-mlflow action', 'Repository created']);
    expect(await temporaryBranches()).toEqual([]);
  });

  test('A different file of that name that somebody else adds meanwhile stays', async () => {
    const result = await install({
      ...lakefs,
      merge: async (...args) => {
        await commitObject(lakefs, repository, 'main', actionPath, 'name: theirs\non:\n  post-commit:\n');
        return lakefs.merge(...args);
      },
    });
    expect(result.outcome).toBe('refused');
    expect((await lakefs.readObject(repository, 'main', actionPath)).toString()).toContain('theirs');
    expect(await temporaryBranches()).toEqual([]);
  });

  test('A concurrent install is no error, and the file is in place', async () => {
    let first = true;
    const result = await install({
      ...lakefs,
      merge: async (...args) => {
        if (first) {
          first = false;
          await install(lakefs);
        }
        return lakefs.merge(...args);
      },
    });
    expect(result.outcome).toBe('installed');
    expect((await lakefs.readObject(repository, 'main', actionPath)).toString()).toBe(wanted);
    expect(await temporaryBranches()).toEqual([]);
  });

  test.each(['createBranch', 'uploadObject', 'commit', 'merge'] as const)(
    '%s keeps failing: the reason is reported, and no temporary branch is left',
    async (step) => {
      const failing = async () => {
        throw reset;
      };
      const result = await install({ ...lakefs, [step]: failing });
      expect(result).toMatchObject({
        outcome: 'failed',
        reason: expect.stringContaining('lakeFS answered 500'),
      });
      expect(await temporaryBranches()).toEqual([]);
      expect(await history()).toEqual(['Repository created']);
    },
  );

  test('The temporary branch cannot be deleted: it is installed, and the branch is named', async () => {
    const result = await install({
      ...lakefs,
      deleteBranch: async () => {
        throw reset;
      },
    });
    const [left] = await temporaryBranches();
    expect(result).toMatchObject({ outcome: 'installed', warning: expect.stringContaining(`${left}`) });
  });

  // The sandbox has no branch protection.
  const onReal = server.kind === 'real' ? test : undefined;
  onReal?.('A protected branch takes the file', async () => {
    const { endpoint, accessKeyId, secretAccessKey } = server;
    const answer = await fetch(`${endpoint}/api/v1/repositories/${repository}/settings/branch_protection`, {
      method: 'PUT',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${accessKeyId}:${secretAccessKey}`).toString('base64')}`,
      },
      body: '[{"pattern":"main"}]',
    });
    expect(answer.status).toBe(204);
    // lakeFS keeps the settings for some seconds.
    await waitFor('the protection', () =>
      lakefs.uploadObject(repository, 'main', 'x', 'x').then(
        () => lakefs.deleteObject(repository, 'main', 'x').then(() => false),
        () => true,
      ),
    );
    expect((await install(lakefs)).outcome).toBe('installed');
  });
});
