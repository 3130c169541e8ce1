import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Flag } from '../../../../src/contract/flags.js';
import type { Link } from '../../../../src/contract/run.js';
import { decideLinks, withReadings } from '../../../../src/domain/links/links.js';
import { type Answers, type Question, questionKey } from '../../../../src/domain/links/questions.js';
import type { Reading, ReadReference } from '../../../../src/domain/links/readings.js';
import {
  looksLikeCommit,
  type Reference,
  referencesOf,
} from '../../../../src/domain/references/reference.js';
import { commitA, commitB, inputView, link, runView } from '../../../support/runs/run-views.js';

function resolve(run: ReturnType<typeof runView>) {
  return pinned(referencesOf(run).found).map((reference) => ({
    reference,
    installation: 'default',
    commit: reference.address.ref,
  }));
}

function pinned(references: readonly Reference[]): readonly Reference[] {
  return references.filter(({ address }) => looksLikeCommit(address.ref));
}

function unpinnedOf(run: ReturnType<typeof runView>) {
  const { found } = referencesOf(run);
  return found
    .filter((reference) => !pinned(found).includes(reference))
    .map((reference) => ({ reference, installation: 'default' }));
}

/** Decides with every question answered by `say`, as the reading side does. */
function decide(run: ReturnType<typeof runView>, say: (question: Question) => boolean) {
  let answers: Answers = new Map();
  for (let round = 0; round < 5; round += 1) {
    const { links, open } = decideLinks(resolve(run), unpinnedOf(run), answers);
    if (open.length === 0)
      return links.map(({ commit, path, kind, certain, flags }) => ({ commit, path, kind, certain, flags }));
    answers = new Map([
      ...answers,
      ...open.map((question) => [questionKey(question), say(question)] as const),
    ]);
  }
  throw new Error('the questions do not end');
}

/** Says that all is there, and is asked nothing else. */
const never = (question: Question): boolean => {
  if (question.kind === 'holds') return true;
  throw new Error(`asked ${questionKey(question)}`);
};

test('a tag alone declares the commit, without a path', () => {
  const run = runView({ tags: { lakefs_repo: 'repo', lakefs_commit: commitA } });
  expect(decide(run, never)).toEqual([
    { commit: commitA, path: '', kind: 'declared', certain: true, flags: [] },
  ]);
});

test('a source that names the declared commit is declared, and adds no second link', () => {
  const run = runView({
    inputs: [inputView(`s3://repo/${commitA}/gold/`)],
    tags: { lakefs_repo: 'repo', lakefs_commit: commitA },
  });
  expect(decide(run, never)).toEqual([
    { commit: commitA, path: 'gold/', kind: 'declared', certain: true, flags: [] },
  ]);
});

