import { afterAll, describe, expect, test } from 'vitest';
import type { Link } from '../../../src/domain/run.js';
import { createLakefsFacts } from '../../../src/facts/lakefs-facts.js';
import { createLinkStates, type LinkStates } from '../../../src/facts/link-state.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import { startSandbox } from '../../../src/sandbox/index.js';
import { installationFor } from '../../support/house.js';
import { lifeStories, newStory } from '../../support/life.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());
const settings = installationFor(sandbox, 'http://127.0.0.1:1');

function newStates(lakefs: LakefsClient = client): LinkStates {
  return createLinkStates({ settings, lakefs, facts: createLakefsFacts(lakefs, Date.now), now: Date.now });
}

function linkTo(repository: string, commit: string, path: string): Link {
  return {
    ...{ installation: 'default', repository, commit, ref: commit, path },
    ...{ where: path === '' ? 'tag' : 'input', name: 'd', kind: 'exact', certain: true, flags: [] },
  };
}

describe('what became of the data', () => {
  test.each(Object.entries(lifeStories))('%s', async (_name, tell) => {
    const story = await newStory(client);
    const { commit, path, own, status, because } = await tell(story);
    const state = await newStates().ofLink(linkTo(story.repository, commit, path), own);
    expect({
      status: state.status,
      because: state.because === undefined ? null : `${state.because.branch}@${state.because.commit}`,
    }).toEqual({ status, because });
    expect(state.reason).not.toBe('');
  });
});
