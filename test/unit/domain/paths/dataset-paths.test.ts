import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../../src/contract/limits.js';
import { type Change, datasetPaths } from '../../../../src/domain/paths/dataset-paths.js';
import { isNoData } from '../../../../src/domain/paths/no-data.js';

function added(path: string, size_bytes = 10): Change {
  return { type: 'added', path, path_type: 'object', size_bytes };
}

function removed(path: string): Change {
  return { type: 'removed', path, path_type: 'object' };
}

function pathsOf(changes: readonly Change[], rules: { path: string; name?: string }[] = []): string[] {
  const options = { repository: 'repo', rules: rules.map((rule) => ({ repository: '*', ...rule })) };
  return datasetPaths(changes, options).paths.map(({ path }) => path);
}

describe('directories', () => {
  test.each([
    ['gold/train_v2/part-0.parquet', 'gold/train_v2/'],
    ['rows.csv', ''],
    ['events/dt=2024-01-02/hour=3/x.json', 'events/'],
    ['logs/2024/01/02/x.json', 'logs/'],
    ['logs/2024-01-02/x.json', 'logs/'],
    ['logs/20240102/x.json', 'logs/'],
    ['logs/2024-01-02T10:00:00Z/x.json', 'logs/'],
    ['reports/2024-Q1/x.csv', 'reports/'],
    ['2024-01-02/x.csv', ''],
    ['models/v2024/x.csv', 'models/v2024/'],
    ['ids/20241399/x.csv', 'ids/20241399/'],
    ['images/1234/x.png', 'images/1234/'],
    ['größe/数据/x.csv', 'größe/数据/'],
  ])('%s lies in the dataset "%s"', (object, path) => {
    expect(pathsOf([added(object)])).toEqual([path]);
  });

  test('gold/train and gold/train_v2 are two datasets', () => {
    expect(pathsOf([added('gold/train/a'), added('gold/train_v2/a')])).toEqual([
      'gold/train/',
      'gold/train_v2/',
    ]);
  });
});

describe('tables', () => {
  test('a Delta table is one dataset, whatever its partitions', () => {
    const changes = [added('lake/t/_delta_log/00000.json'), added('lake/t/region/eu/p-0.parquet')];
    expect(pathsOf(changes)).toEqual(['lake/t/']);
  });

  test('an Iceberg table is one dataset, with its data and metadata', () => {
    const changes = [added('lake/t/metadata/v1.metadata.json'), added('lake/t/data/a/0.parquet')];
    expect(pathsOf(changes)).toEqual(['lake/t/']);
  });

  test('a directory that happens to be called metadata is no table', () => {
    expect(pathsOf([added('survey/metadata/codes.csv')])).toEqual(['survey/metadata/']);
  });

  test('a table at the root is the root', () => {
    expect(pathsOf([added('_delta_log/0.json'), added('a/b.parquet')])).toEqual(['']);
  });

  test('a table does not swallow its neighbour with the longer name', () => {
    const changes = [added('gold/train/_delta_log/0.json'), added('gold/train_v2/x.csv')];
    expect(pathsOf(changes)).toEqual(['gold/train/', 'gold/train_v2/']);
  });

  test('a root known from elsewhere counts', () => {
    const around = new Map([['lake/t/', ['_delta_log/']]]);
    const options = { repository: 'repo', rules: [], around };
    expect(datasetPaths([removed('lake/t/a/b/0.parquet')], options).paths[0]?.path).toBe('lake/t/');
  });
});

describe('rules', () => {
  test('a rule comes before tables and directories, and names the dataset', () => {
    const changes = [added('gold/train/_delta_log/0.json'), added('gold/train/x/y.parquet')];
    const options = { repository: 'repo', rules: [{ repository: 'repo', path: 'gold', name: 'gold layer' }] };
    expect(datasetPaths(changes, options).paths).toMatchObject([{ path: 'gold/', name: 'gold layer' }]);
  });

  test('a pattern takes the shortest directory that it matches', () => {
    expect(pathsOf([added('gold/a/b/c/x.csv')], [{ path: 'gold/*/' }])).toEqual(['gold/a/']);
  });

  test('a rule makes a dataset of documents, which are none by themselves', () => {
    const changes = [added('corpus/a.md'), added('corpus/sub/b.md'), added('corpus/_SUCCESS')];
    expect(pathsOf(changes)).toEqual([]);
    expect(pathsOf(changes, [{ path: 'corpus' }])).toEqual(['corpus/']);
  });

  test('a rule of another repository says nothing', () => {
    const options = { repository: 'repo', rules: [{ repository: 'other', path: 'gold' }] };
    expect(datasetPaths([added('gold/a/x.csv')], options).paths[0]?.path).toBe('gold/a/');
  });

  test.each([
    ['control characters', '\u0001/x', '\u0002/x'],
    [
      'a middle that is too long to show',
      `${'a'.repeat(600)}b${'c'.repeat(600)}/x`,
      `${'a'.repeat(600)}d${'c'.repeat(600)}/x`,
    ],
  ])('paths that differ only in %s are numbered', (_, first, second) => {
    const { paths } = datasetPaths([added(second), added(first)], { repository: 'repo', rules: [] });
    expect(paths.map(({ name }) => name.endsWith(' (2)'))).toEqual([false, true]);
    expect(new Set(paths.map(({ name }) => name)).size).toBe(2);
  });

  test('a name that two paths would share is made distinct, since MLflow keeps only the first', () => {
    const options = { repository: 'repo', rules: [{ repository: '*', path: 'gold/*', name: 'gold' }] };
    const { paths } = datasetPaths([added('gold/a/x'), added('gold/b/x')], options);
    expect(paths.map(({ name }) => name)).toEqual(['gold (gold/a/)', 'gold (gold/b/)']);
  });
});

