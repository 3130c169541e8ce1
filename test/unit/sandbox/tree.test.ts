import { expect, it } from 'vitest';
import { diffThreeDot, diffTwoDot } from '../../../src/sandbox/model/diff.js';
import { type Entry, makeEntry } from '../../../src/sandbox/model/entry.js';
import { MergeConflict, mergeTrees } from '../../../src/sandbox/model/merge.js';
import { Tree } from '../../../src/sandbox/model/tree.js';

function entry(text: string): Entry {
  return makeEntry(
    { data: Buffer.from(text), contentType: 'text/plain', metadata: {} },
    `at-${Math.random()}`,
    0,
  );
}

function tree(contents: Record<string, string>): Tree {
  return Tree.empty.with(new Map(Object.entries(contents).map(([path, text]) => [path, entry(text)])));
}

it('equal contents have equal ids, whatever way led there and wherever they are stored', () => {
  const straight = tree({ a: '1', b: '2' });
  const detour = tree({ b: '2', c: '3' }).with(
    new Map([
      ['a', entry('1')],
      ['c', null],
    ]),
  );
  expect(detour.metaRangeId).toBe(straight.metaRangeId);
  expect(detour.sameAs(straight)).toBe(true);
  expect(tree({ a: '2', b: '1' }).metaRangeId).not.toBe(straight.metaRangeId);
});

it('an emptied tree has the empty id', () => {
  expect(tree({ a: '1' }).with(new Map([['a', null]])).metaRangeId).toBe('');
});

it('storing the same bytes again changes nothing', () => {
  const before = tree({ a: '1' });
  expect(
    before.with(
      new Map([
        ['a', entry('1')],
        ['not there', null],
      ]),
    ),
  ).toBe(before);
});

it('ten thousand trees on top of each other are all readable', () => {
  const trees = [Tree.empty];
  for (let index = 0; index < 10_000; index++) {
    trees.push(trees[index]!.with(new Map([[`path-${index % 500}`, entry(String(index))]])));
  }
  expect(trees[10_000]!.size).toBe(500);
  expect(trees[5_000]!.get('path-499')?.data.toString()).toBe('4999');
  expect(diffTwoDot(trees[9_999]!, trees[10_000]!)).toMatchObject([{ path: 'path-499', type: 'changed' }]);
  expect(diffTwoDot(trees[1]!, trees[3]!)).toMatchObject([
    { path: 'path-1', type: 'added' },
    { path: 'path-2', type: 'added' },
  ]);
});

it('ten thousand changed objects are compared and merged at once', () => {
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`many/${index}`, `${index}`]),
  );
  const [base, source, destination] = [tree({ a: '1' }), tree({ a: '1', ...many }), tree({ a: '2' })];
  expect(diffTwoDot(base, source)).toHaveLength(10_000);
  expect(mergeTrees(base, source, destination, 'default').size).toBe(10_001);
});

it('a merge takes what only the source changed and keeps what only the destination changed', () => {
  const base = tree({ a: '1', b: '1', c: '1', both: '1' });
  const source = tree({ a: '2', c: '1', both: '2', added: 'x' });
  const destination = tree({ a: '1', b: '1', c: '3', both: '2' });
  const merged = mergeTrees(base, source, destination, 'default');
  expect(merged.sameAs(tree({ a: '2', c: '3', both: '2', added: 'x' }))).toBe(true);
});

it('a path that both sides changed differently is a conflict unless the strategy decides', () => {
  const [base, source, destination] = [tree({ a: '1' }), tree({ a: '2' }), tree({ a: '3' })];
  expect(() => mergeTrees(base, source, destination, 'default')).toThrow(MergeConflict);
  expect(mergeTrees(base, source, destination, 'source-wins').sameAs(source)).toBe(true);
  expect(mergeTrees(base, source, destination, 'dest-wins').sameAs(destination)).toBe(true);
  expect(diffThreeDot(base, destination, source)).toMatchObject([{ path: 'a', type: 'conflict' }]);
});
