import { describe, expect, test } from 'vitest';
import { parsedTags } from '../../../../src/contract/links-tag.js';
import type { Link } from '../../../../src/contract/run.js';
import { type EvidenceKind, evidenceKinds } from '../../../../src/contract/words.js';
import { compareCode } from '../../../../src/queries/compare/code.js';
import { decideOutcome, decidePair } from '../../../../src/queries/compare/decide.js';
import type { Bytes, ComparedPair } from '../../../../src/queries/compare/schema.js';
import type { ExaminedRun } from '../../../../src/queries/shared/examined-run.js';
import { commitA, commitB, inputView, link } from '../../../support/runs/run-views.js';

const equal: Bytes = { kind: 'equal', housekeeping: 0 };
const differ: Bytes = {
  kind: 'differ',
  difference: { added: 1, removed: 0, changed: 0, complete: true, objects: [] },
};

function of(kind: EvidenceKind, parts: Partial<Link> = {}): Link {
  return link({ kind, certain: ['declared', 'exact', 'resolved'].includes(kind), ...parts });
}

function examined(id: string, parts: Partial<ExaminedRun> = {}): ExaminedRun {
  return {
    asked: id,
    run: { id, name: id, experiment: 'training', page: '' },
    links: [of('exact')],
    unexplained: [],
    tags: parsedTags([]),
    trouble: undefined,
    examination: undefined,
    ...parts,
  };
}

function outcome(
  pairs: readonly ComparedPair[],
  first: Partial<ExaminedRun> = {},
  second: Partial<ExaminedRun> = {},
) {
  return decideOutcome(examined('1', first), examined('2', second), pairs).outcome;
}

const later = { commit: commitB };

describe('one dataset', () => {
  test.each([
    ['the same commit and path', of('exact'), of('declared', { path: 'gold' }), undefined, 'same-source'],
    ['other commits, equal bytes', of('exact'), of('exact', later), equal, 'same-bytes'],
    ['other commits, other bytes', of('exact'), of('exact', later), differ, 'differ'],
    ['the first alone', of('exact'), undefined, undefined, 'only-first'],
    ['the second alone', undefined, of('exact'), undefined, 'only-second'],
  ] as const)('%s', (_what, left, right, bytes, relation) => {
    expect(decidePair({ left, right }, bytes)).toMatchObject({ relation, certain: true, doubts: [] });
  });

  test('what lakeFS does not say is not known, with the reason', () => {
    const pair = decidePair(
      { left: of('exact'), right: of('exact', later) },
      { kind: 'unknown', reason: 'gone' },
    );
    expect(pair).toMatchObject({ relation: 'unknown', certain: false, doubts: ['gone'] });
  });

  test('a commit without a path leaves open what was read of it', () => {
    const pair = decidePair({ left: of('declared', { path: '' }), right: of('exact') }, undefined);
    expect(pair).toMatchObject({ relation: 'same-source', certain: false });
    expect(pair.doubts[0]).toContain('the first names a commit without a path');
    const both = { left: of('declared', { path: '' }), right: of('declared', { path: '' }) };
    expect(decidePair(both, undefined)).toMatchObject({ relation: 'same-source', certain: true });
  });
});

describe('the answer', () => {
  const uncertain = evidenceKinds.filter((kind) => !['declared', 'exact', 'resolved'].includes(kind));

  test.each(uncertain)('"%s" in either run never leads to certainty, not even about a difference', (kind) => {
    for (const bytes of [equal, differ]) {
      expect(outcome([decidePair({ left: of(kind), right: of('exact', later) }, bytes)])).toBe('unknown');
      expect(outcome([decidePair({ left: of('exact'), right: of(kind, later) }, bytes)])).toBe('unknown');
    }
    expect(outcome([decidePair({ left: of(kind), right: of('exact') }, undefined)])).toBe('unknown');
    expect(outcome([decidePair({ left: of(kind), right: undefined }, undefined)])).toBe('unknown');
  });

  test('one certain difference is enough; to be the same, all has to be', () => {
    const same = decidePair({ left: of('exact'), right: of('exact') }, undefined);
    const doubtful = decidePair({ left: of('likely'), right: of('exact') }, undefined);
    const other = decidePair({ left: of('exact'), right: of('exact', later) }, differ);
    expect(outcome([same, same])).toBe('same');
    expect(outcome([same, doubtful])).toBe('unknown');
    expect(outcome([same, doubtful, other])).toBe('differ');
    expect(outcome([same, decidePair({ left: undefined, right: of('exact') }, undefined)])).toBe('differ');
  });

  test('a run without links: it cannot be known; the same run twice is the same', () => {
    expect(outcome([], { links: [] })).toBe('unknown');
    expect(decideOutcome(examined('1', { links: [] }), examined('2', { links: [] }), []).reason).toContain(
      'either run',
    );
    expect(decideOutcome(examined('1', { links: [] }), examined('1', { links: [] }), []).outcome).toBe(
      'same',
    );
  });

  test('a run that still runs or cannot be read is not judged', () => {
    const same = decidePair({ left: of('exact'), right: of('exact') }, undefined);
    expect(outcome([same], {}, { trouble: 'it has not ended' })).toBe('unknown');
  });

  test('a dataset of which nothing is known stands against "the same", unless both logged it alike', () => {
    const same = [decidePair({ left: of('exact'), right: of('exact') }, undefined)];
    const one = [inputView('', { name: 'dataset', digest: '11111111' })];
    expect(outcome(same, { unexplained: one })).toBe('unknown');
    expect(outcome(same, { unexplained: one }, { unexplained: one })).toBe('same');
    const two = [inputView('', { name: 'dataset', digest: '22222222' })];
    expect(outcome(same, { unexplained: one }, { unexplained: two })).toBe('unknown');
  });
});

describe('the code', () => {
  const tags = (commit?: string, more: Record<string, string> = {}): ReadonlyMap<string, string> =>
    new Map(
      Object.entries({ ...(commit === undefined ? {} : { 'mlflow.source.git.commit': commit }), ...more }),
    );

  test.each([
    [tags(commitA), tags(commitA), 'same', 'git commit aaaaaaaaaaaa'],
    [tags(commitA), tags(commitB), 'differ', 'git commit aaaaaaaaaaaa, then bbbbbbbbbbbb'],
    [tags(), tags(commitB), 'unknown', 'MLflow has no git commit for the first run'],
    [tags(), tags(), 'unknown', 'MLflow has no git commit for either run'],
    [
      tags(commitA, { 'mlflow.source.git.dirty': 'True' }),
      tags(commitA),
      'unknown',
      'the first had uncommitted',
    ],
  ] as const)('%#', (left, right, relation, reason) => {
    const code = compareCode(left, right);
    expect(code.relation).toBe(relation);
    expect(code.reason).toContain(reason);
  });
});
