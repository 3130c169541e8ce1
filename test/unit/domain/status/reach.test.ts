import { describe, expect, test } from 'vitest';
import {
  byWeight,
  type ChangedPath,
  type Differences,
  reachOf,
  type Standing,
  type Weighed,
} from '../../../../src/domain/status/reach.js';

const changed: readonly ChangedPath[] = [
  { type: 'changed', path: 'gold/a' },
  { type: 'added', path: 'gold/b' },
];
const differ = (...paths: string[]): Differences => ({ paths: new Set(paths), cutAfter: undefined });

function judge(
  standing: Standing,
  parts: {
    path?: string;
    changed?: readonly ChangedPath[];
    tip?: Differences;
    base?: Differences | undefined;
  } = {},
) {
  const { path = 'gold', tip = differ(), base } = parts;
  const { kind, holds, of } = reachOf({
    ...{ standing, path, changed: parts.changed ?? changed, sinceTip: tip, sinceBase: base },
  });
  return `${kind} ${holds}/${of}`;
}

describe('whether a change is in what a run read by a pattern', () => {
  const files: readonly ChangedPath[] = [
    { type: 'changed', path: 'gold/a.parquet' },
    { type: 'added', path: 'gold/deep/b.parquet' },
  ];

  test.each([
    ['gold/*.parquet', 'itself 1/1'],
    ['gold/a.?arquet', 'itself 1/1'],
    ['gold/**', 'itself 2/2'],
    ['gold/**/*.parquet', 'itself 2/2'],
    ['**/*.parquet', 'itself 2/2'],
    ['gold/*/', 'unknown 2/2'],
    ['gold/{a,c}.parquet', 'unknown 2/2'],
    ['gold/[a-c].parquet', 'unknown 2/2'],
    ['gold/de*', 'unknown 1/1'],
    ['gold/{a,{b,c}}.parquet', 'unknown 2/2'],
    ['gold/*.csv', 'none 0/0'],
    ['gold/b*.parquet', 'none 0/0'],
    ['silver/*.parquet', 'none 0/0'],
    ['gold/{x,y}.csv', 'none 0/0'],
  ])('%s: %s', (path, expected) => {
    expect(judge('itself', { path, changed: files })).toBe(expected);
  });

  test('of a whole prefix that changed only that it may be in it', () => {
    const whole: readonly ChangedPath[] = [{ type: 'prefix', path: 'gold/' }];
    expect(judge('itself', { path: 'gold/*.parquet', changed: whole })).toBe('unknown 1/1');
    expect(judge('itself', { path: 'silver/*.parquet', changed: whole })).toBe('none 0/0');
    expect(judge('itself', { path: 'gold/', changed: whole })).toBe('itself 1/1');
  });

  test('is reported for later commits as for any path', () => {
    expect(judge('after', { path: 'gold/*.parquet', changed: files })).toBe('downstream 1/1');
    expect(judge('after', { path: 'gold/*.parquet', changed: files, tip: differ('gold/a.parquet') })).toBe(
      'rewritten 0/1',
    );
    expect(judge('before', { path: 'gold/*.parquet', changed: files })).toBe('none 0/1');
  });
});

