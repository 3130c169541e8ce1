import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsedTags } from '../../../../src/contract/links-tag.js';
import type { InputView, RunView } from '../../../../src/contract/run.js';
import { consumptionOf, planConsumption } from '../../../../src/domain/catalog/consumers.js';
import { type CatalogEntry, catalogEntry } from '../../../../src/domain/catalog/entry.js';
import { catalogExperiment, catalogName } from '../../../../src/domain/catalog/experiment.js';
import { type CatalogCommit, operationOf } from '../../../../src/domain/catalog/operation.js';
import { chooseCatalogRun, planCatalogRun } from '../../../../src/domain/catalog/plan.js';
import { isClean } from '../../../../src/domain/common/text.js';
import { type Change, datasetPaths } from '../../../../src/domain/paths/dataset-paths.js';

const id = 'ab12cd34ef56'.padEnd(64, '0');
const place = {
  installation: 'default',
  catalog: 'lakefs',
  repository: 'repo',
  lakefsUrl: 'http://lakefs',
  publicUrl: 'http://us',
};

function commitOf(changes: Partial<CatalogCommit> = {}): CatalogCommit {
  return {
    id,
    parents: ['1'.repeat(64)],
    committer: 'jane',
    message: 'Add rows',
    creation_date: 1_700_000_000,
    meta_range_id: 'f'.repeat(64),
    metadata: {},
    ...changes,
  };
}

const oneFile: readonly Change[] = [
  { type: 'added', path: 'gold/train_v2/a.csv', path_type: 'object', size_bytes: 1_234_567 },
];

function entryOf(
  commit: CatalogCommit,
  changes = oneFile,
  labels: { branch?: string } = { branch: 'main' },
): CatalogEntry {
  const { paths } = datasetPaths(changes, { repository: 'repo', rules: [] });
  return catalogEntry({ place, commit, branch: labels.branch, paths, emptied: [], changes, complete: true });
}

function runOf(tags: Record<string, string>, more: Partial<RunView> = {}): RunView {
  return {
    id: 'r1',
    experimentId: '1',
    active: true,
    terminal: false,
    startTime: 1,
    endTime: undefined,
    tags: parsedTags(Object.entries(tags)),
    inputs: [],
    params: new Map(),
    loggedModel: false,
    logsEpochs: false,
    loggedModels: [],
    ...more,
  };
}

describe('the operation is derived from the commit alone', () => {
  test.each<[string, Partial<CatalogCommit>]>([
    ['root', { parents: [] }],
    ['merge', { parents: ['a', 'b'], metadata: { '.lakefs.merge.strategy': 'default' } }],
    ['import-or-squash', { metadata: { '.lakefs.merge.strategy': 'source-wins' } }],
    ['cherry-pick', { metadata: { 'cherry-pick-origin': 'x', '.lakefs.merge.strategy': 'default' } }],
    ['commit', { metadata: { 'cherry-pick-origin': id } }],
    ['commit', {}],
  ])('%s', (operation, commit) => {
    expect(operationOf(commitOf(commit))).toBe(operation);
  });
});

describe('the experiment', () => {
  test('is named after the repository, and the installation where it is not the default one', () => {
    expect(catalogName(place)).toBe('lakefs/repo');
    expect(catalogName({ ...place, installation: 'eu', catalog: '/Shared/lakefs' })).toBe(
      '/Shared/lakefs/eu/repo',
    );
  });

  test('says what it is, in one line with links', () => {
    const tags = catalogExperiment(place, 5).tags;
    expect(tags.get('lakefs.kind')).toBe('catalog');
    expect(tags.get('lakefs.contract')).toBe('1');
    expect(tags.get('lakefs.repository_created')).toBe('5');
    expect(tags.get('mlflow.note.content')).toContain('](http://lakefs/repositories/repo)');
    expect(tags.get('mlflow.note.content')).not.toContain('\n');
  });
});

