import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Io, printBlocks } from '../../../../src/cli/output.js';
import { sourceFlag } from '../../../../src/contract/flags.js';
import { evidenceKinds } from '../../../../src/contract/words.js';
import { runBlocks } from '../../../../src/queries/run/blocks.js';
import type { RunLineage } from '../../../../src/queries/run/schema.js';
import { whyBlocks } from '../../../../src/queries/run/why.js';
import { commitA, commitB } from '../../../support/runs/run-views.js';
import { commitAt, foundLink, lineage, reference, unused } from './fixtures.js';

function show(
  found: RunLineage,
  options: { columns?: number; env?: NodeJS.ProcessEnv; why?: boolean } = {},
): string {
  const written: string[] = [];
  const { columns, env = {} } = options;
  const stdout = { isTTY: columns !== undefined, columns, write: (text: string) => void written.push(text) };
  const io: Pick<Io, 'stdout' | 'env'> = { stdout, env };
  printBlocks(io, [...runBlocks(found), ...(options.why === true ? whyBlocks(found) : [])]);
  return written.join('');
}

describe('the answer for people', () => {
  test('a link is shown with its data, its commit, how we know and both pages', () => {
    expect(show(lineage({ links: [foundLink({ context: 'training' })] }))).toBe(
      [
        'Run boats of experiment training, finished 2025-10-09 08:54 UTC',
        'https://mlflow.example/#/experiments/7/runs/f',
        '',
        'It read lakeFS data from this commit:',
        '',
        'repo at aaaaaaaaaaaa on main: Add data',
        '  read      gold/, as dataset "train" (training)',
        "  we know   certain (exact): the dataset's source names this commit; verified to be what the run read",
        '  now       current: nothing of it has changed on main',
        '  committed 2025-10-09 08:53 UTC by ana',
        `  page      https://lakefs.example/repositories/repo/commits/${commitA}`,
        '',
      ].join('\n'),
    );
  });

  test('several paths of one commit share its block, several commits have one each', () => {
    const text = show(
      lineage({
        links: [foundLink({ path: 'a.csv' }), foundLink({ path: 'b.csv' }), foundLink({ commit: commitB })],
      }),
    );
    expect(text).toContain('It read lakeFS data from 2 commits:');
    expect(text.match(/^repo at /gm)).toHaveLength(2);
    expect(text.match(/^ {2}read {6}/gm)).toHaveLength(3);
  });

  test.each(evidenceKinds)('evidence "%s" is explained in plain words, and its certainty said', (kind) => {
    const certain = ['declared', 'exact', 'resolved'].includes(kind);
    const text = show(lineage({ links: [foundLink({ kind, certain })] }));
    expect(text).toMatch(new RegExp(`we know {3}${certain ? '' : 'not '}certain \\(${kind}\\): \\S+ .{20}`));
  });

  test('a commit that only the tags name has no path, and is said to come from the tags', () => {
    const text = show(
      lineage({ links: [foundLink({ where: 'tag', name: 'lakefs_commit', path: '', kind: 'declared' })] }),
    );
    expect(text).toContain('no path named, possibly all of it');
    expect(text).toContain("the run's own tags lakefs_repo and lakefs_commit name this commit");
  });

  test.each([
    ['param', 'data_path', "the run's own parameter data_path names this commit"],
    ['tag', 'training_data', "the run's own tag training_data names this commit"],
    ['parent', 'lakefs_commit', 'the run that it is nested in names, by lakefs_commit, this commit'],
  ] as const)('a commit that a %s declares is said to come from there', (where, name, words) => {
    const text = show(lineage({ links: [foundLink({ where, name, kind: 'declared' })] }));
    expect(text).toContain(words);
  });

  test('where the source names another commit with the same bytes, that commit is told', () => {
    const flags = [sourceFlag(commitB.slice(0, 12))];
    const text = show(lineage({ links: [foundLink({ kind: 'declared', flags })] }));
    expect(text).toContain("the run itself names this commit; the dataset's source names bbbbbbbbbbbb");
  });

  test.each([
    [
      'resolved',
      ['tag moved'],
      'the tag v1 of lakeFS, which led to this commit when we first looked; it leads',
    ],
    ['inferred', ['until unknown'], "the branch v1, and this was its head around the run's start"],
    ['ambiguous', ['path changed'], 'and the data there changed while the run could read it'],
    ['ambiguous', ['uncommitted changes', 'until unknown'], 'and objects that were not committed were there'],
    ['ambiguous', ['dates in doubt'], 'whose commits have dates that contradict their order'],
    ['ambiguous', ['too many commits'], 'which had more commits while the run could read'],
    ['ambiguous', ['no start time'], 'and the run has no start time'],
    ['ambiguous', ['start in the future'], 'and the start of the run lies in the future'],
    ['ambiguous', [], 'whose data may have changed'],
    ['declared', ['source names main'], "the dataset's source names main, which moves"],
    ['conflict', ['source names main'], 'names this commit and others for what it read at main'],
  ] as const)('a link that is %s %j says why', (kind, flags, words) => {
    const text = show(lineage({ links: [foundLink({ kind, flags, ref: 'v1', certain: false })] }));
    expect(text).toContain(words);
  });

  test('where only a branch is named it is not overstated, and the lines that fix it are there', () => {
    const guess = foundLink({ kind: 'ambiguous', ref: 'exp', certain: false, flags: ['path changed'] });
    const ambiguous = show(lineage({ links: [guess] }));
    expect(ambiguous).toContain(
      'It read lakeFS data, but the commit is unknown: the branch changed or may have changed during the run.',
    );
    expect(ambiguous).toContain('commit = lakefs.repository("repo").ref("exp").get_commit().id');
    const inferred = show(
      lineage({ links: [foundLink({ kind: 'inferred', ref: 'dirty$', certain: false })] }),
    );
    expect(inferred).toContain('It probably read lakeFS data from this commit:');
    expect(inferred).toContain('.ref("dirty").get_commit()');
    expect(show(lineage({ links: [foundLink()] }))).not.toContain('get_commit()');
  });

  test('a link that is kept although its commit is gone says so, gives the full id and no page', () => {
    const gone = foundLink(
      {},
      { found: false, committer: null, date: null, message: null, branch: null },
      'lakeFS has no repository "repo"',
    );
    const text = show(lineage({ links: [gone] }));
    expect(text).toContain(`${commitA}, not in lakeFS now`);
    expect(text).toContain('found earlier and cannot be checked now: lakeFS has no repository "repo"');
    expect(text).not.toContain('/repositories/repo/commits/');
  });

  test('a link of a lakeFS that is no longer configured is still shown', () => {
    const text = show(lineage({ links: [foundLink({}, { found: false, page: null }, 'x')] }));
    expect(text).toContain(`${commitA}, in a lakeFS that the settings do not name`);
  });

  test('a run of the catalog stands for its commit, with its candidates', () => {
    const catalog = {
      ...commitAt(),
      candidates: [
        { name: 'repo/gold', path: 'gold/' },
        { name: 'repo/silver', path: 'silver/' },
      ],
      consumers: 3,
      double: false,
    };
    const text = show(lineage({ catalog }), { why: true });
    expect(text).toContain('This run stands for a lakeFS commit; it read nothing itself.');
    expect(text).toContain('repo at aaaaaaaaaaaa on main: Add data');
    expect(text).toContain('  datasets  repo/gold\n            repo/silver\n');
    expect(text).toContain('3 runs, when last counted');
    expect(text).not.toContain('No lakeFS data is known');
  });

  test('where nothing is known it shows what was checked and the lines to add', () => {
    const nothing = reference({
      ...unused('"main" is not a commit id'),
      text: 's3://r/main/x',
    });
    const hint = { repository: 'images', ref: 'dev', path: 'a{b}/"x".csv' };
    const text = show(lineage({ references: [nothing], hint }));
    expect(text).toContain('No lakeFS data is known for this run.');
    expect(text).toContain('- dataset "train" (training) s3://r/main/x: "main" is not a commit id');
    expect(text).toContain('- tags: neither lakefs_commit nor any other that names lakeFS data');
    expect(text).toContain('    commit = lakefs.repository("images").ref("dev").get_commit().id\n');
    expect(text).toContain('    source = f"s3://images/{commit}/a{{b}}/\\"x\\".csv"\n');
    expect(text).toContain('    mlflow.set_tags({"lakefs_repo": "images", "lakefs_commit": commit})\n');
    expect(text).toContain(`client.set_tag("${'f'.repeat(32)}", "lakefs_commit", "<the full commit id>")`);
  });

  test('--why shows every reference and non-reference', () => {
    const references = [
      reference(),
      reference({
        name: 'frame',
        ...unused('its source names no address'),
        ...{ repository: null, ref: null, path: null },
      }),
      reference({
        where: 'tag',
        name: 'lakefs_commit',
        context: null,
        text: commitA,
        path: '',
      }),
    ];
    const text = show(lineage({ links: [foundLink()], references }), { why: true });
    expect(text).toContain('verdict   leads to commit aaaaaaaaaaaa of installation default (exact): ');
    expect(text).toContain('verdict   not used: its source names no address');
    expect(text).toContain('tag lakefs_commit\n');
    expect(text).toContain('it names no path, and a dataset names the same commit with one');
  });

  test('names of others can neither move the cursor nor colour or turn the text', () => {
    const evil = 'x\u001b[31m\r\n\u202ey\u0007\u009b';
    const found = lineage({
      links: [foundLink({ path: evil, name: evil, context: evil }, { branch: evil, found: false }, evil)],
      references: [reference({ name: evil, text: evil, ...unused(evil) })],
    });
    const named = { ...found, run: { ...found.run, name: evil, experiment: evil } };
    const shown = show(named, { why: true });
    expect(shown).not.toMatch(/[^\P{Cc}\n]/u);
    expect(shown).not.toContain('\u202e');
    expect(show({ ...named, known: false, links: [] })).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test('colour is for terminals without NO_COLOR, and changes no letter', () => {
    const found = lineage({ links: [foundLink(), foundLink({ kind: 'likely', certain: false, path: 'x' })] });
    const plain = show(found, { columns: 80, env: { NO_COLOR: '1' } });
    const coloured = show(found, { columns: 80 });
    expect(plain).not.toContain('\u001b');
    expect(show(found)).not.toContain('\u001b');
    expect(show(found, { columns: 80, env: { TERM: 'dumb' } })).toBe(plain);
    expect(coloured).toContain('\u001b[32mcertain\u001b[39m');
    expect(coloured).toContain('\u001b[33mnot certain\u001b[39m');
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  test('at 60 columns only addresses are longer than a line', () => {
    const found = lineage({
      links: [foundLink({ kind: 'likely', certain: false })],
      references: [reference()],
    });
    const long = show(found, { columns: 60, env: { NO_COLOR: '1' }, why: true })
      .split('\n')
      .filter((line) => line.length > 60);
    expect(long.length).toBeGreaterThan(0);
    for (const line of long) expect(line).toMatch(/^\s*(page|says)?\s*\S+:\/\/\S+$/);
  });

  test('a commit date that is no date breaks nothing', () => {
    const text = show(lineage({ links: [foundLink({}, { date: null })] }));
    expect(text).toContain('committed unknown date by ana');
  });
});
