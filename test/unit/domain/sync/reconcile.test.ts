import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsedTags } from '../../../../src/contract/links-tag.js';
import type { RunView } from '../../../../src/contract/run.js';
import {
  compareHeads,
  entryState,
  firstParentLabels,
  type HistoryCommit,
  planHead,
  waitForMissing,
  walkHistory,
} from '../../../../src/domain/sync/reconcile.js';
import { ancestors, byId, histories } from '../../../support/lakefs/histories.js';

const nothing = { isSettled: () => false, isEdge: () => false };

/** `m: a b` makes m, whose parents are a and b. */
function graph(...lines: string[]): ReadonlyMap<string, HistoryCommit> {
  return byId(
    lines.map((line) => {
      const [id = '', parents = ''] = line.split(':');
      return { id, parents: parents.split(' ').filter((parent) => parent !== ''), creation_date: 0 };
    }),
  );
}

/** main: root a b m(b, y) z, and a side branch a x y. */
const merged = graph('root:', 'a:root', 'b:a', 'x:a', 'y:x', 'm:b y', 'z:m');

describe('a walk', () => {
  test.each([
    { name: 'nothing where the head is settled', head: 'b', settled: ['b'], found: [] },
    { name: 'one commit on top of a settled one', head: 'b', settled: ['a'], found: ['b'] },
    {
      name: 'the other side of a merge, down to what is settled',
      head: 'm',
      settled: ['b', 'a'],
      found: ['x', 'y', 'm'],
    },
    {
      name: 'what is above a merge and on its other side',
      head: 'z',
      settled: ['b', 'a'],
      found: ['x', 'y', 'm', 'z'],
    },
    { name: 'only what is above a settled merge', head: 'z', settled: ['m'], found: ['z'] },
    {
      name: 'the whole history where nothing is settled',
      head: 'z',
      settled: [],
      found: ['root', 'a', 'b', 'x', 'y', 'm', 'z'],
    },
  ])('finds $name', ({ head, settled, found }) => {
    const walk = walkHistory(head, merged, { ...nothing, isSettled: (id) => settled.includes(id) });
    expect(walk.found.map(({ id }) => id)).toEqual(found);
    expect(walk.unread).toEqual([]);
  });

  test('asks for what it has not read, on both sides of a merge', () => {
    const known = graph('m:b y');
    expect(walkHistory('m', known, nothing).unread).toEqual(['b', 'y']);
  });

  test('takes a commit of the horizon, and nothing before it', () => {
    const walk = walkHistory('z', merged, { ...nothing, isEdge: (id) => id === 'a' });
    expect(walk.found.map(({ id }) => id)).toEqual(['a', 'b', 'x', 'y', 'm', 'z']);
    expect(walkHistory('a', new Map(), { ...nothing, isEdge: (id) => id === 'a' }).found).toEqual([
      { id: 'a', parents: [] },
    ]);
  });

  test('reports where it stopped on the first parents, before second parents', () => {
    const { stops } = walkHistory('m', merged, { ...nothing, isSettled: (id) => ['b', 'x'].includes(id) });
    expect(stops).toEqual(['b', 'x']);
  });

  test('goes 10,000 commits deep', () => {
    const commits = Array.from({ length: 10_000 }, (_, at) => ({
      id: `c${at}`,
      parents: at === 0 ? [] : [`c${at - 1}`],
      creation_date: at,
    }));
    const walk = walkHistory('c9999', byId(commits), nothing);
    expect(walk.found.map(({ id }) => id)).toEqual(commits.map(({ id }) => id));
  });

  test('finds, in any history, what no settled commit has in its own, and parents before children', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(), { maxLength: 5 }), fc.nat(), ({ commits }, drawn, at) => {
        const known = byId(commits);
        const complete = drawn.map((index) => commits[index % commits.length]?.id ?? '');
        const head = commits[at % commits.length]?.id ?? '';
        const covered = ancestors(known, complete);
        const { found } = walkHistory(head, known, { ...nothing, isSettled: (id) => covered.has(id) });
        const ids = found.map(({ id }) => id);
        const expected = [...ancestors(known, [head])].filter((id) => !covered.has(id));
        expect(new Set(ids)).toEqual(new Set(expected));
        expect(ids).toHaveLength(expected.length);
        for (const [index, { parents }] of found.entries()) {
          for (const parent of parents.filter((id) => ids.includes(id))) {
            expect(ids.indexOf(parent)).toBeLessThan(index);
          }
        }
      }),
    );
  });
});

test('a branch labels what was committed on it, not what was merged in', () => {
  const { found } = walkHistory('z', merged, { ...nothing, isSettled: (id) => id === 'a' });
  const labels = firstParentLabels([{ branch: 'main', head: 'z' }], byId(found));
  expect([...labels]).toEqual(['z', 'm', 'b'].map((commit) => [commit, 'main']));
});

describe('an entry is', () => {
  const run = (id: string, tags: Record<string, string>, parts: Partial<RunView> = {}): RunView => ({
    ...{ id, experimentId: '1', active: true, terminal: true, startTime: 1, endTime: 1 },
    ...{ tags: parsedTags(Object.entries({ 'lakefs.kind': 'commit', ...tags })), params: new Map() },
    ...{ logsEpochs: false, loggedModel: false, loggedModels: [], inputs: [] },
    ...parts,
  });

  test.each([
    ['absent', []],
    ['finished', [run('a', {})]],
    ['unfinished', [run('a', {}, { terminal: false })]],
    ['unfinished', [run('a', { 'lakefs.status': 'gone' })]],
    ['unfinished', [run('a', {}), run('b', {})]],
    ['finished', [run('a', {}), run('b', { 'lakefs.kind': 'double' }, { active: false })]],
    ['hidden', [run('a', {}, { active: false })]],
  ] as const)('%s', (state, found) => {
    expect(entryState(found)).toBe(state);
  });
});

test('a head is complete where every commit has a finished entry or a hidden one; the others are missing in order', () => {
  const found = [...merged.values()];
  expect(planHead(found, (id) => (id === 'a' ? 'hidden' : 'finished'))).toEqual({
    missing: [],
    complete: true,
  });
  expect(planHead(found, (id) => (id === 'b' ? 'absent' : id === 'x' ? 'unfinished' : 'finished'))).toEqual({
    missing: ['b', 'x'],
    complete: false,
  });
  expect(planHead([], () => 'absent')).toEqual({ missing: [], complete: true });
});

test('branches are new, moved or deleted', () => {
  const before = new Map([
    ['main', '1'],
    ['gone', '2'],
    ['same', '3'],
  ]);
  const now = new Map([
    ['main', '4'],
    ['same', '3'],
    ['fresh', '1'],
  ]);
  expect(compareHeads(before, now)).toEqual({ made: ['fresh'], moved: ['main'], deleted: ['gone'] });
});

test('a few commits are searched for again at once, thousands after minutes', () => {
  expect(waitForMissing(3)).toBeLessThan(1_000);
  expect(waitForMissing(10_000)).toBe(5 * 60_000);
});