describe('what is no data', () => {
  test.each([
    ['gold/train/'],
    ['gold/train/_SUCCESS'],
    ['gold/train/.part-0.parquet.crc'],
    ['_lakefs_actions/lakefs-mlflow.yaml'],
    ['_lakefs_actions/sub/x.yaml'],
    ['gold/train_$folder$'],
  ])('%s makes no path of its own', (object) => {
    expect(pathsOf([added(object)])).toEqual([]);
  });
});

describe('numbers', () => {
  test('each object counts in its own dataset only', () => {
    const changes: Change[] = [
      added('gold/notes.txt', 1),
      added('gold/train/a', 5),
      { ...added('gold/train/b', 7), type: 'changed' },
      removed('gold/train/c'),
    ];
    expect(datasetPaths(changes, { repository: 'repo', rules: [] }).paths).toEqual([
      {
        ...{ path: 'gold/', name: 'repo/gold', added: 1, changed: 0, removed: 0, bytes: 1, emptied: false },
        reason: 'folder of its objects',
      },
      {
        path: 'gold/train/',
        name: 'repo/gold/train',
        added: 1,
        changed: 1,
        removed: 1,
        bytes: 12,
        emptied: false,
        reason: 'folder of its objects',
      },
    ]);
  });

  test('where objects only went away, the changes do not tell whether any is left', () => {
    const { paths } = datasetPaths([removed('gold/x')], { repository: 'repo', rules: [] });
    expect(paths[0]?.emptied).toBeUndefined();
  });

  test('the root is called as the repository', () => {
    const { paths } = datasetPaths([added('x.csv')], { repository: 'repo', rules: [] });
    expect(paths[0]).toMatchObject({ path: '', name: 'repo' });
  });

  test('thirty neighbours become their parent, others stay', () => {
    const many = Array.from({ length: 30 }, (_, index) => added(`gold/d${index}/x`));
    expect(pathsOf([...many, added('raw/x')])).toEqual(['gold/', 'raw/']);
  });

  test('10,000 objects take no noticeable time', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => added(`gold/d${index % 500}/x${index}`));
    const start = performance.now();
    expect(pathsOf(many)).toEqual(['gold/']);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

const segment = fc.constantFrom('gold', 'train', 'train_v2', 'dt=1', '2024', '_delta_log', 'metadata', 'é');
const object = fc
  .tuple(fc.array(segment, { maxLength: 4 }), fc.constantFrom('a.csv', 'b', '_SUCCESS', ''))
  .map(([directories, name]) => [...directories, name].join('/'))
  .filter((path) => path !== '');
const change = fc.record({
  type: fc.constantFrom('added' as const, 'changed' as const, 'removed' as const),
  path: object,
  path_type: fc.constant('object' as const),
  size_bytes: fc.nat(),
});
const history = fc.uniqueArray(change, { selector: ({ path }) => path, maxLength: 40 });

describe('always', () => {
  test('every changed object lies under a path, unless it is no data, and no path is without objects', () => {
    fc.assert(
      fc.property(history, (changes) => {
        const paths = pathsOf(changes);
        const data = changes.map(({ path }) => path).filter((path) => !isNoData(path));
        for (const path of data) expect(paths.some((directory) => path.startsWith(directory))).toBe(true);
        for (const directory of paths) expect(data.some((path) => path.startsWith(directory))).toBe(true);
      }),
    );
  });

  test('the order of the changes does not matter, and each object counts once', () => {
    fc.assert(
      fc.property(
        history.chain((changes) =>
          fc.tuple(
            fc.constant(changes),
            fc.shuffledSubarray(changes, { minLength: changes.length, maxLength: changes.length }),
          ),
        ),
        ([changes, shuffled]) => {
          const options = { repository: 'repo', rules: [] };
          const { paths } = datasetPaths(changes, options);
          expect(datasetPaths(shuffled, options).paths).toEqual(paths);
          const counted = paths.reduce((sum, path) => sum + path.added + path.changed + path.removed, 0);
          expect(counted).toBe(changes.filter(({ path }) => !isNoData(path)).length);
          expect(paths.length).toBeLessThanOrEqual(limits.datasets);
        },
      ),
    );
  });

  test('a path is the root or ends in a slash', () => {
    fc.assert(
      fc.property(history, (changes) => {
        for (const path of pathsOf(changes)) expect(path === '' || /[^/]\/$/.test(path)).toBe(true);
      }),
    );
  });
});

test('an object whose name is longer than lakeFS allows is left out, and reported', () => {
  const decision = datasetPaths([added(`${'/'.repeat(1_000_000)}x`), added('gold/a.csv')], {
    repository: 'repo',
    rules: [{ repository: '*', path: '*/' }],
  });
  expect(decision.paths.map(({ path }) => path)).toEqual(['gold/']);
  expect(decision.leftOut.map(({ path }) => path.length)).toEqual([1_000_001]);
});