describe('a source that names a commit', () => {
  const address = `s3://repo/${commitA}/gold/`;

  /** What is decided where the path is the same everywhere, or nobody else wrote the dataset. */
  const where = (same: boolean, sole: boolean) => (question: Question) =>
    question.kind === 'holds' || (question.kind === 'unchanged' ? same : sole);

  test.each([
    ['the path was never changed', true, false, 'exact'],
    ['no other run can have written the dataset', false, true, 'exact'],
    ['the path was changed, and another run may have come first', false, false, 'likely'],
  ] as const)('where %s', (_when, same, sole, kind) => {
    // MLflow's digest covers all of this frame; which file that came from it does not say.
    const schema = '{"mlflow_colspec":[{"type":"long","name":"x","required":true}]}';
    const profile = '{"num_rows":4,"num_elements":4}';
    const run = runView({ inputs: [inputView(address, { schema, profile })] });
    expect(decide(run, where(same, sole))).toMatchObject([{ kind, certain: kind === 'exact' }]);
  });

  test.each([
    ['its name', { name: `train@${commitA.slice(0, 7)}` }],
    ['its name, among other words', { name: `Train v2 (${commitA.slice(0, 12).toUpperCase()}), cleaned` }],
    ['its digest', { digest: commitA.slice(0, 36) }],
  ])('is exact, without a question, where %s carries the commit', (_where, parts) => {
    expect(decide(runView({ inputs: [inputView(address, parts)] }), never)).toMatchObject([
      { kind: 'exact', certain: true },
    ]);
  });

  test.each([
    ['too few digits', `train@${commitA.slice(0, 6)}`],
    ['the digits of another commit', `train@${commitA.slice(0, 7)}b`],
    ['the digits within a longer word of them', `train@0${commitA.slice(0, 12)}`],
  ])('is not where its name carries %s', (_what, name) => {
    const run = runView({ inputs: [inputView(address, { name })] });
    expect(decide(run, where(false, false))).toMatchObject([{ kind: 'likely', certain: false }]);
  });

  test('a run of more than 20 paths asks for other writers only, and of more than 1,000 datasets nothing', () => {
    const inputs = (count: number) =>
      Array.from({ length: count }, (_, n) =>
        inputView(`s3://repo/${commitA}/p${n}/`, { name: `data-${n}` }),
      );
    const kinds = (count: number) =>
      new Set(
        decide(runView({ inputs: inputs(count) }), (question) => {
          expect(question.kind).not.toBe('unchanged');
          return true;
        }).map(({ kind }) => kind),
      );
    expect(kinds(1_000)).toEqual(new Set(['exact']));
    expect(kinds(1_001)).toEqual(new Set(['likely']));
  });

  test('is one question where one dataset names many files', () => {
    const files = Array.from({ length: 200 }, (_, n) => `s3://repo/${commitA}/p${n}.csv`);
    const input = inputView('', { source: JSON.stringify({ path: 'csv', data_files: files }) });
    const asked = new Set<string>();
    const links = decide(runView({ inputs: [input] }), (question) => {
      if (question.kind !== 'holds') asked.add(questionKey(question));
      return true;
    });
    expect(asked.size).toBe(1);
    expect(new Set(links.map(({ kind }) => kind))).toEqual(new Set(['exact']));
    expect(links).toHaveLength(200);
  });
});

test.each([
  ['exact', {}],
  ['declared', { tags: { lakefs_repo: 'repo', lakefs_commit: commitA } }],
] as const)(
  'a link (%s) whose commit holds nothing at its path says so, and is not certain',
  (kind, parts) => {
    const run = runView({ inputs: [inputView(`s3://repo/${commitA}/gold/`)], ...parts });
    expect(decide(run, ({ kind: asked }) => asked === 'sole')).toEqual([
      { commit: commitA, path: 'gold/', kind, certain: false, flags: ['nothing at the path'] },
    ]);
  },
);

describe('an address with a branch', () => {
  const declared = { lakefs_repo: 'repo', lakefs_head_commit_id: commitA };
  const inputs = [inputView('s3://repo/main/gold/')];

  test('is read at the commit that the run declares', () => {
    const links = decide(runView({ inputs, tags: declared }), (question) => question.kind === 'holds');
    expect(links).toEqual([
      { commit: commitA, path: 'gold/', kind: 'declared', certain: true, flags: ['source names main'] },
    ]);
  });

  test('is not where that commit does not hold the path', () => {
    const links = decide(runView({ inputs, tags: declared }), () => false);
    expect(links).toMatchObject([{ commit: commitA, path: '', kind: 'declared' }]);
  });

  test('names no commit where the run declares none', () => {
    expect(decide(runView({ inputs }), never)).toEqual([]);
  });
});

describe('a source that names another commit than the run declares', () => {
  const run = runView({
    inputs: [inputView(`s3://repo/${commitA}/gold/`)],
    tags: { lakefs_repo: 'repo', lakefs_commit: commitB },
  });

  test('is the declared commit where the bytes are equal', () => {
    expect(decide(run, () => true)).toEqual([
      {
        commit: commitB,
        path: 'gold/',
        kind: 'declared',
        certain: true,
        flags: ['source names aaaaaaaaaaaa'],
      },
    ]);
  });

  test('stays beside it as a conflict where they differ', () => {
    expect(decide(run, () => false)).toMatchObject([
      { commit: commitA, path: 'gold/', kind: 'conflict', certain: false },
      { commit: commitB, path: '', kind: 'conflict', certain: false },
    ]);
  });
});

