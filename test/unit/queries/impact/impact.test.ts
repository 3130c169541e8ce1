import { describe, expect, test } from 'vitest';
import { printBlocks } from '../../../../src/cli/output.js';
import { impactBlocks } from '../../../../src/queries/impact/blocks.js';
import { impactCsv } from '../../../../src/queries/impact/csv.js';
import type { Impact } from '../../../../src/queries/impact/impact.js';
import type { Hit, HitLink, ImpactAnswer } from '../../../../src/queries/impact/schema.js';
import { changedPathOf } from '../../../../src/queries/shared/change/change.js';
import type { Change } from '../../../../src/queries/shared/change/types.js';
import { commitA, commitB, link } from '../../../support/runs/run-views.js';
import { commitAt, lineage } from '../run/fixtures.js';

const itself: Pick<HitLink, 'reach' | 'holds' | 'of' | 'explanation'> = {
  ...{ reach: 'itself', holds: 1, of: 1, explanation: 'certain (exact): the commit itself' },
};
const { run } = lineage();

const change: Change = {
  ...{ kind: 'commit', repository: 'repo', base: commitB, tip: commitA, own: new Set([commitA]) },
  changed: [{ type: 'changed', path: 'gold/x' }],
  prefixes: ['gold/'],
  paths: [
    {
      path: 'gold/',
      name: 'repo/gold',
      added: 0,
      changed: 1,
      removed: 0,
      bytes: 5,
      emptied: false,
      reason: '',
    },
  ],
  cut: false,
};

function hit(name: string, parts: Partial<Hit> & { aliases?: readonly string[] } = {}): Hit {
  const { aliases, ...rest } = parts;
  const version = {
    name: 'churn',
    version: '3',
    page: 'https://mlflow.example/#/models/churn/versions/3',
  };
  return {
    run: { ...run, id: name, name },
    links: [{ ...link(), ...itself }],
    versions: aliases === undefined ? [] : [{ ...version, aliases }],
    ...rest,
  };
}

function impact(parts: Partial<ImpactAnswer> & { change?: Change } = {}): Impact {
  const { change: other = change, ...rest } = parts;
  const answer: ImpactAnswer = {
    ...{ asked: `repo/${commitA}`, kind: 'commit', commit: commitAt(), ref: commitA, path: '' },
    changed: other.paths.map(changedPathOf),
    branches: [{ branch: 'main', reach: 'downstream' }],
    ...{ hits: [], maybe: [], spared: 0 },
    limits: { branches: false, changes: other.cut, commits: false },
    looked: {
      ...{ tagged: 3, taggedCut: false, scanned: 10, scanCut: false },
      ...{ unjudged: [], unreadExperiments: [] },
    },
    ...rest,
  };
  return { answer, change: other };
}

function print(answer: Impact, columns?: number): string {
  const written: string[] = [];
  const stdout = { isTTY: false, columns, write: (some: string) => void written.push(some) };
  printBlocks({ stdout, env: {} }, impactBlocks(answer));
  return written.join('');
}

describe('the text', () => {
  test('says that no run is known, and what was checked', () => {
    const text = print(impact());
    expect(text).toContain('No known run has read it.');
    expect(text).toContain('Checked: all 10 runs of this server, and 3 runs found by tag.');
    expect(text).toContain('now       on main');
  });

  test('has the models with an alias before other versions, and these before plain runs', () => {
    const text = print(
      impact({
        hits: [hit('one', { aliases: ['champion', 'stable'] }), hit('two', { aliases: [] }), hit('three')],
      }),
    );
    expect(text).toContain('Read by 3 runs, certainly. They produced 2 model versions, 1 with an alias.');
    const order = [
      'Models with an alias (1)',
      'churn version 3, aliases champion, stable',
      'Other model versions (1)',
      'Runs without a registered model (1)',
      'Run three of',
    ];
    expect([...order].sort((a, b) => text.indexOf(a) - text.indexOf(b))).toEqual(order);
    for (const part of order) expect(text).toContain(part);
  });

  test('shows ten of many, and says where all are', () => {
    const text = print(impact({ hits: Array.from({ length: 25 }, (_, n) => hit(`run${n}`)) }));
    expect(text).toContain('Runs without a registered model (25)');
    expect(text).toContain('… and 15 more; --csv and --json list all.');
    expect(text).not.toContain('Run run10 of');
  });

  test('says every limit that cut the answer', () => {
    const text = print(
      impact({
        change: { ...change, cut: true },
        limits: { branches: true, changes: true, commits: true },
        spared: 1,
        looked: {
          ...{ tagged: 10_000, taggedCut: true, scanned: 2_000, scanCut: true },
          unjudged: [{ run: 'r9', problem: 'lakeFS answered 403' }],
          unreadExperiments: [],
        },
      }),
    );
    expect(text).toContain('not all branches were checked');
    expect(text).toContain('Too many objects to compare one by one');
    expect(text).toContain('Runs read more commits than were compared');
    expect(text).toContain('10,000 runs found by tag (there are more)');
    expect(text).toContain(
      'and the newest 2,000 runs. Missing: older untagged runs, if any; --scan all checks every run.',
    );
    expect(text).toContain('1 run could not be checked, so more may be affected: r9 (lakeFS answered 403)');
    expect(text).toContain('Not counted: 1 run that read the same paths after it was undone.');
  });

  test('a commit that changed no data, and a branch without commits of its own, are no riddle', () => {
    const none = { ...change, changed: [], paths: [], prefixes: [] };
    expect(print(impact({ change: none }))).toContain('It changed no data');
    const branch = { ...none, kind: 'branch', own: new Set<string>() } as const;
    expect(print(impact({ change: branch, ref: 'dev' }))).toContain(
      `Branch dev has no commits of its own. For the commit that it points to: lakefs-mlflow impact repo/${commitA}`,
    );
  });

  test('what others wrote cannot move the cursor', () => {
    const text = print(impact({ hits: [hit('evil\u001b[2J\u202e')] }));
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\u202e');
  });

  test.each([80, 120])('fits a terminal of %i columns, but for addresses', (columns) => {
    const text = print(
      impact({ hits: [hit('one', { aliases: ['champion'] })], maybe: [hit('two')] }),
      columns,
    );
    const long = text.split('\n').filter((line) => line.length > columns && !line.includes('://'));
    expect(long).toEqual([]);
  });
});

describe('the CSV', () => {
  test('ends its lines as RFC 4180 says, and quotes what needs it', () => {
    const csv = impactCsv(
      impact({ hits: [hit('a "b", c\nd', { aliases: ['x'] })], maybe: [hit('two')] }).answer,
    );
    const [header, ...rows] = csv.split('\r\n');
    expect(header?.split(',')).toHaveLength(18);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toContain('"hit, under an alias",churn,3,x,"a ""b"", c\nd"');
    expect(rows[1]).toMatch(/^perhaps,,,,two,/);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '＝1'])('%j is no formula in a spreadsheet', (name) => {
    const csv = impactCsv(impact({ hits: [hit('r1', { run: { ...run, name } })] }).answer);
    expect(csv).toContain(`,'${name}`);
  });

  test('where nothing is known there is the header alone', () => {
    expect(impactCsv(impact().answer).split('\r\n')).toHaveLength(2);
  });
});