describe('whether a change is in what a run read', () => {
  test('the commit itself, where the run read something that it changed', () => {
    expect(judge('itself')).toBe('itself 2/2');
    expect(judge('itself', { path: '' })).toBe('itself 2/2');
    expect(judge('itself', { path: 'gold/b' })).toBe('itself 1/1');
    expect(judge('itself', { path: 'gold/bb' })).toBe('none 0/0');
    expect(judge('itself', { path: 'silver' })).toBe('none 0/0');
  });

  test('a later commit holds what is still as the change left it', () => {
    expect(judge('after')).toBe('downstream 2/2');
    expect(judge('after', { tip: differ('gold/a', 'silver/x') })).toBe('downstream 1/2');
  });

  test('a later commit that restores everything is a revert; one that writes something else is a rewrite', () => {
    const tip = differ('gold/a', 'gold/b');
    expect(judge('after', { tip, base: differ('silver/x') })).toBe('undone 0/2');
    expect(judge('after', { tip, base: differ('gold/a') })).toBe('rewritten 0/2');
    expect(judge('after', { tip })).toBe('rewritten 0/2');
  });

  test('half reverted and half rewritten is not reverted', () => {
    const tip = differ('gold/a', 'gold/b');
    expect(judge('after', { tip, base: differ('gold/b') })).toBe('rewritten 0/2');
    expect(judge('after', { path: 'gold/a', tip, base: differ('gold/b') })).toBe('undone 0/1');
  });

  test('the same bytes beside it count, what it came from does not', () => {
    expect(judge('aside')).toBe('same-bytes 2/2');
    expect(judge('aside', { tip: differ('gold/a', 'gold/b') })).toBe('none 0/2');
    expect(judge('before')).toBe('none 0/2');
  });

  test('what is not there either on a branch that never had it says nothing', () => {
    const removed: readonly ChangedPath[] = [{ type: 'removed', path: 'gold/a' }];
    expect(judge('aside', { changed: removed })).toBe('none 0/1');
    expect(judge('after', { changed: removed })).toBe('downstream 1/1');
    expect(judge('after', { changed: removed, tip: differ('gold/a'), base: differ() })).toBe('undone 0/1');
  });

  test('a whole directory holds the change only where nothing in it differs', () => {
    const prefix: readonly ChangedPath[] = [{ type: 'prefix', path: 'gold/' }];
    expect(judge('after', { changed: prefix })).toBe('downstream 1/1');
    expect(judge('after', { changed: prefix, path: 'gold/deep/x' })).toBe('downstream 1/1');
    expect(judge('after', { changed: prefix, tip: differ('gold/x') })).toBe('rewritten 0/1');
  });

  test('what is beyond the part that was read is not known, and nothing is claimed of it', () => {
    const cut = (cutAfter: string, ...paths: string[]): Differences => ({ paths: new Set(paths), cutAfter });
    expect(judge('after', { tip: cut('gold/a', 'gold/a') })).toBe('unknown 0/2');
    expect(judge('aside', { tip: cut('gold/a', 'gold/a') })).toBe('unknown 0/2');
    expect(judge('after', { tip: cut('gold/aa', 'gold/aa') })).toBe('downstream 1/2');
    const tip = differ('gold/a', 'gold/b');
    expect(judge('after', { tip, base: cut('gold/0', 'gold/0') })).toBe('unknown 0/2');
    expect(judge('after', { tip, base: cut('gold/a', 'gold/a') })).toBe('rewritten 0/2');
    const prefix: readonly ChangedPath[] = [{ type: 'prefix', path: 'gold/' }];
    expect(judge('after', { changed: prefix, tip: cut('gold', 'gold') })).toBe('unknown 0/1');
    expect(judge('after', { changed: prefix, tip: cut('golf', 'golf') })).toBe('downstream 1/1');
  });

  test('the order is that of bytes, as lakeFS lists', () => {
    // By the units of JavaScript's text the emoji (d83d…) would come before the other (ff01).
    const late: readonly ChangedPath[] = [{ type: 'changed', path: '\u{1f600}' }];
    const tip = { paths: new Set(['\uff01']), cutAfter: '\uff01' };
    expect(judge('after', { changed: late, path: '', tip })).toBe('unknown 0/1');
  });

  test('a change of nothing is in nothing', () => {
    expect(judge('itself', { changed: [] })).toBe('none 0/0');
  });
});

test('what matters comes first: aliases, versions, certainty, nearness, recency', () => {
  const usual: Weighed = {
    ...{ aliases: 0, versions: 0, certain: true, reach: 'itself', deleted: false, startTime: 5 },
  };
  const ordered: readonly Weighed[] = [
    { ...usual, aliases: 1, versions: 1, certain: false, startTime: 0 },
    { ...usual, versions: 2, certain: false },
    { ...usual, startTime: 9 },
    usual,
    { ...usual, reach: 'downstream', startTime: 9 },
    { ...usual, reach: 'same-bytes' },
    { ...usual, certain: false },
    { ...usual, deleted: true },
  ];
  expect([...ordered].reverse().sort(byWeight)).toEqual(ordered);
});
