import { afterAll, describe, expect, test } from 'vitest';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import {
  isConflict,
  isDirtyBranch,
  isNoChanges,
  isNotFound,
  LakefsError,
} from '../../../src/lakefs/errors.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../../support/lakefs/lakefs.js';
import { collect } from '../../support/lakefs/scripted-server.js';
import { waitFor } from '../../support/servers/process.js';

function thrown(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

const servers = await lakefsUnderTest();
afterAll(() => Promise.all(servers.map((server) => server.stop())));

describe.each(servers)('on $kind lakeFS', (server) => {
  const lakefs = clientFor(server);

  test('A repository is made, read, listed and deleted', async () => {
    const name = await newRepository(lakefs);
    expect((await lakefs.getRepository(name)).default_branch).toBe('main');
    expect((await collect(lakefs.repositories())).map(({ id }) => id)).toContain(name);
    expect(
      isConflict(await thrown(lakefs.createRepository({ name, storage_namespace: `local://${name}2` }))),
    ).toBe(true);
    await lakefs.deleteRepository(name);
    // lakeFS answers from a cache for some seconds where the repository was read just before.
    await waitFor('the repository to be gone', async () =>
      isNotFound(await thrown(lakefs.getRepository(name))),
    );
    expect(await lakefs.version()).not.toBe('');
  });

  test('Objects with odd names are uploaded, listed, read and deleted', async () => {
    const name = await newRepository(lakefs);
    const path = 'odd names/a b+c é%&=.txt';
    await lakefs.uploadObject(name, 'main', path, 'ä', { contentType: 'text/plain' });
    expect(await lakefs.statObject(name, 'main', path)).toMatchObject({ path, size_bytes: 2 });
    expect((await lakefs.readObject(name, 'main', path)).toString()).toBe('ä');
    const again = lakefs.uploadObject(name, 'main', path, 'b', { ifAbsent: true });
    expect(await thrown(again)).toMatchObject({ status: 412 });
    expect(await collect(lakefs.objects(name, 'main', { delimiter: '/' }))).toMatchObject([
      { path: 'odd names/', path_type: 'common_prefix' },
    ]);
    expect(await collect(lakefs.uncommitted(name, 'main'))).toMatchObject([{ type: 'added', path }]);
    await lakefs.deleteObject(name, 'main', path);
    expect(await collect(lakefs.uncommitted(name, 'main'))).toEqual([]);
  });

  test('The log runs over pages, and stops at its limit', async () => {
    const name = await newRepository(lakefs);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await commitObject(lakefs, name, 'main', `${n}.txt`, `${n}`));
    const log = await collect(lakefs.log(name, 'main'));
    expect(log.slice(0, 5).map(({ id }) => id)).toEqual(ids);
    expect(log).toHaveLength(6);
    expect(log[0]?.parents).toEqual([ids[1]]);
    expect((await collect(lakefs.log(name, 'main', { limit: 2 }))).map(({ id }) => id)).toEqual(
      ids.slice(0, 2),
    );
    expect((await lakefs.getCommit(name, 'main~1')).id).toBe(ids[1]);
  });

  test('Branches, tags, diff, merge, revert and reset', async () => {
    const name = await newRepository(lakefs);
    const base = await commitObject(lakefs, name, 'main', 'gold/a.csv', '1');
    expect(await lakefs.createBranch(name, { name: 'exp', source: 'main' })).toBe(base);
    await lakefs.createBranch(name, { name: 'aside', source: 'main', hidden: true });
    expect((await collect(lakefs.branches(name))).map(({ id }) => id)).toEqual(['exp', 'main']);
    expect((await collect(lakefs.branches(name, { hidden: true }))).map(({ id }) => id)).toContain('aside');
    const side = await commitObject(lakefs, name, 'exp', 'gold/b.csv', '2');
    expect(await collect(lakefs.diff(name, base, side))).toMatchObject([
      { type: 'added', path: 'gold/b.csv' },
    ]);
    expect(await lakefs.mergeBase(name, 'exp', 'main')).toBe(base);
    const merged = await lakefs.merge(name, 'exp', 'main', { message: 'Merge it' });
    expect(await lakefs.getCommit(name, merged)).toMatchObject({
      parents: [base, side],
      message: 'Merge it',
    });
    expect(isNoChanges(await thrown(lakefs.merge(name, 'exp', 'main')))).toBe(true);
    await lakefs.createTag(name, { id: 'v1', ref: merged });
    expect(await lakefs.getTag(name, 'v1')).toEqual({ id: 'v1', commit_id: merged });
    expect((await collect(lakefs.tags(name))).map(({ id }) => id)).toEqual(['v1']);
    await lakefs.revert(name, 'main', { ref: merged, parent_number: 1 });
    expect((await lakefs.getCommit(name, 'main')).parents).toEqual([merged]);
    const picked = await lakefs.cherryPick(name, 'main', { ref: side });
    expect(picked.metadata['cherry-pick-origin']).toBe(side);
    await lakefs.hardReset(name, 'main', base);
    expect((await lakefs.getBranch(name, 'main')).commit_id).toBe(base);
    await lakefs.deleteBranch(name, 'exp');
    expect(isNotFound(await thrown(lakefs.getBranch(name, 'exp')))).toBe(true);
  });

  test('Refusals are distinguished', async () => {
    const name = await newRepository(lakefs);
    expect(isNoChanges(await thrown(lakefs.commit(name, 'main', { message: 'nothing' })))).toBe(true);
    await lakefs.createBranch(name, { name: 'exp', source: 'main' });
    await commitObject(lakefs, name, 'exp', 'a.txt', 'theirs');
    await lakefs.uploadObject(name, 'main', 'a.txt', 'ours');
    expect(isDirtyBranch(await thrown(lakefs.merge(name, 'exp', 'main')))).toBe(true);
    await lakefs.commit(name, 'main', { message: 'ours' });
    expect(isConflict(await thrown(lakefs.merge(name, 'exp', 'main')))).toBe(true);
    expect(await thrown(lakefs.getBranch(name, 'feature/x'))).toMatchObject({ status: 400 });
    expect(await thrown(lakefs.getCommit(name, 'main~x'))).toMatchObject({ failure: { kind: 'permanent' } });
  });

  test('Wrong keys are said as such', async () => {
    const wrong = createLakefsClient({ ...server, secretAccessKey: 'not-the-secret' });
    const error = await thrown(wrong.getRepository('whatever'));
    expect(error).toBeInstanceOf(LakefsError);
    expect(error).toMatchObject({
      status: 401,
      message: expect.stringContaining('LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY'),
    });
  });
});