/** Every path is there and was changed, and no other run has written these datasets. */
const soleWriter = (question: Question): boolean => question.kind === 'holds' || question.kind === 'sole';

test('a run that reads two commits and declares one of them is in order', () => {
  const run = runView({
    inputs: [
      inputView(`s3://repo/${commitA}/gold/`, { name: 'train' }),
      inputView(`s3://repo/${commitB}/gold/`, { name: 'test' }),
    ],
    tags: { lakefs_repo: 'repo', lakefs_commit: commitA },
  });
  expect(decide(run, soleWriter)).toMatchObject([
    { commit: commitA, kind: 'declared' },
    { commit: commitB, kind: 'exact' },
  ]);
});

test('two inputs of one commit and path are one link, and the strongest evidence stays', () => {
  const run = runView({
    inputs: [
      inputView(`s3://repo/${commitA}/gold/`, { name: 'weak' }),
      inputView(`s3://repo/${commitA}/gold/`, { name: 'strong' }),
    ],
  });
  const says = (question: Question): boolean =>
    question.kind === 'holds' || (question.kind === 'sole' && question.name === 'strong');
  expect(decide(run, says)).toMatchObject([{ kind: 'exact' }]);
});

test('a thousand inputs of as many paths are a thousand links', () => {
  const inputs = Array.from({ length: 1_000 }, (_, n) => inputView(`s3://repo/${commitA}/p${n}/`));
  expect(decide(runView({ inputs }), soleWriter)).toHaveLength(1_000);
});

test('the links do not depend on the order in which MLflow answers with the inputs', () => {
  const address = `s3://repo/${commitA}/gold/`;
  const inputs = [
    inputView(address, { context: 'training' }),
    inputView(address, { context: 'validation' }),
    inputView(`s3://repo/${commitA.slice(0, 12)}/gold/`, { context: 'validation' }),
  ];
  const linksOf = (order: typeof inputs) =>
    decideLinks(
      resolve(runView({ inputs: order })).map((entry) => ({ ...entry, commit: commitA })),
      [],
      new Map(),
    ).links;
  expect(linksOf([...inputs].reverse())).toEqual(linksOf(inputs));
});

