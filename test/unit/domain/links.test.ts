import { describe, expect, test } from 'vitest';
import { type Answers, decideLinks, type Question, questionKey } from '../../../src/domain/links.js';
import { looksLikeCommit, type Reference, referencesOf } from '../../../src/domain/reference.js';
import { commitA, commitB, inputView, runView } from '../../support/run-views.js';

const covered = {
  schema: '{"mlflow_colspec":[{"type":"long","name":"x","required":true}]}',
  profile: '{"num_rows":4,"num_elements":4}',
};

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

const never = (question: Question): boolean => {
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

test('a source whose digest covers all content is exact', () => {
  const run = runView({ inputs: [inputView(`s3://repo/${commitA}/gold/`, covered)] });
  expect(decide(run, never)).toMatchObject([{ kind: 'exact', certain: true }]);
});

describe('a source whose digest does not cover all content', () => {
  const run = runView({ inputs: [inputView(`s3://repo/${commitA}/gold/`)] });

  test.each([
    ['no other run can have written it first', true, 'exact'],
    ['another run may have come first', false, 'likely'],
  ] as const)('where %s', (_when, sole, kind) => {
    const links = decide(run, (question) => question.kind === 'sole' && sole);
    expect(links).toMatchObject([{ kind, certain: kind === 'exact' }]);
  });

  test('is likely, without a question, where a run has more of them than can be asked about', () => {
    const inputs = Array.from({ length: 51 }, (_, n) => inputView(`s3://repo/${commitA}/p${n}/`));
    expect(new Set(decide(runView({ inputs }), never).map(({ kind }) => kind))).toEqual(new Set(['likely']));
  });
});

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

test('a run that reads two commits and declares one of them is in order', () => {
  const run = runView({
    inputs: [
      inputView(`s3://repo/${commitA}/gold/`, { ...covered, name: 'train' }),
      inputView(`s3://repo/${commitB}/gold/`, { ...covered, name: 'test' }),
    ],
    tags: { lakefs_repo: 'repo', lakefs_commit: commitA },
  });
  expect(decide(run, () => false)).toMatchObject([
    { commit: commitA, kind: 'declared' },
    { commit: commitB, kind: 'exact' },
  ]);
});

test('two inputs of one commit and path are one link, and the strongest evidence stays', () => {
  const run = runView({
    inputs: [
      inputView(`s3://repo/${commitA}/gold/`, { name: 'weak' }),
      inputView(`s3://repo/${commitA}/gold/`, { name: 'strong', ...covered }),
    ],
  });
  expect(decide(run, () => false)).toMatchObject([{ kind: 'exact' }]);
});

test('a thousand inputs of as many paths are a thousand links', () => {
  const inputs = Array.from({ length: 1_000 }, (_, n) => inputView(`s3://repo/${commitA}/p${n}/`, covered));
  expect(decide(runView({ inputs }), never)).toHaveLength(1_000);
});

test('the links do not depend on the order in which MLflow answers with the inputs', () => {
  const address = `s3://repo/${commitA}/gold/`;
  const inputs = [
    inputView(address, { ...covered, context: 'training' }),
    inputView(address, { ...covered, context: 'validation' }),
    inputView(`s3://repo/${commitA.slice(0, 12)}/gold/`, { ...covered, context: 'validation' }),
  ];
  const linksOf = (order: typeof inputs) =>
    decideLinks(
      resolve(runView({ inputs: order })).map((entry) => ({ ...entry, commit: commitA })),
      [],
      new Map(),
    ).links;
  expect(linksOf([...inputs].reverse())).toEqual(linksOf(inputs));
});
