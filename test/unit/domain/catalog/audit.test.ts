import { describe, expect, test } from 'vitest';
import type { InputView } from '../../../../src/contract/run.js';
import { commitsCounting, doubtAbout } from '../../../../src/domain/catalog/audit.js';
import { consumptionOf } from '../../../../src/domain/catalog/consumers.js';
import { commitA, commitB, inputView, link, runView } from '../../../support/runs/run-views.js';

const at = (commit: string, repository = 'repo', installation = 'default') => ({
  installation,
  repository,
  commit,
});
const linksTag = (...links: readonly object[]) => JSON.stringify({ links, wrote: {} });
const inputTag = (commit: string) => `lakefs.input.repo.${commit.slice(0, 12)}`;

describe('the commits that a run counts for', () => {
  test.each([
    ['its guide tags', { lakefs_repo: 'repo', lakefs_commit: commitA }, [at(commitA)]],
    [
      'the tags of several commits',
      { [inputTag(commitA)]: commitA, [inputTag(commitB)]: commitB },
      [at(commitA), at(commitB)],
    ],
    [
      'both, of one commit',
      { lakefs_repo: 'repo', lakefs_commit: commitA, [inputTag(commitA)]: commitA },
      [at(commitA)],
    ],
    [
      'a user’s own value beside its link',
      { lakefs_commit: commitA, 'lakefs.links': linksTag(link({ repository: 'other' })) },
      [at(commitA, 'other')],
    ],
    ['nothing', {}, []],
    ['a value that is no commit', { lakefs_repo: 'repo', lakefs_commit: 'main' }, []],
    ['a tag of a person that looks like ours', { [inputTag(commitA)]: 'mine' }, []],
    [
      'a run that is left alone',
      { lakefs_repo: 'repo', lakefs_commit: commitA, 'lakefs.ignore': 'true' },
      [],
    ],
    ['a link that is only a guess', { 'lakefs.links': linksTag(link({ kind: 'inferred' })) }, []],
  ])('are those that %s name', (_, tags, wanted) => {
    const run = runView({ tags });
    const found = commitsCounting(run, ['default']);
    expect(found).toEqual(wanted);
    for (const key of found) expect(consumptionOf([run], key).runs).toEqual([run]);
  });

  test('are those of the installation that linked it, where two share a server', () => {
    const links = linksTag(link({ installation: 'eu' }));
    const tags = { lakefs_repo: 'repo', lakefs_commit: commitA, 'lakefs.links': links };
    expect(commitsCounting(runView({ tags }), ['default', 'eu'])).toEqual([at(commitA, 'repo', 'eu')]);
  });
});

describe('the catalog run of a commit', () => {
  const key = at(commitA);
  const digest = commitA.slice(0, 12);
  const candidate = (source: string, parts: Partial<InputView> = {}) =>
    inputView(`s3://repo/${source}/gold/`, { name: 'repo/gold', digest, ...parts });

  test('that says what is so is left alone', () => {
    const run = runView({ tags: { 'lakefs.consumers': '2' }, inputs: [candidate(commitA)] });
    expect(doubtAbout({ run, key }, 2, false)).toBeUndefined();
    expect(doubtAbout({ run: runView(), key }, 0, false)).toBeUndefined();
  });

  test.each([
    ['whose count is too low', runView({ tags: { 'lakefs.consumers': '1' } }), 2, false, /2 runs .* says 1/],
    ['that has no count', runView(), 1, false, /1 runs .* says 0/],
    ['whose consumers are gone', runView({ tags: { 'lakefs.consumers': '1' } }), 0, false, /says 1/],
    ['that is not finished', runView({ terminal: false }), 0, false, /not finished/],
    ['that is one of two', runView(), 0, true, /two runs/],
    ['whose candidate shows another source', runView({ inputs: [candidate(commitB)] }), 0, false, /source/],
  ])('%s is checked again', (_, run, consumers, isDouble, reason) => {
    expect(doubtAbout({ run, key }, consumers, isDouble)).toMatch(reason);
  });

  test('whose candidate shows another source is left alone once a longer digest distinguishes it', () => {
    const inputs = [candidate(commitB), candidate(commitA, { digest: commitA.slice(0, 36) })];
    expect(doubtAbout({ run: runView({ inputs }), key }, 0, false)).toBeUndefined();
  });

  test('of a recreated repository is left alone', () => {
    const run = runView({ tags: { 'lakefs.status': 'gone', 'lakefs.consumers': '3' } });
    expect(doubtAbout({ run, key }, 0, false)).toBeUndefined();
  });
});
