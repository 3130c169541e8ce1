import { describe, expect, test } from 'vitest';
import type { Link } from '../../../../src/contract/run.js';
import { type EvidenceKind, evidenceKinds, linkStatuses } from '../../../../src/contract/words.js';
import { checkBlocks, whyRefused } from '../../../../src/queries/check/blocks.js';
import { type CheckFacts, decideRequirement } from '../../../../src/queries/check/decide.js';
import {
  type RequirementWord,
  readRequirements,
  requirementWords,
} from '../../../../src/queries/check/require.js';
import type { Check, CheckedLink } from '../../../../src/queries/check/schema.js';
import { link } from '../../../support/runs/run-views.js';

function of(
  kind: EvidenceKind,
  parts: Partial<CheckedLink> = {},
  linkParts: Partial<Link> = {},
): CheckedLink {
  const certain = ['declared', 'exact', 'resolved'].includes(kind);
  return {
    link: link({ kind, certain, ...linkParts }),
    kept: undefined,
    state: { status: 'current', reason: 'nothing changed' },
    promotedTo: ['main'],
    ...parts,
  };
}

function resultOf(word: RequirementWord, links: readonly CheckedLink[], parts: Partial<CheckFacts> = {}) {
  return decideRequirement(word, { links, unexplained: [], trouble: undefined, ...parts }).result;
}

test('data that was rewritten is current, and the answer says by what', () => {
  const state = { status: 'current', rewritten: true, reason: 'rewritten on main (OPTIMIZE)' } as const;
  const facts = { links: [of('exact', { state })], unexplained: [], trouble: undefined };
  const { result, reason } = decideRequirement('current', facts);
  expect(result).toBe('met');
  expect(reason).toContain('is current (rewritten): rewritten on main (OPTIMIZE)');
});

describe('what is required', () => {
  test('a certain, current and promoted link meets every word', () => {
    for (const word of requirementWords) expect(resultOf(word, [of('declared')])).toBe('met');
  });

  test.each([
    ['declared', ['declared']],
    ['exact', ['declared', 'exact']],
    ['resolved', ['declared', 'exact', 'resolved']],
    ['likely', ['declared', 'exact', 'resolved', 'likely']],
    ['certain', ['declared', 'exact', 'resolved']],
    ['known', [...evidenceKinds]],
  ] as const)('"%s" is met by %j only', (word, kinds) => {
    for (const kind of evidenceKinds) {
      const met = (kinds as readonly string[]).includes(kind);
      expect([kind, resultOf(word, [of(kind)])]).toEqual([kind, met ? 'met' : 'failed']);
    }
  });

  test('a lakeFS tag that was moved is not certain any more, nor "resolved"', () => {
    const moved = of('resolved', {}, { certain: false, flags: ['tag moved'] });
    expect(resultOf('resolved', [moved])).toBe('failed');
    expect(resultOf('certain', [moved])).toBe('failed');
    expect(resultOf('likely', [moved])).toBe('met');
  });

  test.each([
    ['current', ['current']],
    ['not-reverted', ['current', 'superseded']],
  ] as const)('"%s" is met by %j only', (word, statuses) => {
    for (const status of linkStatuses) {
      const met = (statuses as readonly string[]).includes(status);
      const state = { status, reason: 'because' };
      expect([status, resultOf(word, [of('exact', { state })])]).toEqual([status, met ? 'met' : 'failed']);
    }
  });

  test('promoted is what has come to one of the branches', () => {
    expect(resultOf('promoted', [of('exact', { promotedTo: [] })])).toBe('failed');
  });

  test('what cannot be known is not met', () => {
    expect(resultOf('promoted', [of('exact', { promotedTo: undefined })])).toBe('unknown');
    expect(resultOf('current', [of('exact', { state: undefined })])).toBe('unknown');
    expect(resultOf('current', [of('exact', { state: { status: 'unknown', reason: 'gone' } })])).toBe(
      'unknown',
    );
    for (const word of ['current', 'not-reverted', 'promoted'] as const) {
      expect(resultOf(word, [of('ambiguous')])).toBe('unknown');
    }
    for (const word of requirementWords) {
      expect(resultOf(word, [of('exact', { kept: 'the repository is gone' })])).toBe('unknown');
      expect(resultOf(word, [of('exact')], { trouble: 'it still runs' })).toBe('unknown');
      expect(resultOf(word, [])).not.toBe('met');
    }
  });

  test('every link has to meet it: the worst is reported', () => {
    const links = [of('exact'), of('exact', { promotedTo: undefined }), of('exact', { promotedTo: [] })];
    expect(resultOf('promoted', links)).toBe('failed');
    expect(resultOf('promoted', links.slice(0, 2))).toBe('unknown');
  });

  test('"complete" also asks of each dataset that was logged', () => {
    expect(resultOf('complete', [of('exact')], { unexplained: ['dataset'] })).toBe('failed');
    expect(resultOf('certain', [of('exact')], { unexplained: ['dataset'] })).toBe('met');
  });
});

describe('the words', () => {
  test('are read in any case, with blanks, each once', () => {
    expect(readRequirements(' Exact, promoted,,exact ')).toEqual({
      kind: 'words',
      words: ['exact', 'promoted'],
    });
  });

  test.each(['curent', 'superseded', '', ','])('"%s" is refused with the list', (given) => {
    const read = readRequirements(given);
    expect(read.kind === 'none' && read.problem).toContain('known, complete, certain');
  });

  test('a slip of the finger is recognised', () => {
    const read = readRequirements('curent');
    expect(read.kind === 'none' && read.problem).toContain('did you mean "current"?');
  });
});

test('the refusal is one line with every reason', () => {
  const check: Check = {
    asked: 'models:/churn@champion',
    run: { id: 'r', name: 'boats', experiment: 'training', page: '' },
    links: [],
    results: [
      { word: 'exact', result: 'met', reason: 'it is' },
      { word: 'current', result: 'failed', reason: 'repo@aaa is reverted: by bbb' },
      { word: 'promoted', result: 'unknown', reason: 'lakeFS is away' },
    ],
    passed: false,
  };
  expect(whyRefused(check)).toBe(
    'models:/churn@champion is not current: repo@aaa is reverted: by bbb; and possibly not promoted: lakeFS is away',
  );
  expect(whyRefused({ ...check, results: check.results.slice(0, 1) })).toBeUndefined();
  expect(checkBlocks(check)[0]).toMatchObject({
    text: expect.stringMatching(/^Not passed: models:\/churn@champion/),
  });
});
