import { describe, expect, test } from 'vitest';
import { printBlocks } from '../../../../src/cli/output.js';
import { commitBlocks } from '../../../../src/queries/commit/blocks.js';
import { commitLineageJson } from '../../../../src/queries/commit/json.js';
import type { CommitLineage } from '../../../../src/queries/commit/types.js';
import { pathBlocks } from '../../../../src/queries/path/blocks.js';
import { pathLineageJson } from '../../../../src/queries/path/json.js';
import type { PathLineage, PathVersion } from '../../../../src/queries/path/types.js';
import type { Block } from '../../../../src/queries/shared/blocks.js';
import type { DataReader } from '../../../../src/queries/shared/types.js';
import { commitA, commitB, link } from '../../../support/runs/run-views.js';
import { commitAt, lineage } from '../run/fixtures.js';

const { run } = lineage();
const looked = { tagged: 1, taggedCut: false, scanned: 2_000, scanCut: true, unjudged: [], refused: [] };
const page = 'https://mlflow.example/#/models/churn/versions/3';

function reader(name: string, parts: Partial<DataReader> = {}): DataReader {
  return { run: { ...run, id: `id-${name}`, name }, links: [link()], versions: [], ...parts };
}

function commit(parts: Partial<CommitLineage> = {}): CommitLineage {
  return {
    ...{ kind: 'commit', asked: 'repo/main', place: commitAt(), ref: 'main', refKind: 'branch' },
    ...{ candidates: [], emptied: [], makers: [], branches: [], branchesCut: false, readers: [], looked },
    ...parts,
  };
}

function version(id: string, parts: Partial<PathVersion> = {}): PathVersion {
  const { facts } = commitAt();
  if (facts === undefined) throw new Error('the fixture has facts');
  return {
    commit: { ...facts, id, message: 'Relabel' },
    counts: { added: 0, changed: 2, removed: 1, cut: false },
    ...{ emptied: false, sameAs: undefined, alsoKnownAs: [], readers: [] },
    ...parts,
  };
}

function path(parts: Partial<PathLineage> = {}): PathLineage {
  return {
    ...{ kind: 'path', asked: 'repo/main/gold', place: commitAt(), ref: 'main', refKind: 'branch' },
    ...{ path: 'gold', there: true, versions: [], walked: 3, cut: false, others: [], looked },
    ...parts,
  };
}

function print(blocks: readonly Block[], columns?: number): string {
  const written: string[] = [];
  const stdout = { isTTY: false, columns, write: (text: string) => void written.push(text) };
  printBlocks({ stdout, env: {} }, blocks);
  return written.join('');
}

describe('a commit', () => {
  test('without readers and without data says both', () => {
    const text = print(commitBlocks(commit()));
    expect(text).toContain('repo at aaaaaaaaaaaa on main: Add data');
    expect(text).toContain('changed   no data');
    expect(text).toContain('No run is known to have read this commit.');
    expect(text).toContain('--scan all looks at every run');
  });

  test('is shown with its producers, consumers, how certain that is, and the models', () => {
    const readers = [
      reader('fit', {
        versions: [{ runId: 'id-fit', name: 'churn', version: '3', aliases: ['champion'], page }],
      }),
      reader('doubt', { links: [link({ kind: 'likely', certain: false, path: '' })] }),
    ];
    const text = print(commitBlocks(commit({ readers, makers: ['m1'] })));
    expect(text).toContain('made by   run m1, as its metadata says');
    expect(text).toContain('It was read by 2 runs:');
    expect(text).toContain('read      certain (exact): gold/ at aaaaaaaaaaaa');
    expect(text).toContain('made      churn version 3, alias champion');
    expect(text).toContain('read      not certain (likely): no path is named at aaaaaaaaaaaa');
  });

  test('shows ten readers of many', () => {
    const readers = Array.from({ length: 12 }, (_, n) => reader(`run${n}`));
    const text = print(commitBlocks(commit({ readers })));
    expect(text).toContain('… and 2 more: --json lists all.');
    expect(text).not.toContain('Run run10 ');
  });
});

describe('a path', () => {
  test('is shown by its versions, with one name for equal bytes', () => {
    const versions = [
      version(commitB, { sameAs: commitA, alsoKnownAs: ['c'.repeat(64)], readers: [reader('fit')] }),
      version(commitA, { emptied: true, counts: { added: 0, changed: 0, removed: 1_000, cut: true } }),
    ];
    const text = print(pathBlocks(path({ versions, there: false })));
    expect(text).toContain('It has 2 versions in 3 commits.\nNothing is there now.');
    expect(text).toContain('the same  as aaaaaaaaaaaa, byte for byte: one version with two names');
    expect(text).toContain('also at   cccccccccccc');
    expect(text).toContain('changed   1,000 removed or more: nothing is left');
    expect(text).toContain('changed   2 changed, 1 removed');
    expect(text).toContain('read by   no run that is known');
  });

  test('reports what a limit cut, and what belongs to no version shown', () => {
    const readers = Array.from({ length: 6 }, (_, n) => reader(`run${n}`));
    const text = print(
      pathBlocks(path({ cut: true, versions: [version(commitA, { readers })], others: [reader('old')] })),
    );
    expect(text).toContain(
      'Its newest 1 version, of the 3 commits that were looked through; --limit tells of older ones.',
    );
    expect(text).toContain('and 2 more: --json lists all');
    expect(text).toContain('Read as it was before that, or on other branches (1)');
  });

  test.each([80, 120])('fits a terminal of %i columns', (columns) => {
    const versions = [version(commitB, { readers: [reader('fit')] })];
    const lines = print(pathBlocks(path({ versions, others: [reader('x')] })), columns).split('\n');
    expect(lines.filter((line) => line.length > columns && !line.includes('://'))).toEqual([]);
  });
});

test('the JSON holds all that the text does', () => {
  const answer = pathLineageJson(
    path({ versions: [version(commitB, { sameAs: commitA, readers: [reader('fit')] })] }),
  );
  expect(answer).toMatchObject({
    ...{ kind: 'path', path: 'gold', there: true, walked: 3, limits: { versions: false } },
    versions: [{ commit: commitB, sameAs: commitA, readers: [{ run: { name: 'fit' } }] }],
    looked: { scanned: 2_000, scanCut: true },
  });
  const other = commitLineageJson(commit({ makers: ['m1'], readers: [reader('fit')] }));
  expect(other).toMatchObject({
    ...{ kind: 'commit', ref: 'main', refKind: 'branch', makers: ['m1'] },
    commit: { commit: commitA, parents: [] },
    readers: [{ run: { id: 'id-fit' }, links: [{ kind: 'exact' }], versions: [] }],
  });
  expect(JSON.parse(JSON.stringify([answer, other]))).toEqual([answer, other]);
});
