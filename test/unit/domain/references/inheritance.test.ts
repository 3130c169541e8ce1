import { describe, expect, test } from 'vitest';
import { ancestorOf, inheritedBy, parentRunOf } from '../../../../src/domain/references/inheritance.js';
import { referencesOf } from '../../../../src/domain/references/reference.js';
import { usualRules } from '../../../../src/domain/references/reference-rules.js';
import { commitA, commitB, inputView, link, runView } from '../../../support/runs/run-views.js';

const declares = { lakefs_repo: 'repo', lakefs_commit: commitA };

function handsDown(parts: Parameters<typeof runView>[0]) {
  const run = runView({ id: 'parent', ...parts });
  return ancestorOf(run, usualRules).declared.map(({ where, name, run, address }) => [
    where,
    name,
    run,
    address.path,
  ]);
}

describe('what a run hands down to the runs nested in it', () => {
  test.each<[string, Parameters<typeof runView>[0], readonly unknown[]]>([
    ['its tags of the guide', { tags: declares }, [['parent', 'lakefs_commit', 'parent', '']]],
    [
      'a param that names a commit',
      { params: new Map([['data', `s3://repo/${commitA}/x`]]) },
      [['parent', 'data', 'parent', 'x']],
    ],
    ['not its dataset inputs', { inputs: [inputView(`s3://repo/${commitA}/x`)] }, []],
    ['not a branch', { tags: { lakefs_repo: 'repo', lakefs_branch: 'main' } }, []],
    ['not a param with a branch', { params: new Map([['data', 's3://repo/main/x']]) }, []],
    [
      'not what we wrote',
      { tags: { ...declares, 'lakefs.links': JSON.stringify({ links: [link()], wrote: declares }) } },
      [],
    ],
    ['nothing where it is a run of the catalog', { tags: { ...declares, 'lakefs.kind': 'commit' } }, []],
    ['nothing where it is to be ignored', { tags: { ...declares, 'lakefs.ignore': 'true' } }, []],
    [
      'all the same where it is deleted',
      { active: false, tags: declares },
      [['parent', 'lakefs_commit', 'parent', '']],
    ],
  ])('%s', (_what, parts, expected) => {
    expect(handsDown(parts)).toEqual(expected);
  });
});

describe('what a run inherits', () => {
  const parent = ancestorOf(runView({ id: 'parent', tags: declares }), usualRules);
  const grandparent = ancestorOf(
    runView({
      id: 'grandparent',
      tags: { lakefs_repo: 'repo', lakefs_commit: commitB, data: `s3://other/${commitB}/x` },
    }),
    usualRules,
  );
  const own = (...addresses: string[]) =>
    referencesOf(runView({ inputs: addresses.map((address) => inputView(address)) })).found;

  test('all that the chain declares, about one repository the nearest', () => {
    const { found, none } = inheritedBy([], [parent, grandparent]);
    expect(found.map(({ address, run }) => [address.repository, address.ref, run])).toEqual([
      ['repo', commitA, 'parent'],
      ['other', commitB, 'grandparent'],
    ]);
    expect(none).toEqual([
      {
        where: 'parent',
        name: 'lakefs_commit',
        text: commitB,
        run: 'grandparent',
        reason: 'the nearer run parent names data of this repository',
      },
    ]);
  });

  test.each(['s3://repo/main/x', `s3://repo/${commitB}/x`])(
    'nothing about a repository of which it names %s itself',
    (address) => {
      const { found, none } = inheritedBy(own(address), [parent]);
      expect(found).toEqual([]);
      expect(none).toMatchObject([{ reason: 'the run itself names data of this repository' }]);
    },
  );

  test('what its own words do not touch', () => {
    expect(inheritedBy(own('s3://another/main/x'), [parent]).found).toHaveLength(1);
  });
});

test.each([
  [{}, undefined],
  [{ 'mlflow.parentRunId': '' }, undefined],
  [{ 'mlflow.parentRunId': '../x' }, undefined],
  [{ 'mlflow.parentRunId': 'x'.repeat(300) }, undefined],
  [{ 'mlflow.parentRunId': '0123abcd' }, '0123abcd'],
])('the tags %o name the parent %s', (tags, parent) => {
  expect(parentRunOf(runView({ tags }))).toBe(parent);
});
