import { describe, expect, test } from 'vitest';
import type { InputView, Link } from '../../../../src/contract/run.js';
import type { EvidenceKind } from '../../../../src/contract/words.js';
import { referencesOf } from '../../../../src/domain/references/reference.js';
import { fixOf } from '../../../../src/queries/coverage/advice.js';
import { judgeCoverage } from '../../../../src/queries/coverage/judge.js';
import { commitA, inputView, link, runView } from '../../../support/runs/run-views.js';

/** A run whose references all lead nowhere, except those that the links are of. */
function judge(parts: {
  inputs?: readonly InputView[];
  tags?: Record<string, string>;
  links?: readonly Link[];
  repositories?: readonly string[];
}) {
  const { inputs = [], tags = {}, links = [], repositories = ['repo'] } = parts;
  const { found, none } = referencesOf(runView({ inputs, tags }));
  const judged = found.map((reference) => {
    const led = links.some(({ name }) => name === reference.name);
    return {
      reference,
      verdict: led
        ? { kind: 'commit' as const, installation: 'default', commit: commitA }
        : { kind: 'none' as const, reason: 'it leads nowhere' },
    };
  });
  return judgeCoverage({
    inputs,
    examination: { links, judged, none, incomplete: false },
    repositories: new Set(repositories),
  });
}

function linkOf(kind: EvidenceKind, parts: Partial<Link> = {}): Link {
  return link({ kind, certain: ['declared', 'exact', 'resolved'].includes(kind), ...parts });
}

const code = inputView('', { name: 'dataset', sourceType: 'code', source: '{"tags": {}}' });

describe('whether a run is covered', () => {
  test.each(['declared', 'exact', 'resolved'] as const)('certain links cover it: %s', (kind) => {
    expect(judge({ links: [linkOf(kind)] })).toMatchObject({ word: kind, covered: true, cause: undefined });
  });

  test.each([
    ['likely', 'shared-source'],
    ['inferred', 'moving-branch'],
    ['ambiguous', 'changed-branch'],
    ['conflict', 'contradiction'],
  ] as const)('an uncertain link does not: %s because of %s', (kind, cause) => {
    const hint = { repository: 'repo', ref: 'main', path: 'gold/' };
    expect(judge({ links: [linkOf(kind, { ref: 'main' })] })).toMatchObject({
      ...{ word: kind, covered: false, cause, hint },
    });
  });

  test('a lakeFS tag that was moved makes its link uncertain', () => {
    const moved = linkOf('resolved', { certain: false, flags: ['tag moved'] });
    expect(judge({ links: [moved] })).toMatchObject({ word: 'resolved', covered: false, cause: 'moved-tag' });
  });

  test('a read of uncommitted changes is distinguished from a branch that moved', () => {
    const read = linkOf('ambiguous', { flags: ['uncommitted changes'] });
    expect(judge({ links: [read] }).cause).toBe('uncommitted-read');
  });

  test('the weakest link decides, wherever it stands', () => {
    const links = [linkOf('exact'), linkOf('inferred', { name: 'test' }), linkOf('declared')];
    expect(judge({ links })).toMatchObject({ word: 'inferred', covered: false, cause: 'moving-branch' });
    expect(judge({ links: [linkOf('exact'), linkOf('declared')] })).toMatchObject({
      word: 'exact',
      covered: true,
    });
  });

  test('a covered run with a dataset of which nothing is known is covered, and that is said', () => {
    const judged = judge({ inputs: [code], links: [linkOf('declared', { where: 'tag' })] });
    expect(judged).toMatchObject({ covered: true, beside: true });
    expect(judged.detail).toContain('dataset "dataset": MLflow knows the code');
    expect(judge({ inputs: [inputView('s3://repo/a/b')], links: [linkOf('exact')] }).beside).toBe(false);
  });
});

describe('why nothing is known of a run', () => {
  test.each([
    ['nothing was logged', {}, 'no-dataset'],
    ['autolog gave the code as source', { inputs: [code] }, 'code-source'],
    ['a plain file', { inputs: [inputView('', { source: '{"uri":"/data/x.csv"}' })] }, 'other-source'],
    ['another store', { inputs: [inputView('gs://bucket/x/y')] }, 'other-source'],
    ['a bucket', { inputs: [inputView('s3://bucket/main/x')] }, 'unknown-repository'],
    ['a branch', { inputs: [inputView('s3://repo/main/x')] }, 'unpinned-ref'],
    ['a commit that is not there', { inputs: [inputView(`s3://repo/${commitA}/x`)] }, 'unknown-commit'],
    ['a short commit id without a repository', { tags: { lakefs_commit: 'a1b2c3d4' } }, 'incomplete-tags'],
    ['no commit id', { tags: { lakefs_repo: 'repo', lakefs_commit: 'main' } }, 'incomplete-tags'],
  ])('%s', (_what, parts, cause) => {
    expect(judge(parts)).toMatchObject({ word: 'nothing', covered: false, cause });
  });

  test('of several reasons the one easiest to fix is reported', () => {
    const inputs = [code, inputView('s3://bucket/main/x'), inputView('s3://repo/main/x')];
    const { cause, detail, hint } = judge({ inputs });
    expect(cause).toBe('unpinned-ref');
    expect(detail).toBe('dataset "train" names s3://repo/main/x: it leads nowhere');
    expect(fixOf('unpinned-ref', hint, undefined).mend.script).toContain('source = f"s3://repo/{commit}/x"');
  });

  test('a script that cannot be changed is declared by its launch, unless it says something wrong itself', () => {
    const hint = { repository: 'repo', ref: 'dev$', path: 'a b/*.csv' };
    expect(fixOf('uncommitted-read', hint, undefined).mend.launch).toEqual([
      "lakefs-mlflow run --data 'repo/dev/a b/' -- python train.py",
    ]);
    expect(fixOf('no-dataset', undefined, undefined).mend.launch).toEqual([
      'lakefs-mlflow run --data my-repository/main -- python train.py',
    ]);
    for (const cause of [
      'contradiction',
      'incomplete-tags',
      'unknown-commit',
      'no-run',
      'unreadable',
    ] as const) {
      expect(fixOf(cause, hint, undefined).mend.launch).toEqual([]);
    }
  });
});
