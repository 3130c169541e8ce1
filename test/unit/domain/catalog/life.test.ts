import { describe, expect, test } from 'vitest';
import { parsedTags } from '../../../../src/contract/links-tag.js';
import { planCommitLife, promotedText } from '../../../../src/domain/catalog/life.js';
import { agreesWith } from '../../../../src/domain/links/consumer-state.js';
import { planTags } from '../../../../src/domain/links/tag-plan.js';
import {
  bestState,
  isPartOf,
  isReverted,
  isTouched,
  type LinkState,
  statusAt,
  worstStates,
} from '../../../../src/domain/status/link-state.js';
import { link, runView } from '../../../support/runs/run-views.js';

const commit = 'c'.repeat(64);
const because = { repository: 'repo', branch: 'main', commit };
const text = 'repo/main@cccccccccccc';
const state = (status: LinkState['status']): LinkState => ({
  status,
  reason: 'why',
  ...((status === 'superseded' || status === 'reverted') && { because }),
});

describe('a status', () => {
  test.each([
    [false, false, 'current'],
    [false, true, 'current'],
    [true, true, 'reverted'],
    [true, false, 'superseded'],
  ])('differs: %s, reverted: %s is %s', (differs, reverted, status) => {
    expect(statusAt({ differs, reverted })).toBe(status);
  });

  test.each<[readonly string[], readonly string[], boolean]>([
    [['a'], [], true],
    [['a'], ['b'], true],
    [['a', 'b'], ['b'], false],
    [[], [], false],
  ])('of changes to %j with %j unlike before: reverted %s', (changed, unlike, reverted) => {
    expect(isReverted(changed, new Set(unlike))).toBe(reverted);
  });

  test.each<[readonly LinkState['status'][], string | undefined]>([
    [['superseded', 'current'], 'current'],
    [['reverted', 'superseded'], 'superseded'],
    [['orphaned', 'reverted'], 'reverted'],
    [['superseded', 'unknown'], 'unknown'],
    [['unknown', 'current'], 'current'],
    [[], undefined],
  ])('of %j the best is %s', (statuses, best) => {
    expect(bestState(statuses.map(state))?.status).toBe(best);
  });
});

test.each<[readonly LinkState['status'][], readonly LinkState['status'][]]>([
  [['superseded', 'reverted', 'unknown'], ['reverted']],
  [['orphaned', 'unknown'], ['unknown']],
  [['superseded', 'orphaned', 'current'], ['orphaned']],
  [
    ['current', 'superseded', 'superseded'],
    ['superseded', 'superseded'],
  ],
  [
    ['current', 'current'],
    ['current', 'current'],
  ],
  [[], []],
])('of %j together the worst counts: %j', (statuses, worst) => {
  expect(worstStates(statuses.map(state)).map(({ status }) => status)).toEqual(worst);
});

describe('a path', () => {
  test.each<[string, string, boolean]>([
    ['gold/train/a', 'gold/train/', true],
    ['gold/train/a', 'gold/train', true],
    ['gold/train', 'gold/train', true],
    ['gold/train_v2/a', 'gold/train', false],
    ['gold/train_v2/a', 'gold/train/', false],
    ['anything', '', true],
    ['_lakefs_actions/a.yaml', '', false],
  ])('%s belongs to "%s": %s', (object, path, is) => {
    expect(isPartOf(object, path)).toBe(is);
  });

  test.each<[string, readonly string[], boolean]>([
    ['gold/train/', ['gold/train/a'], true],
    ['gold/train/a', ['gold/'], true],
    ['gold/train/part-*', ['gold/train/part-1'], true],
    ['gold/train', ['gold/train_v2/a', 'silver/'], false],
    ['gold/train', [''], true],
    ['/', ['silver/x'], true],
    ['gold/', [], false],
  ])('%s is touched by %j: %s', (path, changed, is) => {
    expect(isTouched(path, changed)).toBe(is);
  });
});

