import { afterAll, expect, test } from 'vitest';
import { createLakefsFacts } from '../../../../src/facts/commits/lakefs-facts.js';
import { createLinkStates } from '../../../../src/facts/links/link-state.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { newStory } from '../../../support/lakefs/life.js';
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
  const story = await newStory(client);
  await story.put('main', 'gold/train/a', '1');
  await story.branch('dev');
  const commit = await story.put('dev', 'gold/train/a', '2');
  await story.put('dev', 'gold/train/a', '3');
  expect(await statusOf(story.repository, commit)).toEqual({
    status: 'unknown',
    reason: 'only branches that are not watched contain the commit, such as "dev" (setting BRANCHES)',
  });
});

test('Once no branch holds it, watched or not, it is orphaned', async () => {
  const story = await newStory(client);
  await story.put('main', 'gold/train/a', '1');
  await story.branch('dev');
  await story.branch('other');
  const commit = await story.put('dev', 'gold/train/a', '2');
  await story.drop('dev');
  expect(await statusOf(story.repository, commit)).toMatchObject({ status: 'orphaned' });
});
