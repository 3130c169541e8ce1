import { afterAll, expect, test } from 'vitest';
import { createLakefsFacts } from '../../../../src/facts/commits/lakefs-facts.js';
import { createLinkStates } from '../../../../src/facts/links/link-state.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { newHistory } from '../../../support/lakefs/written-history.js';
import { installationFor } from '../../../support/service/settings.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());

const settings = installationFor(sandbox, 'http://127.0.0.1:1', { branches: ['main'] });

/** As a process that has just started. */
function statusOf(repository: string, commit: string) {
  const facts = createLakefsFacts(client, Date.now);
  return createLinkStates({ settings, lakefs: client, facts, now: Date.now }).ofCommit(repository, commit);
}

test('A commit that only a branch which is not watched holds is not orphaned: a setting proves nothing', async () => {
  const history = await newHistory(client);
  await history.put('main', 'gold/train/a', '1');
  await history.branch('dev');
  const commit = await history.put('dev', 'gold/train/a', '2');
  await history.put('dev', 'gold/train/a', '3');
  expect(await statusOf(history.repository, commit)).toEqual({
    status: 'unknown',
    reason: 'only branches that are not watched contain the commit, such as "dev" (setting BRANCHES)',
  });
});

test('Once no branch holds it, watched or not, it is orphaned', async () => {
  const history = await newHistory(client);
  await history.put('main', 'gold/train/a', '1');
  await history.branch('dev');
  await history.branch('other');
  const commit = await history.put('dev', 'gold/train/a', '2');
  await history.drop('dev');
  expect(await statusOf(history.repository, commit)).toMatchObject({ status: 'orphaned' });
});