describe('the tags of a catalog run', () => {
  const plan = (tags: Record<string, string>, life: Partial<Parameters<typeof planCommitLife>[1]>) => {
    const { set, remove } = planCommitLife(new Map(Object.entries(tags)), {
      ...{ state: state('current'), promotedTo: undefined, consumed: [] },
      ...life,
    });
    return { set: Object.fromEntries(set), remove };
  };

  test('follow the state, and lose the reason when it is current again', () => {
    expect(plan({ 'lakefs.status': 'current' }, { state: state('reverted') })).toEqual({
      set: { 'lakefs.status': 'reverted', 'lakefs.because': text },
      remove: [],
    });
    expect(plan({ 'lakefs.status': 'reverted', 'lakefs.because': text }, {})).toEqual({
      set: { 'lakefs.status': 'current' },
      remove: ['lakefs.because'],
    });
  });

  test('stay as they are where nothing is known', () => {
    const tags = { 'lakefs.status': 'reverted', 'lakefs.because': text, 'lakefs.promoted_to': 'main' };
    const consumed = [state('unknown')];
    expect(plan(tags, { state: state('unknown'), consumed })).toEqual({ set: {}, remove: [] });
  });

  test('keep the reason that was found in time', () => {
    const tags = { 'lakefs.status': 'superseded', 'lakefs.because': text };
    const far: LinkState = { status: 'superseded', reason: 'long ago' };
    expect(plan(tags, { state: far })).toEqual({ set: {}, remove: [] });
    expect(plan({ ...tags, 'lakefs.status': 'reverted' }, { state: far })).toEqual({
      set: { 'lakefs.status': 'superseded' },
      remove: ['lakefs.because'],
    });
  });

  test('name the promoted branches, and none that no longer has the data', () => {
    const tags = { 'lakefs.status': 'current' };
    expect(plan(tags, { promotedTo: ['main', 'prod'] }).set).toEqual({ 'lakefs.promoted_to': 'main prod' });
    expect(plan({ ...tags, 'lakefs.promoted_to': 'main' }, { promotedTo: [] }).remove).toEqual([
      'lakefs.promoted_to',
    ]);
    expect(promotedText(Array.from({ length: 1_000 }, () => 'b'.repeat(255)))?.length).toBeLessThan(4_900);
  });

  test('say the best of what was read there', () => {
    const consumed = [state('superseded'), state('current')];
    expect(plan({ 'lakefs.status': 'current' }, { consumed }).set).toEqual({
      'lakefs.consumed_status': 'current',
    });
  });
});

describe("a run's tags", () => {
  const key = { installation: 'default', repository: 'repo', commit: 'a'.repeat(64) };
  const one = link({ commit: key.commit });
  const linked = (links: readonly unknown[], tags: Record<string, string>) =>
    parsedTags(Object.entries({ 'lakefs.links': JSON.stringify({ links, wrote: {} }), ...tags }));

  test.each<[string, Record<string, string>, readonly LinkState[], boolean]>([
    ['the same status', { 'lakefs.status': 'current' }, [state('current')], true],
    ['a worse one', { 'lakefs.status': 'current' }, [state('superseded')], false],
    ['a better one', { 'lakefs.status': 'reverted' }, [state('current')], false],
    [
      'another reason',
      { 'lakefs.status': 'superseded', 'lakefs.because': 'x' },
      [state('superseded')],
      false,
    ],
    ['its reason', { 'lakefs.status': 'superseded', 'lakefs.because': text }, [state('superseded')], true],
    ['what is not known', { 'lakefs.status': 'reverted' }, [state('unknown')], true],
    ['no links there', {}, [], true],
  ])('and %s', (_, tags, states, agrees) => {
    expect(agreesWith(linked([one], tags), states, key)).toBe(agrees);
  });

  const planOf = (tags: ReadonlyMap<string, string>, status: LinkState['status'], why?: string) =>
    planTags(runView({ tags: Object.fromEntries(tags) }), [one], () => ({
      branch: 'main',
      status,
      ...(why === undefined ? {} : { because: why }),
    }));

  test('are set when it happens and removed when it is certainly no longer so', () => {
    const first = planOf(new Map(), 'superseded', text);
    expect(first.set.get('lakefs.because')).toBe(text);
    const again = planOf(new Map(first.set), 'current');
    expect(again.set.get('lakefs.status')).toBe('current');
    expect(again.remove).toContain('lakefs.because');
  });

  test('stay where it is not known, and where nothing was ever known there are none', () => {
    const { set } = planOf(new Map(), 'reverted', text);
    const after = planOf(new Map(set), 'unknown');
    expect([...after.set.keys(), ...after.remove]).toEqual([]);
    expect(planOf(new Map(), 'unknown').set.has('lakefs.status')).toBe(false);
  });
});
