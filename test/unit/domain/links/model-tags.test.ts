import { expect, test } from 'vitest';
import { parsedTags } from '../../../../src/contract/links-tag.js';
import { planModelTags } from '../../../../src/domain/links/model-tags.js';
import { planTags } from '../../../../src/domain/links/tag-plan.js';
import { commitA, commitB, link, runView } from '../../../support/runs/run-views.js';

const facts = () => ({ branch: 'main', status: 'current' as const });
const run = runView({ tags: { team: 'x' } });
const plan = planTags(run, [link()], facts);

test('a version gets its run’s link, and nothing else of its tags', () => {
  expect(planModelTags(run, plan, new Map())).toEqual({
    set: new Map([
      ['lakefs_repo', 'repo'],
      ['lakefs_commit', commitA],
      ['lakefs.status', 'current'],
    ]),
    remove: [],
  });
});

test('several commits are named as on the run', () => {
  const several = planTags(run, [link(), link({ commit: commitB })], facts);
  expect(Object.fromEntries(planModelTags(run, several, new Map()).set)).toMatchObject({
    'lakefs.input.repo.aaaaaaaaaaaa': commitA,
    'lakefs.input.repo.bbbbbbbbbbbb': commitB,
    'lakefs.input.repo': '2',
  });
});

test('a value that a user gave the version stays', () => {
  const version = new Map([['lakefs_commit', commitB]]);
  const { set, remove } = planModelTags(run, plan, version);
  expect(set.has('lakefs_commit')).toBe(false);
  expect(remove).toEqual([]);
});

test('what we copied goes when the run’s link goes', () => {
  const linked = { ...run, tags: parsedTags([...run.tags, ...plan.set]) };
  const version = new Map([...planModelTags(run, plan, new Map()).set, ['owner', 'me'] as const]);
  const unlinked = planTags(linked, [], facts);
  expect(planModelTags(linked, unlinked, version)).toEqual({
    set: new Map(),
    remove: ['lakefs.status', 'lakefs_commit', 'lakefs_repo'],
  });
});

test('checking again changes nothing', () => {
  const version = planModelTags(run, plan, new Map()).set;
  expect(planModelTags(run, plan, version)).toEqual({ set: new Map(), remove: [] });
});

test('a run without links leaves its versions alone', () => {
  const version = new Map([['lakefs.status', 'mine']]);
  expect(planModelTags(run, { set: new Map(), remove: [] }, version)).toEqual({ set: new Map(), remove: [] });
});