describe('what tags, params and parents name', () => {
  const tags = { lakefs_repo: 'repo', lakefs_commit: commitA };
  const params = (entries: Record<string, string>) => new Map(Object.entries(entries));
  const input = inputView(`s3://repo/${commitB}/gold/x.csv`);
  const equal = () => true;
  const unequal = (question: Question) => question.kind === 'holds';

  test('an address in a param is declared, beside the commit of a tag that says another', () => {
    const run = runView({ params: params({ data: `s3://repo/${commitB}/gold/` }) });
    expect(decide(run, never)).toMatchObject([{ commit: commitB, path: 'gold/', kind: 'declared' }]);
    const both = runView({ tags, params: params({ data: `s3://repo/${commitB}/gold/` }) });
    expect(decide(both, unequal)).toMatchObject([
      { commit: commitA, path: '', kind: 'conflict' },
      { commit: commitB, path: 'gold/', kind: 'conflict' },
    ]);
    expect(decide(both, equal)).toMatchObject([
      { commit: commitA, path: 'gold/', kind: 'declared', flags: ['source names bbbbbbbbbbbb'] },
    ]);
  });

  test('an address in a param speaks about its own path only', () => {
    const run = runView({ params: params({ test: `s3://repo/${commitA}/silver/` }), inputs: [input] });
    expect(decide(run, soleWriter)).toMatchObject([
      { commit: commitA, path: 'silver/', kind: 'declared' },
      { commit: commitB, path: 'gold/x.csv', kind: 'exact' },
    ]);
  });

  test('an address in a param and a source that names another commit of the same data contradict', () => {
    const run = runView({ params: params({ data: `s3://repo/${commitA}/gold/` }), inputs: [input] });
    expect(decide(run, unequal)).toMatchObject([
      { commit: commitA, path: 'gold/', kind: 'conflict' },
      { commit: commitB, path: 'gold/x.csv', kind: 'conflict' },
    ]);
    expect(decide(run, equal)).toMatchObject([
      { commit: commitA, path: 'gold/', kind: 'declared' },
      { commit: commitA, path: 'gold/x.csv', kind: 'declared' },
    ]);
  });

  test('a run may compare two versions of one path', () => {
    const run = runView({
      params: params({ old: `s3://repo/${commitA}/gold/`, new: `s3://repo/${commitB}/gold/` }),
    });
    expect(decide(run, never)).toMatchObject([{ kind: 'declared' }, { kind: 'declared' }]);
  });

  test('a tag and a param that declare two commits of other data contradict', () => {
    const run = runView({ tags, params: params({ lakefs_repo: 'repo', lakefs_commit: commitB }) });
    expect(decide(run, unequal)).toMatchObject([{ kind: 'conflict' }, { kind: 'conflict' }]);
    expect(decide(run, equal)).toMatchObject([{ kind: 'declared' }, { kind: 'declared' }]);
  });

  test('a branch is read at what was declared for its path, and at neither surely where two differ', () => {
    const branch = inputView('s3://repo/main/gold/x.csv');
    const narrow = runView({ inputs: [branch], params: params({ a: `s3://repo/${commitA}/silver/` }) });
    expect(decide(narrow, never)).toMatchObject([{ commit: commitA, path: 'silver/' }]);
    const fitting = runView({ inputs: [branch], params: params({ a: `s3://repo/${commitA}/gold/` }) });
    expect(decide(fitting, equal)).toMatchObject([
      { path: 'gold/', kind: 'declared' },
      { commit: commitA, path: 'gold/x.csv', kind: 'declared', flags: ['source names main'] },
    ]);
    const two = runView({
      inputs: [branch],
      params: params({ a: `s3://repo/${commitA}/gold/`, b: `s3://repo/${commitB}/gold/` }),
    });
    expect(decide(two, unequal).filter(({ path }) => path === 'gold/x.csv')).toMatchObject([
      { commit: commitA, kind: 'conflict', certain: false },
      { commit: commitB, kind: 'conflict', certain: false },
    ]);
  });
});