describe('the entry of a commit', () => {
  test('has the name, tags, metrics and input of the contract', () => {
    const entry = entryOf(commitOf());
    expect(entry.runName).toBe('main@ab12cd34ef56: Add rows');
    expect(entry.time).toBe(1_700_000_000_000);
    expect(Object.fromEntries(entry.tags)).toMatchObject({
      'lakefs.kind': 'commit',
      lakefs_repo: 'repo',
      lakefs_branch: 'main',
      lakefs_commit: id,
      'lakefs.operation': 'commit',
      'lakefs.parents': '1'.repeat(64),
      'lakefs.meta_range': 'f'.repeat(64),
      'lakefs.committer': 'jane',
      'lakefs.status': 'current',
    });
    expect(Object.fromEntries(entry.metrics)).toEqual({
      objects_added: 1,
      objects_changed: 0,
      objects_removed: 0,
      bytes: 1_234_567,
    });
    expect(entry.inputs).toEqual([
      {
        tags: [{ key: 'mlflow.data.context', value: 'candidate' }],
        dataset: {
          name: 'repo/gold/train_v2',
          digest: 'ab12cd34ef56',
          source_type: 's3',
          source: `{"uri":"s3://repo/${id}/gold/train_v2/"}`,
          profile: '{"added":1,"changed":0,"removed":0,"bytes":1234567}',
        },
      },
    ]);
  });

  test('names the root without a double slash', () => {
    const entry = entryOf(commitOf(), [{ type: 'added', path: 'x.csv', path_type: 'object' }]);
    expect(entry.inputs[0]?.dataset).toMatchObject({ name: 'repo', source: `{"uri":"s3://repo/${id}/"}` });
  });

  test('with an empty message, a committer who is nobody and no branch leaves these out', () => {
    const entry = entryOf(commitOf({ message: '', committer: '', parents: [], meta_range_id: '' }), [], {});
    expect(entry.runName).toBe('ab12cd34ef56');
    expect([...entry.tags.values()].every((value) => value !== '')).toBe(true);
    expect(entry.tags.get('mlflow.note.content')).toContain('(no message)');
    expect(entry.tags.has('lakefs_branch')).toBe(false);
  });

  test('has no numbers where there was too much to count', () => {
    const changes: Change[] = [{ type: 'prefix_changed', path: 'gold/', path_type: 'common_prefix' }];
    const { paths } = datasetPaths(changes, { repository: 'repo', rules: [] });
    const entry = catalogEntry({
      place,
      commit: commitOf(),
      branch: 'main',
      paths,
      changes,
      emptied: [],
      complete: false,
    });
    expect(entry.metrics.size).toBe(0);
    expect(entry.inputs[0]?.dataset.profile).toBe('{"objects":"too many to count"}');
  });

  test('whatever the texts, nothing is too long for MLflow and nothing is a control character', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constant('\u0000'),
      fc.constant('🎉'.repeat(5_000)),
      fc.constant('`'.repeat(5_000)),
    );
    const paths = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 500 }), {
      maxLength: 25,
    });
    fc.assert(
      fc.property(text, text, paths, fc.integer(), (message, committer, names, creation_date) => {
        const changes = names.map((name) => ({
          type: 'added' as const,
          path: `${name}/x`,
          path_type: 'object' as const,
        }));
        const entry = entryOf(commitOf({ message, committer, creation_date }), changes);
        expect(Array.from(entry.runName).length).toBeLessThanOrEqual(200);
        expect(isClean(entry.runName)).toBe(true);
        expect(entry.time).toBeGreaterThanOrEqual(0);
        for (const value of entry.tags.values()) {
          expect(Array.from(value).length).toBeLessThanOrEqual(8_000);
          expect(value).not.toContain('\u0000');
          expect(value.isWellFormed()).toBe(true);
        }
        for (const { dataset } of entry.inputs) {
          expect(Array.from(dataset.name).length).toBeLessThanOrEqual(500);
          expect(isClean(dataset.name)).toBe(true);
          expect(dataset.source).not.toContain('\u0000');
        }
        expect(new Set(entry.inputs.map(({ dataset }) => dataset.name)).size).toBe(entry.inputs.length);
      }),
      { numRuns: 60 },
    );
  });

  test('shows the links before anything else, since MLflow folds the note after four lines', () => {
    const note = entryOf(commitOf()).tags.get('mlflow.note.content') ?? '';
    expect(note.split('\n')[0]).toBe(
      `[Commit ab12cd34ef56 in lakeFS](http://lakefs/repositories/repo/commits/${id}) · [lakefs-mlflow](http://us/)`,
    );
    expect(note).toContain(`\ntags.lakefs_commit = '${id}'\n`);
  });

  test('mentions what is empty now, but not as a candidate', () => {
    const changes: Change[] = [{ type: 'removed', path: 'old/x', path_type: 'object' }];
    const { paths: emptied } = datasetPaths(changes, { repository: 'repo', rules: [] });
    const facts = { place, commit: commitOf(), branch: 'main', paths: [], emptied, changes, complete: true };
    const entry = catalogEntry(facts);
    expect(entry.tags.get('mlflow.note.content')).toContain('- `old/`: 1 removed, now empty');
    expect(entry.inputs).toEqual([]);
  });

  test('a message cannot put a link or a heading into the note', () => {
    const note = entryOf(commitOf({ message: '```\n# [click](http://evil)' })).tags.get(
      'mlflow.note.content',
    );
    expect(note).toContain('````\n```\n# [click](http://evil)\n````');
  });
});

