import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLakefsFacts } from '../../../../src/facts/commits/lakefs-facts.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import { LakefsError } from '../../../../src/lakefs/errors.js';
import type { LakefsClient } from '../../../../src/lakefs/types.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { linksOf, makeRun, proposer, type Values, withTags } from '../../../support/runs/propose.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
const propose = proposer(sandbox, client);
afterAll(() => sandbox.close());

const gitCommit = '0123456789abcdef0123456789abcdef01234567';
const nowhere = 'e'.repeat(64);

let repo = '';
let other = '';
let a = '';
let b = '';

beforeAll(async () => {
  repo = await newRepository(client);
  other = await newRepository(client);
  a = await commitObject(client, repo, 'main', 'gold/x.csv', '1');
  await client.createTag(repo, { id: 'v1', ref: a });
  b = await commitObject(client, repo, 'main', 'gold/x.csv', '2');
  await commitObject(client, other, 'main', 'gold/x.csv', '3');
});

/** A client of which one call is replaced. */
function changed(parts: Partial<LakefsClient>): LakefsClient {
  return { ...client, ...parts };
}

function failing(status: number): LakefsError {
  return new LakefsError({
    ...{ name: 'lakeFS', method: 'GET', url: 'http://127.0.0.1:1/api/v1', status },
    ...{ json: { message: 'no' }, retryAfterMs: undefined },
  } as never);
}

async function reasonsOf(tags: Values): Promise<readonly string[]> {
  const proposal = await propose(makeRun('run', { tags }));
  if (proposal.kind === 'tags') throw new Error('it is linked');
  return proposal.settled?.examination.none.map(({ reason }) => reason) ?? [];
}

test('a commit id in capitals, by the guide’s tags, alone in a param, or beside an input by branch, is declared', async () => {
  const id = a.toUpperCase();
  const guide = { lakefs_repo: repo, lakefs_commit: id };
  const declared = { repository: repo, commit: a, kind: 'declared', certain: true };
  expect(linksOf(await propose(makeRun('run', { tags: guide })))).toMatchObject([declared]);
  expect(linksOf(await propose(makeRun('run', { params: { data_commit: id } })))).toMatchObject([declared]);
  const sources = [`s3://${repo}/main/gold/x.csv`];
  const read = linksOf(await propose(makeRun('run', { tags: guide, sources })));
  expect(read).toMatchObject([{ ...declared, path: 'gold/x.csv' }]);
});

describe('a whole commit id with no repository beside it', () => {
  const bare = () => makeRun('run', { tags: { lakefs_commit: a } });

  test('is that of the one watched repository that has it, by a tag or a param, and stays so', async () => {
    const first = await propose(bare());
    expect(linksOf(first)).toMatchObject([
      { repository: repo, commit: a, path: '', where: 'tag', kind: 'declared', certain: true },
    ]);
    expect(await propose(withTags(bare(), first))).toMatchObject({ kind: 'leave' });
    const param = makeRun('run', { params: { dataset_commit: a } });
    expect(linksOf(await propose(param))).toMatchObject([{ repository: repo, commit: a, where: 'param' }]);
  });

  test('once linked, costs no read of other repositories, and outlives a copy of the repository', async () => {
    const tagged = withTags(bare(), await propose(bare()));
    const lakefs = changed({
      repositories: () => {
        throw new Error('the list of repositories is asked for');
      },
    });
    expect(await propose(tagged, [], { lakefs })).toMatchObject({ kind: 'leave' });
  });

  test('that no repository has, or a short one, is text', async () => {
    expect(await reasonsOf({ lakefs_commit: nowhere })).toEqual(['no watched repository has this commit']);
    expect(await reasonsOf({ lakefs_commit: a.slice(0, 12) })).toEqual([
      'the tag lakefs_repo, which would say whose commit it is, is missing',
    ]);
  });

  test('that two repositories have is linked to neither', async () => {
    const commit = await client.getCommit(repo, a);
    const lakefs = changed({
      getCommit: (_repository, ref) => (ref === a ? Promise.resolve(commit) : client.getCommit(repo, ref)),
    });
    expect(await propose(bare(), [], { lakefs })).toMatchObject({ kind: 'leave' });
  });

  test('in a repository that is not watched is text', async () => {
    const settings = { repositories: [`!${repo}`] };
    expect(await propose(bare(), [], { settings })).toMatchObject({ kind: 'leave' });
  });

  test('a repository that we may not read does not hide that another one has it', async () => {
    const refused = failing(403);
    const lakefs = changed({
      getCommit: (repository, ref) =>
        repository === other ? Promise.reject(refused) : client.getCommit(repository, ref),
    });
    expect(linksOf(await propose(bare(), [], { lakefs }))).toMatchObject([{ repository: repo, commit: a }]);
  });

  test('is not judged while lakeFS does not answer', async () => {
    const down = failing(503);
    const lakefs = changed({ getCommit: () => Promise.reject(down) });
    await expect(propose(bare(), [], { lakefs })).rejects.toBe(down);
  });

  test('is found in a repository that was made after others were asked for it', async () => {
    const made: string[] = [];
    const commit = await client.getCommit(repo, a);
    const lakefs = changed({
      repositories: async function* () {
        for await (const one of client.repositories()) if (one.id !== repo || made.includes(repo)) yield one;
      },
    });
    const askedAt = Date.now();
    const facts = createLakefsFacts(lakefs, () => askedAt + 5_000);
    expect(await facts.repositoriesWith(a, [], askedAt)).toMatchObject({ repositories: [] });
    made.push(repo);
    expect(await facts.repositoriesWith(commit.id, [], askedAt)).toMatchObject({ repositories: [] });
    expect(await facts.repositoriesWith(commit.id, [], askedAt + 4_000)).toMatchObject({
      repositories: [repo],
    });
  });

  test('of a parent is inherited', async () => {
    const parent = makeRun('parent', { tags: { lakefs_commit: a } });
    const child = makeRun('child', { tags: { 'mlflow.parentRunId': 'parent' } });
    expect(linksOf(await propose(child, [parent]))).toMatchObject([{ commit: a, where: 'parent' }]);
  });
});

