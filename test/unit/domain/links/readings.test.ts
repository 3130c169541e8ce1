import { describe, expect, test } from 'vitest';
import type { Flag } from '../../../../src/contract/flags.js';
import { isSettled, pinnedBefore, type Reading, settle } from '../../../../src/domain/links/readings.js';
import { parseRefName } from '../../../../src/domain/references/lakefs-names.js';
import { commitA, commitB, link, runView } from '../../../support/runs/run-views.js';

const run = runView();
const until = 'until 1970-01-01T00:00:02.000Z';
const now = 10_000;
const inferred = (commit: string): Reading => ({ kind: 'inferred', commit, flags: [] });
const ambiguous = (commit: string): Reading => ({ kind: 'ambiguous', commit, flags: ['path changed'] });
const resolved = (commit: string): Reading => ({ kind: 'resolved', commit, flags: [] });
const gone: Reading = { kind: 'none', reason: 'gone' };
const earlier = (kind: 'inferred' | 'ambiguous' | 'resolved', flags: readonly Flag[] = []) =>
  link({ ref: 'main', commit: commitA, kind, certain: false, flags });

describe('what was found at first sight stays', () => {
  test.each([
    ['nothing found at all', undefined, gone, gone],
    ['a branch, the first time', undefined, inferred(commitA), { ...inferred(commitA), flags: [until] }],
    ['a tag, the first time', undefined, resolved(commitA), resolved(commitA)],
    ['a tag that has not moved', earlier('resolved'), resolved(commitA), resolved(commitA)],
    [
      'a tag that has moved',
      earlier('resolved'),
      resolved(commitB),
      { ...resolved(commitA), flags: ['tag moved'] },
    ],
    [
      'a tag that was moved, and moved back',
      earlier('resolved', ['tag moved']),
      resolved(commitA),
      { ...resolved(commitA), flags: ['tag moved'] },
    ],
    [
      'a tag that was moved twice',
      earlier('resolved', ['tag moved']),
      resolved(commitB),
      { ...resolved(commitA), flags: ['tag moved'] },
    ],
    ['a tag that is deleted', earlier('resolved'), gone, resolved(commitA)],
    ['a tag whose name is a branch now', earlier('resolved'), inferred(commitB), resolved(commitA)],
    ['a branch whose name is a tag now', earlier('inferred'), resolved(commitB), inferred(commitA)],
    [
      'a branch that tells the same',
      earlier('inferred', [until]),
      inferred(commitA),
      { ...inferred(commitA), flags: [until] },
    ],
    [
      'a branch that tells another story',
      earlier('inferred'),
      inferred(commitB),
      { ...inferred(commitA), flags: [until] },
    ],
    [
      'a branch that changed after all',
      earlier('inferred', [until]),
      ambiguous(commitB),
      { ...ambiguous(commitA), flags: ['path changed', until] },
    ],
    [
      'a branch that was ambiguous',
      earlier('ambiguous', ['uncommitted changes']),
      inferred(commitB),
      { kind: 'ambiguous', commit: commitA, flags: ['uncommitted changes', until] },
    ],
    ['a branch that is gone', earlier('inferred'), gone, inferred(commitA)],
  ] as const)('%s', (_what, first, found, expected) => {
    expect(settle(run, first, found, now)).toEqual(expected);
  });

  test('a running run is not settled, and one that ran on after its end is not either', () => {
    const running = runView({ terminal: false });
    const known = earlier('inferred', [until]);
    expect(settle(running, undefined, inferred(commitA), now)).toEqual(inferred(commitA));
    expect(isSettled(run, known, now)).toBe(true);
    expect(isSettled(running, known, now)).toBe(false);
    expect(isSettled(runView({ endTime: 3_000 }), known, now)).toBe(false);
    expect(isSettled(run, earlier('inferred'), now)).toBe(false);
  });

  test('a tag is resolved again: it may have moved', () => {
    expect(isSettled(run, earlier('resolved', [until]), now)).toBe(false);
  });
});

describe('a name that was the beginning of a commit id', () => {
  const name = parseRefName('abcdef1');
  const known = link({ ref: 'abcdef1', kind: 'exact' });

  test('stays that commit where a branch is called so by now', () => {
    expect(pinnedBefore([known], name, () => true)).toBe(known);
  });

  test.each([
    ['the run was linked by a branch', { ...known, kind: 'inferred' } as const, name],
    [
      'the run declared the commit',
      { ...known, kind: 'declared', flags: ['source names abcdef1'] } as const,
      name,
    ],
    ['the name is no beginning of an id', known, parseRefName('main')],
  ])('but not where %s', (_what, other, ref) => {
    expect(pinnedBefore([other], ref, () => true)).toBeUndefined();
  });
});
