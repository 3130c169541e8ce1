import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLakefsFacts } from '../../../../../src/facts/commits/lakefs-facts.js';
import { createLakefsClient } from '../../../../../src/lakefs/client.js';
import type { LakefsClient } from '../../../../../src/lakefs/types.js';
import { readChange } from '../../../../../src/queries/shared/change/change.js';
import { ownCommits } from '../../../../../src/queries/shared/change/own-commits.js';
import { createReaching } from '../../../../../src/queries/shared/change/reach.js';
import type { Place } from '../../../../../src/queries/shared/place.js';
import { startSandbox } from '../../../../../src/sandbox/index.js';
import { installationFor } from '../../../../support/service/settings.js';

const repository = 'images';
let lakefs: LakefsClient;
let close: () => Promise<void>;
const at: Record<string, string> = {};

/** main: fork, dev's first commit merged, more; dev: two commits of its own, then one after the merge. */
beforeAll(async () => {
  const sandbox = await startSandbox({ env: {} });
  close = sandbox.close;
  lakefs = createLakefsClient(sandbox);
  await lakefs.createRepository({ name: repository, storage_namespace: 'local://images' });
  at.fork = await put('main', 'gold/a', 'a');
  await lakefs.createBranch(repository, { name: 'dev', source: 'main' });
  await lakefs.createBranch(repository, { name: 'empty', source: 'main' });
  at.dev1 = await put('dev', 'gold/b', 'first');
  at.merged = await lakefs.merge(repository, 'dev', 'main');
  at.dev2 = await put('dev', 'gold/b', 'second');
  at.later = await put('main', 'silver/x', 'x');
});
afterAll(() => close());

async function put(branch: string, path: string, content: string): Promise<string> {
  await lakefs.uploadObject(repository, branch, path, content);
  return (await lakefs.commit(repository, branch, { message: `Add ${path}` })).id;
}

async function placeOf(ref: string, refKind: Place['refKind'] = 'branch', path = ''): Promise<Place> {
  const settings = installationFor({
    endpoint: lakefs.endpoint,
    accessKeyId: '',
    secretAccessKey: '',
  });
  return {
    known: { settings, lakefs, facts: createLakefsFacts(lakefs, Date.now) },
    ...{ lakefs, ref, refKind, path },
    repository: await lakefs.getRepository(repository),
    commit: await lakefs.getCommit(repository, ref),
  };
}

describe("a branch's own commits", () => {
  const own = async (branch: string, limit = 100) => {
    const { graph } = createLakefsFacts(lakefs, Date.now);
    const found = await ownCommits(graph, await lakefs.getRepository(repository), branch, limit);
    return { ...found, own: [...found.own] };
  };

  test('are those that the default branch never pointed to, also after a merge', async () => {
    expect(await own('dev')).toEqual({ own: [at.dev2, at.dev1], base: at.fork, cut: false });
  });

  test('are none where it points to a commit of the default branch', async () => {
    expect(await own('empty')).toEqual({ own: [], base: at.fork, cut: false });
  });

  test('are not read of the default branch, which has all', async () => {
    expect(await own('main')).toEqual({ own: [], base: undefined, cut: false });
  });

  test('are marked as cut where the two were not read back to where they diverge', async () => {
    expect(await own('dev', 1)).toEqual({ own: [at.dev2], base: at.dev1, cut: true });
  });
});

describe('what a branch brought', () => {
  test('is what it had come to by each commit, also where it was merged half-way', async () => {
    const reaching = createReaching(await readChange(await placeOf('dev'), 100), lakefs);
    const kinds: Record<string, string> = {};
    for (const name of ['fork', 'dev1', 'dev2', 'merged', 'later']) {
      kinds[name] = (await reaching.of(at[name] ?? '', 'gold')).kind;
    }
    expect(kinds).toEqual({
      ...{ fork: 'none', dev1: 'itself', dev2: 'itself', merged: 'downstream', later: 'downstream' },
    });
    expect((await reaching.of(at.later ?? '', 'silver')).kind).toBe('none');
  });

  test('of the default branch is every commit that it holds', async () => {
    const reaching = createReaching(await readChange(await placeOf('main'), 100), lakefs);
    expect((await reaching.of(at.dev1 ?? '', '')).kind).toBe('itself');
    expect((await reaching.of(at.dev2 ?? '', '')).kind).toBe('none');
  });

  test('of a merge commit are its changes, with the commit that they came from', async () => {
    const reaching = createReaching(await readChange(await placeOf(at.merged ?? '', 'commit'), 100), lakefs);
    expect((await reaching.of(at.dev1 ?? '', '')).kind).toBe('same-bytes');
    expect((await reaching.of(at.dev2 ?? '', '')).kind).toBe('none');
    expect((await reaching.of(at.fork ?? '', '')).kind).toBe('none');
    expect((await reaching.of(at.later ?? '', '')).kind).toBe('downstream');
  });

  test('of a commit that lakeFS does not have nothing is claimed', async () => {
    const reaching = createReaching(await readChange(await placeOf(at.merged ?? '', 'commit'), 100), lakefs);
    expect((await reaching.of('f'.repeat(64), '')).kind).toBe('unknown');
  });
});
