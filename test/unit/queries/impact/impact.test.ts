import { describe, expect, test } from 'vitest';
import { printBlocks } from '../../../../src/cli/output.js';
import type { Reach } from '../../../../src/domain/status/reach.js';
import { impactBlocks } from '../../../../src/queries/impact/blocks.js';
import { impactCsv } from '../../../../src/queries/impact/csv.js';
import { impactJson } from '../../../../src/queries/impact/json.js';
import type { Hit, Impact } from '../../../../src/queries/impact/types.js';
import type { Change } from '../../../../src/queries/shared/change/types.js';
import { commitA, commitB, link } from '../../../support/runs/run-views.js';
import { commitAt, lineage } from '../run/fixtures.js';

const itself: Reach = { kind: 'itself', holds: 1, of: 1 };
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
    runId: name,
    name: 'churn',
    version: '3',
    page: 'https://mlflow.example/#/models/churn/versions/3',
  };
  return {
    run: { ...run, id: name, name },
    links: [{ link: link(), reach: itself }],
    versions: aliases === undefined ? [] : [{ ...version, aliases }],
    ...rest,
  };
}

function impact(parts: Partial<Impact> = {}): Impact {
  return {
    ...{ asked: `repo/${commitA}`, place: commitAt(), change, ref: commitA, path: '' },
    ...{ branches: [{ branch: 'main', reach: 'downstream' }], branchesCut: false },
    ...{ hits: [], maybe: [], spared: 0, commitsCut: false },
    looked: { tagged: 3, taggedCut: false, scanned: 10, scanCut: false, unjudged: [], refused: [] },
    ...parts,
  };
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
    expect(text).toContain('No run is known to have read it.');
    expect(text).toContain('Looked at: 3 runs that tags lead to, and all 10 runs of this server.');
    expect(text).toContain('now       held by main');
  });

  test('has the models under an alias before other versions, and these before plain runs', () => {
    const text = print(
      impact({
        hits: [hit('one', { aliases: ['champion', 'stable'] }), hit('two', { aliases: [] }), hit('three')],
      }),
    );
    expect(text).toContain('It was read by 3 runs, which made 2 model versions, 1 under an alias.');
    const order = [
      'Models that stand under an alias (1)',
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
    expect(text).toContain('… and 15 more: --csv and --json list all.');
    expect(text).not.toContain('Run run10 of');
  });

  test('reports every limit that cut the answer', () => {
    const text = print(
      impact({
        change: { ...change, cut: true },
        ...{ branchesCut: true, commitsCut: true, spared: 1 },
        looked: {
          ...{ tagged: 10_000, taggedCut: true, scanned: 2_000, scanCut: true },
          unjudged: [{ run: { ...run, id: 'r9' }, problem: 'lakeFS answered 403' }],
          refused: [],
        },
      }),
    );
    expect(text).toContain('not all branches were asked');
    expect(text).toContain('It is too large to compare object by object');
    expect(text).toContain('More commits were read than were compared');
    expect(text).toContain('and no more: there are too many');
    expect(text).toContain(
      'the newest 2,000 runs of this server; of runs without tags older ones may be missing: --scan all',
    );
    expect(text).toContain('1 run could not be judged, so more may be concerned: r9 (lakeFS answered 403)');
    expect(text).toContain('1 run read the same paths after it was undone, and is not counted.');
  });

  test('a commit that changed no data, and a branch without commits of its own, are no riddle', () => {
    const none = { ...change, changed: [], paths: [], prefixes: [] };
    expect(print(impact({ change: none }))).toContain('It changed no data');
    const branch = { ...none, kind: 'branch', own: new Set<string>() } as const;
    expect(print(impact({ change: branch, ref: 'dev' }))).toContain(
      `Branch dev has no commits of its own, so nothing came from it. For the commit that it points to: lakefs-mlflow impact repo/${commitA}`,
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

test('the JSON holds all that the text does', () => {
  const answer = impactJson(impact({ hits: [hit('one', { aliases: ['champion'] })], maybe: [hit('two')] }));
  expect(answer).toMatchObject({
    ...{ asked: `repo/${commitA}`, kind: 'commit', spared: 0 },
    commit: { repository: 'repo', commit: commitA, branch: 'main' },
    changed: [{ path: 'gold/', changed: 1 }],
    hits: [
      {
        run: { id: 'one' },
        links: [{ commit: commitA, path: 'gold/', kind: 'exact', certain: true, reach: 'itself' }],
        versions: [{ name: 'churn', version: '3', aliases: ['champion'] }],
      },
    ],
    maybe: [{ run: { id: 'two' }, versions: [] }],
    limits: { branches: false, changes: false, commits: false },
  });
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
});

describe('the CSV', () => {
  test('ends its lines as RFC 4180 says, and quotes what needs it', () => {
    const csv = impactCsv(impact({ hits: [hit('a "b", c\nd', { aliases: ['x'] })], maybe: [hit('two')] }));
    const [header, ...rows] = csv.split('\r\n');
    expect(header?.split(',')).toHaveLength(18);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toContain('"hit, under an alias",churn,3,x,"a ""b"", c\nd"');
    expect(rows[1]).toMatch(/^perhaps,,,,two,/);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '＝1'])('%j is no formula in a spreadsheet', (name) => {
    const csv = impactCsv(impact({ hits: [hit('r1', { run: { ...run, name } })] }));
    expect(csv).toContain(`,'${name}`);
  });

  test('where nothing is known there is the header alone', () => {
    expect(impactCsv(impact()).split('\r\n')).toHaveLength(2);
  });
});