describe('the commit in one key and the repository only in an address', () => {
  test.each(['gold/x.csv', 'gold/'])(
    'are one declared link of %s, and no second, inferred one',
    async (path) => {
      const params = { data_path: `s3://${repo}/main/${path}` };
      const run = makeRun('run', { params, tags: { lakefs_commit: a.slice(0, 10) } });
      const first = await propose(run);
      expect(linksOf(first)).toMatchObject([
        { repository: repo, commit: a, path, kind: 'declared', certain: true },
      ]);
      expect(await propose(withTags(run, first))).toMatchObject({ kind: 'leave' });
    },
  );

  test('of two repositories in addresses the one that has the commit is meant', async () => {
    const params = { train: `s3://${repo}/main/gold/x.csv`, test: `s3://${other}/main/gold/x.csv` };
    const links = linksOf(await propose(makeRun('run', { params, tags: { data_commit: a } })));
    expect(links.map(({ repository, kind, certain }) => [repository, kind === 'declared', certain])).toEqual(
      [
        [repo, true, true],
        [other, false, false],
      ].sort(),
    );
  });

  test('a plain bucket beside a commit changes nothing', async () => {
    const run = makeRun('run', { params: { data: 's3://plain/main/x' }, tags: { lakefs_commit: a } });
    expect(linksOf(await propose(run))).toMatchObject([{ repository: repo, commit: a }]);
  });
});

describe('lakefs_ref beside a repository', () => {
  test.each<[string, () => string, object]>([
    ['a commit', () => a, { commit: 'a', kind: 'declared' }],
    ['a tag', () => 'v1', { commit: 'a', kind: 'resolved' }],
    ['a branch', () => 'main', { commit: 'b' }],
  ])('may be %s', async (_what, ref, { commit, ...rest }: { commit?: string }) => {
    const links = linksOf(await propose(makeRun('run', { tags: { lakefs_repo: repo, lakefs_ref: ref() } })));
    expect(links).toMatchObject([{ repository: repo, commit: commit === 'a' ? a : b, ...rest }]);
  });

  test('may be a key of the settings', async () => {
    const settings = { referenceKeys: ['repo:data.source', 'ref:data.*.version'] };
    const tags = { 'data.source': repo, 'data.train.version': 'v1' };
    expect(linksOf(await propose(makeRun('run', { tags }), [], { settings }))).toMatchObject([
      { repository: repo, commit: a },
    ]);
  });
});

describe('what is no commit of lakeFS in a commit key', () => {
  test.each([gitCommit, 'unknown', 'None', '0000000', ''])(
    '"%s" does not silence the branch beside it',
    async (value) => {
      const tags = { lakefs_repo: repo, lakefs_commit: value, lakefs_branch: 'main' };
      const run = makeRun('run', { tags });
      const first = await propose(run);
      expect(linksOf(first)).toMatchObject([{ name: 'lakefs_branch', commit: b, ref: 'main' }]);
      expect(await propose(withTags(run, first))).toMatchObject({ kind: 'leave' });
    },
  );

  test('the beginning of an id that is there, and a whole id that is not, do', async () => {
    const tags = { lakefs_repo: repo, lakefs_branch: 'main' };
    const short = makeRun('run', { tags: { ...tags, lakefs_commit: a.slice(0, 9) } });
    expect(linksOf(await propose(short))).toMatchObject([{ name: 'lakefs_commit', commit: a }]);
    const gone = makeRun('run', { tags: { ...tags, lakefs_commit: nowhere } });
    expect(await propose(gone)).toMatchObject({ kind: 'leave' });
  });
});