describe('what branches and tags came to', () => {
  const readingOf = (reading: Reading, address = 's3://repo/v1/gold/', settled = false) => {
    const [reference] = referencesOf(runView({ inputs: [inputView(address)] })).found;
    return [{ reference: reference!, installation: 'default', reading, settled }];
  };

  /** All links, where every question is answered so. */
  const withAll = (known: readonly Link[], readings: readonly ReadReference[], own = true) => {
    const { open } = withReadings(known, readings, new Map());
    return withReadings(known, readings, new Map(open.map((question) => [questionKey(question), own]))).links;
  };

  test.each([
    ['resolved', [], true],
    ['resolved', ['tag moved'], false],
    ['inferred', [], false],
    ['ambiguous', ['path changed'], false],
  ] as const)('%s %j is certain: %s', (kind, flags, certain) => {
    const links = withAll([], readingOf({ kind, commit: commitA, flags }));
    expect(links).toMatchObject([{ commit: commitA, ref: 'v1', path: 'gold/', kind, certain, flags }]);
  });

  test.each(['resolved', 'inferred'] as const)('%s says so where the source may be another run’s', (kind) => {
    const reading = { kind, commit: commitA, flags: [] };
    for (const same of [false, true]) {
      const answers = new Map(
        (['unchanged', 'sole'] as const).map((what) => [
          questionKey(
            what === 'sole'
              ? { kind: what, name: 'train', digest: 'e24a8c4a' }
              : {
                  ...{
                    kind: what,
                    installation: 'default',
                    repository: 'repo',
                    commit: commitA,
                    path: 'gold/',
                  },
                },
          ),
          same,
        ]),
      );
      const { links, open } = withReadings([], readingOf(reading), answers);
      expect(open).toEqual([]);
      const flags = same ? [] : ['shared source'];
      expect(links).toMatchObject([{ kind, certain: kind === 'resolved' && same, flags }]);
    }
  });

  test('of what was settled earlier nothing is asked', () => {
    const flags: readonly Flag[] = ['shared source', 'until 2026-01-01T00:00:00.000Z'];
    const readings = readingOf({ kind: 'inferred', commit: commitA, flags }, undefined, true);
    expect(withReadings([], readings, new Map())).toMatchObject({ links: [{ flags }], open: [] });
  });

  test('what came to nothing makes no link', () => {
    expect(withAll([], readingOf({ kind: 'none', reason: 'x' }))).toEqual([]);
  });

  test('a branch without a path says no more than a dataset that names its commit', () => {
    const known = [link({ kind: 'exact' })];
    const readings = readingOf({ kind: 'inferred', commit: commitA, flags: [] }, 's3://repo/v1');
    expect(withAll(known, readings)).toEqual(known);
  });

  test('a tag stays beside a dataset that names its commit, because it may be moved, but is said once', () => {
    const readings = readingOf({ kind: 'resolved', commit: commitA, flags: [] }, 's3://repo/v1');
    expect(withAll([link({ kind: 'exact' })], readings)).toHaveLength(2);
    const known = [link({ kind: 'resolved', ref: 'v1' })];
    expect(withAll(known, readings)).toEqual(known);
  });
});

/** Runs that name two commits and a branch in up to five ways. */
const ways = fc.array(
  fc.record({
    commit: fc.constantFrom(commitA, commitB, 'main'),
    path: fc.constantFrom('', 'gold/', 'gold/x.csv', 'silver/'),
    how: fc.constantFrom('input', 'named', 'param', 'tag'),
  }),
  { maxLength: 5 },
);

test('whatever a run says in whatever order gives the same links, and a branch alone is never certain', () => {
  fc.assert(
    fc.property(ways, fc.boolean(), fc.boolean(), (said, same, sole) => {
      const runOf = (order: typeof said) =>
        runView({
          inputs: order.flatMap(({ how, commit, path }, n) =>
            how === 'input' || how === 'named'
              ? [
                  inputView(`s3://repo/${commit}/${path}`, {
                    name: how === 'named' ? `${n % 2} ${commit}` : `${n % 2}`,
                  }),
                ]
              : [],
          ),
          params: new Map(
            order.flatMap(({ how, commit, path }) =>
              how === 'param'
                ? [
                    [
                      `data${said.findIndex((one) => one.path === path && one.commit === commit)}`,
                      `s3://repo/${commit}/${path}`,
                    ],
                  ]
                : [],
            ),
          ),
          tags: Object.fromEntries(
            order.flatMap(({ how, commit, path }) =>
              how === 'tag'
                ? [
                    [
                      `t${said.findIndex((one) => one.path === path && one.commit === commit)}`,
                      `s3://repo/${commit}/${path}`,
                    ],
                  ]
                : [],
            ),
          ),
        });
      const say = (question: Question): boolean =>
        question.kind === 'sole' ? sole : question.kind === 'holds' || same;
      const links = decide(runOf(said), say);
      const places = (found: typeof links) => found.map(({ commit, path, kind }) => [commit, path, kind]);
      // Names of inputs follow their order, so only what was read is compared.
      expect(places(decide(runOf([...said].reverse()), say))).toEqual(places(links));
      for (const { commit, certain } of links) {
        if (certain) expect([commitA, commitB]).toContain(commit);
      }
    }),
    { numRuns: 500 },
  );
});
