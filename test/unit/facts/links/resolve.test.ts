import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInstallations } from '../../../../src/config/installations.js';
import { referencesOf } from '../../../../src/domain/references/reference.js';
import { createLakefsFacts } from '../../../../src/facts/commits/lakefs-facts.js';
import { type Resolution, resolveReference } from '../../../../src/facts/links/resolve.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { inputView, runView } from '../../../support/runs/run-views.js';
import { installationFor } from '../../../support/service/settings.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
let repository = '';
let commit = '';

beforeAll(async () => {
  repository = await newRepository(client);
  commit = await commitObject(client, repository, 'main', 'gold/x.csv', '1');
});
afterAll(() => sandbox.close());

/** The commit that an address leads to, or why to none. */
async function resolve(address: string, hosts: string[] = []): Promise<string> {
  const [reference] = referencesOf(runView({ inputs: [inputView(address)] })).found;
  if (reference === undefined) return 'no address';
  const plain = installationFor(sandbox, 'http://127.0.0.1:1');
  const settings = { ...plain, lakefs: { ...plain.lakefs, hosts } };
  const facts = createLakefsFacts(client, Date.now);
  return told(
    await resolveReference(
      reference,
      'training',
      createInstallations([{ settings, lakefs: client, facts }]),
      Date.now(),
    ),
  );
}

function told(resolution: Resolution): string {
  if (resolution.kind === 'commit') return resolution.commit;
  if (resolution.kind === 'none') return resolution.reason;
  return resolution.kind === 'tag' ? `tag ${resolution.commit}` : `branch ${resolution.name.base}`;
}

test('the beginning of an id leads to the commit, unless a branch is called so', async () => {
  const short = commit.slice(0, 12);
  expect(await resolve(`s3://${repository}/${short}/gold/x.csv`)).toBe(commit);
  await client.createBranch(repository, { name: short, source: 'main' });
  expect(await resolve(`s3://${repository}/${short}/gold/x.csv`)).toBe(`branch ${short}`);
  expect(await resolve(`s3://${repository}/${commit}/gold/x.csv`)).toBe(commit);
});

describe('a ref leads', () => {
  let parent = '';
  let merge = '';
  let side = '';

  beforeAll(async () => {
    ({
      parents: [parent = ''],
    } = await client.getCommit(repository, commit));
    await client.createBranch(repository, { name: 'side', source: 'main' });
    side = await commitObject(client, repository, 'side', 'gold/y.csv', '2');
    await client.createTag(repository, { id: 'v1.0', ref: commit });
    await client.createTag(repository, { id: 'UPPER', ref: commit });
    await client.createTag(repository, { id: 'v2~1', ref: commit });
    await client.createBranch(repository, { name: 'merged', source: 'main' });
    await commitObject(client, repository, 'merged', 'gold/z.csv', '3');
    merge = await client.merge(repository, 'side', 'merged');
    await client.createTag(repository, { id: 'merge', ref: merge });
    await client.createBranch(repository, { name: 'hidden', source: 'main', hidden: true });
  });

  test.each([
    ['main', () => 'branch main'],
    ['main@', () => 'branch main'],
    ['main$', () => 'branch main'],
    ['main~1', () => 'branch main'],
    ['hidden', () => 'branch hidden'],
    ['v1.0', () => `tag ${commit}`],
    ['UPPER', () => `tag ${commit}`],
    ['v1.0~1', () => `tag ${parent}`],
    ['merge^2', () => `tag ${side}`],
    ['merge^2~1', () => `tag ${commit}`],
    ['v1.0~9', () => 'past the first commit'],
    ['v1.0^2', () => 'past the first commit'],
    ['v1.0@', () => 'works with branches only'],
    ['v2~1', () => 'neither branch nor tag "v2"'],
    ['main~-1', () => 'cannot be a lakeFS ref'],
    ['main~x', () => 'cannot be a lakeFS ref'],
    ['nowhere', () => 'neither branch nor tag "nowhere"'],
    ['abc', () => 'seven digits at least'],
  ])('%s', async (ref, expected) => {
    expect(await resolve(`s3://${repository}/${ref}/gold/x.csv`)).toContain(expected());
  });

  test('by steps from a commit, as surely as the commit itself', async () => {
    expect(await resolve(`s3://${repository}/${commit}~1/gold/x.csv`)).toBe(parent);
    expect(await resolve(`s3://${repository}/${merge.slice(0, 10)}^2/gold/x.csv`)).toBe(side);
    expect(await resolve(`s3://${repository}/${commit}~99/gold/x.csv`)).toContain('past the first commit');
  });

  test('nowhere in upper case, nor by an id of another repository', async () => {
    const other = await newRepository(client);
    const foreign = await commitObject(client, other, 'main', 'gold/x.csv', '9');
    expect(await resolve(`s3://${repository}/${commit.toUpperCase()}/gold/x.csv`)).toContain(
      'neither branch',
    );
    expect(await resolve(`s3://${repository}/${foreign}/gold/x.csv`)).toContain('has no commit');
  });
});

describe('two lakeFS servers with a repository of one name', () => {
  const twin = createLakefsClient(sandbox);
  const both = async (ref: string, withTwin = createLakefsFacts(twin, Date.now)): Promise<string> => {
    const [reference] = referencesOf(
      runView({ inputs: [inputView(`s3://${repository}/${ref}/gold/`)] }),
    ).found;
    const settings = installationFor(sandbox, 'http://127.0.0.1:1');
    const installations = createInstallations([
      { settings: { ...settings, name: 'east' }, lakefs: client, facts: createLakefsFacts(client, Date.now) },
      { settings: { ...settings, name: 'west' }, lakefs: twin, facts: withTwin },
    ]);
    return told(await resolveReference(reference!, 'training', installations, Date.now()));
  };

  test('which one a branch belongs to is unknown; a commit id is the same data in both', async () => {
    expect(await both('main')).toContain('east, west each have a "main"');
    expect(await both(commit)).toBe(commit);
  });

  test('a server that cannot be asked leaves it open', async () => {
    const down = createLakefsFacts(createLakefsClient({ ...sandbox, secretAccessKey: 'x' }), Date.now);
    await expect(both('main', down)).rejects.toMatchObject({ failure: { kind: 'unavailable' } });
  });
});

test.each([
  ['https://lakefs.example.com', ['LakeFS.Example.com:443'], true],
  ['https://LAKEFS.example.com:443', ['lakefs.example.com'], true],
  ['https://joe:pass@lakefs.example.com', ['lakefs.example.com'], true],
  ['https://lakefs.example.com:8000', ['lakefs.example.com'], false],
  ['https://lakefs.example.com@evil.example', ['lakefs.example.com'], false],
  ['https://lakefs.example.com.evil.example', ['lakefs.example.com'], false],
])('an address of %s counts where %s is ours: %s', async (origin, hosts, ours) => {
  const found = await resolve(`${origin}/api/v1/repositories/${repository}/refs/${commit}/objects`, hosts);
  expect(found === commit).toBe(ours);
});
