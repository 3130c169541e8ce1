import { afterAll, beforeAll, expect, test } from 'vitest';
import { referencesOf } from '../../../src/domain/reference.js';
import { createLakefsFacts } from '../../../src/facts/lakefs-facts.js';
import { resolveReference } from '../../../src/facts/resolve.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import { startSandbox } from '../../../src/sandbox/index.js';
import { installationFor } from '../../support/house.js';
import { commitObject, newRepository } from '../../support/lakefs.js';
import { inputView, runView } from '../../support/run-views.js';

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
  const verdict = await resolveReference(reference, 'training', [{ settings, facts }]);
  return verdict.kind === 'commit' ? verdict.commit : verdict.reason;
}

test('the beginning of an id leads to the commit, unless a branch is called so', async () => {
  const short = commit.slice(0, 12);
  expect(await resolve(`s3://${repository}/${short}/gold/x.csv`)).toBe(commit);
  await client.createBranch(repository, { name: short, source: 'main' });
  expect(await resolve(`s3://${repository}/${short}/gold/x.csv`)).toContain('is the name of a branch');
  expect(await resolve(`s3://${repository}/${commit}/gold/x.csv`)).toBe(commit);
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