describe('which run is the catalog run', () => {
  const commit = { 'lakefs.kind': 'commit' };

  test('of several the smallest id stays, the others are doubles', () => {
    const choice = chooseCatalogRun([runOf(commit, { id: 'b' }), runOf(commit, { id: 'a' })]);
    expect(choice.run?.id).toBe('a');
    expect(choice.doubles.map(({ id }) => id)).toEqual(['b']);
  });

  test('a run that a person deleted hides the commit', () => {
    expect(chooseCatalogRun([runOf(commit, { active: false })])).toMatchObject({
      run: undefined,
      hidden: true,
    });
  });

  test('a double that we deleted hides nothing', () => {
    const double = runOf({ 'lakefs.kind': 'double' }, { active: false });
    expect(chooseCatalogRun([double])).toEqual({ run: undefined, hidden: false, doubles: [] });
  });

  test('a double that was marked and not yet deleted is deleted', () => {
    const half = runOf({ 'lakefs.kind': 'double' }, { id: 'z' });
    expect(chooseCatalogRun([half]).doubles.map(({ id }) => id)).toEqual(['z']);
  });

  test("somebody's own run in the catalog experiment is left alone", () => {
    expect(chooseCatalogRun([runOf({ lakefs_commit: id })])).toEqual({
      run: undefined,
      hidden: false,
      doubles: [],
    });
  });
});

describe('what a catalog run lacks', () => {
  const entry = entryOf(commitOf());
  const complete = runOf(Object.fromEntries(entry.tags), {
    terminal: true,
    inputs: entry.inputs.map(({ dataset }) => shown(dataset.name, dataset.digest, dataset.source)),
  });
  const metrics = [...entry.metrics.keys()];

  function shown(name: string, digest: string, source: string): InputView {
    const rest = { sourceType: 's3', schema: undefined, profile: undefined, context: 'candidate' };
    return { name, digest, source, ...rest };
  }

  test('is nothing where it is complete', () => {
    const plan = planCatalogRun(entry, complete, metrics);
    expect([plan.tags.size, plan.metrics.size, plan.inputs.length, plan.finish]).toEqual([0, 0, 0, false]);
  });

  test('is all the rest where its maker crashed after the first call', () => {
    const plan = planCatalogRun(entry, runOf(Object.fromEntries(entry.tags)), []);
    expect(plan).toMatchObject({ inputs: entry.inputs, metrics: entry.metrics, finish: true });
    expect(plan.tags.size).toBe(0);
  });

  test('never includes a note, a branch or a status that is there', () => {
    const changed = new Map(complete.tags)
      .set('mlflow.note.content', 'mine')
      .set('lakefs_branch', 'dev')
      .set('lakefs.status', 'superseded');
    expect(planCatalogRun(entry, { ...complete, tags: parsedTags(changed) }, metrics).tags.size).toBe(0);
  });

  test('what was thought gone and is in lakeFS becomes current', () => {
    const gone = new Map(complete.tags).set('lakefs.status', 'gone');
    expect(
      Object.fromEntries(planCatalogRun(entry, { ...complete, tags: parsedTags(gone) }, metrics).tags),
    ).toEqual({
      'lakefs.status': 'current',
    });
  });

  test('another source under our name and digest calls for a digest that nobody else makes', () => {
    const other = shown('repo/gold/train_v2', 'ab12cd34ef56', '{"uri":"s3://other/x/"}');
    const [input] = planCatalogRun(entry, { ...complete, inputs: [other] }, metrics).inputs;
    expect(input?.dataset.digest).toBe(id.slice(0, 36));
    const both = [other, shown('repo/gold/train_v2', id.slice(0, 36), '{"uri":"s3://another/y/"}')];
    expect(planCatalogRun(entry, { ...complete, inputs: both }, metrics).inputs).toEqual([]);
  });
});

