import { describe, expect, test } from 'vitest';
import type { Link } from '../../../../src/contract/run.js';
import { alignPaths, pairLinks, samePlace } from '../../../../src/queries/compare/pair.js';
import { commitA, commitB, link } from '../../../support/runs/run-views.js';

function of(name: string, path: string, parts: Partial<Link> = {}): Link {
  return link({ name, path, context: 'training', ...parts });
}

/** `path↔path` of each pair, `-` where there is none. */
function pathsOf(first: readonly Link[], second: readonly Link[]): readonly string[] {
  return pairLinks(first, second).map(({ left, right }) => `${left?.path ?? '-'}↔${right?.path ?? '-'}`);
}

describe('which data of two runs are compared', () => {
  test('the same path, whatever the datasets are called and whether a slash closes it', () => {
    expect(pathsOf([of('a', 'gold'), of('b', 'silver')], [of('x', 'silver/'), of('y', 'gold/')])).toEqual([
      'gold↔gold/',
      'silver↔silver/',
    ]);
  });

  test('`gold/train` is not `gold/train_v2`', () => {
    expect(samePlace(of('a', 'gold/train'), of('a', 'gold/train_v2'))).toBe(false);
  });

  test('else the same dataset in the same role', () => {
    const first = [of('train', 'v1/train'), of('test', 'v1/test', { context: 'testing' })];
    const second = [of('test', 'v2/test', { context: 'testing' }), of('train', 'v2/train')];
    expect(pathsOf(first, second)).toEqual(['v1/test↔v2/test', 'v1/train↔v2/train']);
  });

  test('two links of one path at two commits find the equal commit first', () => {
    const both = [of('x', 'gold', { commit: commitA }), of('x', 'gold', { commit: commitB })];
    const pairs = pairLinks(both, [...both].reverse());
    expect(pairs.every(({ left, right }) => left?.commit === right?.commit)).toBe(true);
  });

  test('the only one left on each side is compared, though nothing of the names fits', () => {
    expect(
      pathsOf([of('a', 'x', { context: 'a' })], [of('b', 'y', { context: 'b', repository: 'other' })]),
    ).toEqual(['x↔y']);
  });

  test('where several would fit, none is guessed', () => {
    const first = [of('a', 'x', { context: 'one' })];
    const second = [of('b', 'y', { context: 'two' }), of('c', 'z', { context: 'two' })];
    expect(pathsOf(first, second)).toEqual(['x↔-', '-↔y', '-↔z']);
  });

  test('what has no counterpart stands alone; no links, no pairs', () => {
    expect(pathsOf([of('a', 'x'), of('b', 'y')], [of('a', 'x')])).toEqual(['x↔x', 'y↔-']);
    expect(pathsOf([], [])).toEqual([]);
  });

  test('a thousand links on each side are paired at once', () => {
    const many = Array.from({ length: 1_000 }, (_, n) => of(`d${n}`, `p${n}`));
    expect(pairLinks(many, [...many].reverse())).toHaveLength(1_000);
  });

  test('a commit without a path is compared under the path that the other names, in one repository only', () => {
    const [left] = alignPaths(of('tag', ''), of('a', 'gold'));
    expect(left.path).toBe('gold');
    expect(alignPaths(of('tag', '', { repository: 'other' }), of('a', 'gold'))[0].path).toBe('');
  });
});
