import { describe, expect, test } from 'vitest';
import { printBlocks } from '../../../../src/cli/output.js';
import { commitBlocks } from '../../../../src/queries/commit/blocks.js';
import type { CommitLineage } from '../../../../src/queries/commit/schema.js';
import { pathBlocks } from '../../../../src/queries/path/blocks.js';
import type { PathLineage, PathVersion } from '../../../../src/queries/path/schema.js';
import type { Block } from '../../../../src/queries/shared/blocks.js';
import type { ConsumerAnswer } from '../../../../src/queries/shared/schema.js';
import { commitA, commitB, link } from '../../../support/runs/run-views.js';
import { commitAt, lineage } from '../run/fixtures.js';

const { run } = lineage();
const looked = {
  ...{ tagged: 1, taggedCut: false, scanned: 2_000, scanCut: true },
  ...{ unjudged: [], unreadExperiments: [] },
};
const page = 'https://mlflow.example/#/models/churn/versions/3';

function reader(name: string, parts: Partial<ConsumerAnswer> = {}): ConsumerAnswer {
  return { run: { ...run, id: `id-${name}`, name }, links: [link()], versions: [], ...parts };
}

function commit(parts: Partial<CommitLineage> = {}): CommitLineage {
  return {
    ...{ kind: 'commit', asked: 'repo/main', ref: 'main', refKind: 'branch' },
    commit: { ...commitAt(), parents: [] },
    ...{ makers: [], candidates: [], emptied: [], branches: [], limits: { branches: false } },
    ...{ readers: [], looked },
    ...parts,
  };
}

function version(id: string, parts: Partial<PathVersion> = {}): PathVersion {
  return {
    ...{ commit: id, message: 'Relabel', committer: 'ana', date: '2025-10-09T08:53:20.000Z' },
    changed: { added: 0, changed: 2, removed: 1, cut: false },
    ...{ emptied: false, sameAs: null, alsoKnownAs: [], readers: [] },
    ...parts,
  };
}

function path(parts: Partial<PathLineage> = {}): PathLineage {
  return {
    ...{ kind: 'path', asked: 'repo/main/gold', commit: commitAt(), ref: 'main', refKind: 'branch' },
    ...{ path: 'gold', there: true, versions: [], walked: 3, others: [], looked },
    limits: { versions: false },
    ...parts,
  };
}

function print(blocks: readonly Block[], columns?: number): string {
  const written: string[] = [];
  const stdout = { isTTY: false, columns, write: (text: string) => void written.push(text) };
  printBlocks({ stdout, env: {} }, blocks);
  return written.join('');
}

function printPath(answer: PathLineage, columns?: number): string {
  return print(pathBlocks({ answer, page: 'https://lakefs.example/repositories/repo/objects' }), columns);
}

describe('a commit', () => {
  test('without consumers and without data says both', () => {
    const text = print(commitBlocks(commit()));
    expect(text).toContain('repo at aaaaaaaaaaaa on main: Add data');
    expect(text).toContain('changed   no data');
    expect(text).toContain('No known run has read this commit.');
    expect(text).toContain('--scan all checks every run');
  });

  test('is shown with its makers, consumers, how sure that is, and the models', () => {
    const readers = [
      reader('fit', {
        versions: [{ name: 'churn', version: '3', aliases: ['champion'], page }],
      }),
      reader('doubt', { links: [link({ kind: 'likely', certain: false, path: '' })] }),
    ];
    const text = print(commitBlocks(commit({ readers, makers: ['m1'] })));
    expect(text).toContain('produced by run m1, according to its metadata');
    expect(text).toContain('Read by 2 runs: 1 certain, 1 possible:');
    expect(text).toContain('read      certain (exact): gold/ at aaaaaaaaaaaa');
    expect(text).toContain('model     churn version 3, alias champion');
    expect(text).toContain('read      not certain (likely): aaaaaaaaaaaa, path unknown');
  });

  test('shows ten consumers of many', () => {
    const readers = Array.from({ length: 12 }, (_, n) => reader(`run${n}`));
    const text = print(commitBlocks(commit({ readers })));
    expect(text).toContain('… and 2 more; --json lists all.');
    expect(text).not.toContain('Run run10 ');
  });
});

describe('a path', () => {
  test('is shown by its versions, with one name for equal bytes', () => {
    const versions = [
      version(commitB, { sameAs: commitA, alsoKnownAs: ['c'.repeat(64)], readers: [reader('fit')] }),
      version(commitA, { emptied: true, changed: { added: 0, changed: 0, removed: 1_000, cut: true } }),
    ];
    const text = printPath(path({ versions, there: false }));
    expect(text).toContain('2 versions in 3 commits.\nNothing is there now.');
    expect(text).toContain('identical to aaaaaaaaaaaa, byte for byte');
    expect(text).toContain('also at   cccccccccccc');
    expect(text).toContain('changed   1,000 removed or more; nothing is left');
    expect(text).toContain('changed   2 changed, 1 removed');
    expect(text).toContain('read by   no known run');
  });

  test('says what a limit cut, and what belongs to no version that is shown', () => {
    const readers = Array.from({ length: 6 }, (_, n) => reader(`run${n}`));
    const limits = { versions: true };
    const text = printPath(
      path({ limits, versions: [version(commitA, { readers })], others: [reader('old')] }),
    );
    expect(text).toContain(
      'The newest 1 version, from the newest 3 commits; use --limit to list older ones.',
    );
    expect(text).toContain('and 2 more; --json lists all');
    expect(text).toContain('Older versions or other branches, read by 1 run');
  });

  test.each([80, 120])('fits a terminal of %i columns', (columns) => {
    const versions = [version(commitB, { readers: [reader('fit')] })];
    const lines = printPath(path({ versions, others: [reader('x')] }), columns).split('\n');
    expect(lines.filter((line) => line.length > columns && !line.includes('://'))).toEqual([]);
  });
});
