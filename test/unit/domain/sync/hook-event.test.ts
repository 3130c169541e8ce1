import { expect, test } from 'vitest';
import {
  decideHookEvent,
  type HookEventType,
  hookEventFields,
} from '../../../../src/domain/sync/hook-event.js';

const all = { repositories: [], branches: [] };
const commit = 'b'.repeat(64);
const types = Object.keys(hookEventFields) as HookEventType[];

test('of the 17 events exactly the four that make a commit register it', () => {
  const registering = types.filter(
    (event_type) =>
      decideHookEvent({ event_type, repository_id: 'images', branch_id: 'main', commit_id: commit }, all)
        .kind === 'register',
  );
  expect(types).toHaveLength(17);
  expect(registering).toEqual(['post-commit', 'post-merge', 'post-revert', 'post-cherry-pick']);
});

test('a merge registers the commit on its destination', () => {
  const event = {
    event_type: 'post-merge',
    repository_id: 'images',
    branch_id: 'main',
    commit_id: commit,
  } as const;
  expect(decideHookEvent(event, all)).toEqual({
    kind: 'register',
    repository: 'images',
    branch: 'main',
    commit,
  });
});

test.each([
  [{ repositories: ['other'], branches: [] }, 'REPOSITORIES'],
  [{ repositories: ['!images'], branches: [] }, 'REPOSITORIES'],
  [{ repositories: [], branches: ['release-*'] }, 'BRANCHES'],
])('with %j it is ignored, and the reason names %s', (watched, setting) => {
  const event = {
    event_type: 'post-commit',
    repository_id: 'images',
    branch_id: 'main',
    commit_id: commit,
  } as const;
  expect(decideHookEvent(event, watched)).toEqual({
    kind: 'ignore',
    reason: expect.stringContaining(setting),
  });
});