describe('consumers', () => {
  const key = { installation: 'default', repository: 'repo', commit: id };
  const hash = (path: string): string => `#${path}`;

  function linksOf(paths: readonly string[], more: object = {}): string {
    return JSON.stringify({
      links: paths.map((path) => ({
        ...{ installation: 'default', repository: 'repo', commit: id, ref: id, path },
        ...{ where: 'input', name: 'd', kind: 'exact', certain: true, flags: [] },
        ...more,
      })),
      wrote: {},
    });
  }

  test('are the runs whose tags name this repository and commit, each once', () => {
    const byGuide = runOf({ lakefs_repo: 'repo', lakefs_commit: id }, { id: 'a' });
    const byInput = runOf({ [`lakefs.input.repo.${id.slice(0, 12)}`]: id }, { id: 'b' });
    expect(consumptionOf([byGuide, byInput, byGuide], key).runs.map((run) => run.id)).toEqual(['a', 'b']);
  });

  test.each<[string, RunView]>([
    ['a catalog run', runOf({ lakefs_repo: 'repo', lakefs_commit: id, 'lakefs.kind': 'commit' })],
    ['a deleted run', runOf({ lakefs_repo: 'repo', lakefs_commit: id }, { active: false })],
    [
      'a run of another repository with the same commit id',
      runOf({ lakefs_repo: 'copy', lakefs_commit: id }),
    ],
    ['a run that is left alone', runOf({ lakefs_repo: 'repo', lakefs_commit: id, 'lakefs.ignore': 'true' })],
    ['a run that names no repository', runOf({ lakefs_commit: id })],
    [
      'a run of another installation with the same repository and commit',
      runOf({
        lakefs_repo: 'repo',
        lakefs_commit: id,
        'lakefs.links': linksOf(['x/'], { installation: 'eu' }),
      }),
    ],
  ])('%s is none', (_, run) => {
    expect(consumptionOf([run], key).runs).toEqual([]);
  });

  test('their paths are those of their links, except guesses and what MLflow cannot store', () => {
    const run = runOf({ 'lakefs.links': linksOf(['b/', 'a/x.csv', '', 'c\u0000/']) });
    const guess = runOf({ 'lakefs.links': linksOf(['d/'], { kind: 'inferred' }) }, { id: 'r2' });
    expect(consumptionOf([run, guess], key).paths).toEqual(['/', 'a/x.csv', 'b/']);
    const tagged = runOf({ 'lakefs.links': linksOf([''], { where: 'tag' }) });
    expect(consumptionOf([tagged], key).paths).toEqual([]);
  });

  test('give the catalog run five kinds of tags, and nothing where it has them', () => {
    const consumption = { runs: [runOf({})], paths: ['a/'] };
    const tags = planConsumption(new Map(), consumption, hash);
    expect(Object.fromEntries(tags)).toEqual({
      'lakefs.consumed': 'yes',
      'lakefs.consumed_status': 'current',
      'lakefs.consumers': '1',
      'lakefs.consumers_in': consumption.runs[0]!.experimentId,
      'lakefs.read.#a/': 'a/',
    });
    expect(planConsumption(tags, consumption, hash).size).toBe(0);
  });

  test.each<[string, string | undefined, readonly string[], boolean, string, string | undefined]>([
    ['none hidden', '7 8', ['7'], false, '1', '7'],
    ['some hidden', '7 8', ['7'], true, '3', undefined],
    ['some hidden, and new ones', '7 8', ['7', '9', '9', '9'], true, '4', '7 8 9'],
    ['some hidden in places that are not known', undefined, ['9'], true, '3', undefined],
    [
      'more places than a tag holds',
      undefined,
      Array.from({ length: 900 }, (_, n) => `${n}00000`),
      false,
      '900',
      '*',
    ],
  ])('are counted, with %s', (_case, places, experiments, hidden, count, written) => {
    const before = new Map([
      ['lakefs.consumers', '3'],
      ...(places === undefined ? [] : [['lakefs.consumers_in', places] as const]),
    ]);
    const runs = experiments.map((experimentId, n) => ({ ...runOf({}), id: `r${n}`, experimentId }));
    const planned = planConsumption(before, { runs, paths: [] }, hash, hidden);
    expect(planned.get('lakefs.consumers') ?? '3').toBe(count);
    expect(planned.get('lakefs.consumers_in')).toBe(written);
  });

  test('that are seen no more lower the number only', () => {
    const before = new Map([
      ['lakefs.consumed', 'yes'],
      ['lakefs.consumers', '1'],
    ]);
    expect(Object.fromEntries(planConsumption(before, { runs: [], paths: [] }, hash))).toEqual({
      'lakefs.consumers': '0',
    });
    expect(planConsumption(new Map(), { runs: [], paths: [] }, hash).size).toBe(0);
  });
});
