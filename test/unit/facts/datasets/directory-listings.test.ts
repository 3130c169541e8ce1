import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCommitDatasets } from '../../../../src/facts/datasets/commit-datasets.js';
import { createListingsReader } from '../../../../src/facts/datasets/directory-listings.js';
import { committedTrees } from '../../../support/lakefs/committed-trees.js';

const settings = { rules: [], layouts: [] };

/** The dataset paths of each commit, and how many listings each needed. */
async function history(trees: readonly (readonly string[])[], kept = true) {
  const { client, commits, asked } = committedTrees(trees);
  let listings = createListingsReader(client);
  const names: string[][] = [];
  const looks: number[] = [];
  for (const commit of commits) {
    if (!kept) listings = createListingsReader(client);
    const before = asked.length;
    const { paths, emptied } = await readCommitDatasets(
      client,
      { settings, facts: { listings } },
      'repo',
      commit,
    );
    names.push([...paths, ...emptied].map(({ path }) => path));
    looks.push(asked.length - before);
  }
  return { names, looks };
}

const iceberg = ['lake/orders/metadata/v1.metadata.json', 'lake/orders/data/0.parquet'];
const flowers = ['train/rose/1.jpg', 'train/tulip/1.jpg', 'val/rose/2.jpg'].map((one) => `flowers/${one}`);
const pets = ['pets/cat/1.jpg', 'pets/dog/1.jpg'];

describe('one file in a later commit belongs to the dataset of the earlier ones', () => {
  test.each<[string, readonly string[], string, string]>([
    ['a file of an Iceberg table', iceberg, 'lake/orders/data/1.parquet', 'lake/orders/'],
    ['a picture of a class of a split', flowers, 'flowers/train/rose/9.jpg', 'flowers/'],
    ['a picture of a class', pets, 'pets/cat/9.jpg', 'pets/'],
    ['a new class', pets, 'pets/bird/1.jpg', 'pets/'],
    ['a year beside years', ['sales/2024/a.csv', 'sales/2025/a.csv'], 'sales/2026/a.csv', 'sales/'],
    [
      'a title beside titles',
      ['library/1984/a.txt', 'library/ulysses/a.txt'],
      'library/1984/b.txt',
      'library/1984/',
    ],
    ['a chunk of a store', ['x/zarr.json', 'x/t/zarr.json', 'x/t/c/0'], 'x/t/c/1', 'x/'],
  ])('%s', async (_, before, added, path) => {
    const trees = [before, [...before, 'notes/a.csv'], [...before, 'notes/a.csv', added]];
    expect((await history(trees)).names[2]).toEqual([path]);
    expect((await history(trees, false)).names[2]).toEqual([path]);
  });

  test('the last file of a table that was dropped belongs to it, too', async () => {
    const { names } = await history([iceberg, ['a.csv']]);
    expect(names[1]).toEqual(['', 'lake/orders/']);
  });
});

test('a dataset of which a README is left is empty, unless a rule makes documents data', async () => {
  const { client, commits } = committedTrees([['gold/x/README.md', 'gold/x/a.csv'], ['gold/x/README.md']]);
  const sources = (rules: readonly { repository: string; path: string }[]) => ({
    settings: { rules, layouts: [] },
    facts: { listings: createListingsReader(client) },
  });
  const [, second] = commits;
  if (second === undefined) throw new Error('there are two commits');
  const { paths, emptied } = await readCommitDatasets(client, sources([]), 'repo', second);
  expect([paths.length, emptied.map(({ path }) => path)]).toEqual([0, ['gold/x/']]);
  const ruled = sources([{ repository: 'repo', path: 'gold/x' }]);
  expect((await readCommitDatasets(client, ruled, 'repo', second)).paths).toMatchObject([
    { path: 'gold/x/' },
  ]);
});

test('a commit of a usual dataset needs three more listings, and none where its parent was read', async () => {
  const [first, second] = ['gold/train/a.csv', 'gold/train/b.csv'];
  const { looks } = await history([[first], [first, second]], false);
  expect(looks).toEqual([1 + 3, 3]);
  const kept = await history([[first], [first, second], [first, second, 'gold/train/c.csv']]);
  expect(kept.looks).toEqual([1 + 3, 0, 0]);
});

test('no commit needs more than 16 listings', async () => {
  const files = Array.from({ length: 40 }, (_, index) => `a${index}/b/c/d.csv`);
  const { looks } = await history([['x.csv'], ['x.csv', ...files]], false);
  expect(looks[1]).toBeLessThanOrEqual(16);
});

/** Each with its own files; the first one proves it. */
const kinds: readonly ((root: string) => readonly string[])[] = [
  (root) => ['_delta_log/0.json', 'a/0.parquet', 'a/1.parquet', 'b=1/2.parquet'].map((one) => root + one),
  (root) => ['metadata/v1.metadata.json', 'data/0.parquet', 'data/1.parquet'].map((one) => root + one),
  (root) => ['zarr.json', 't/zarr.json', 't/c/0', 't/c/1'].map((one) => root + one),
  (root) =>
    ['dataset_dict.json', 'train/dataset_info.json', 'train/0.arrow', 'test/0.arrow'].map(
      (one) => root + one,
    ),
  (root) => ['.hoodie/hoodie.properties', 'eu/0.parquet', 'us/1.parquet'].map((one) => root + one),
  (root) => ['part-0.csv', 'part-1.csv', 'part-2.csv'].map((one) => root + one),
  (root) => ['dt-2026-01-01/0.json', 'dt-2026-01-02/0.json', 'dt-2026-01-02/1.json'].map((one) => root + one),
];

const scene = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.constantFrom('', 'lake/', 'gold/a/'), fc.constantFrom('x', 'y', 'z', 'w')), {
      minLength: 1,
      maxLength: 4,
      selector: ([shelf, name]) => shelf + name,
    }),
    fc.array(fc.nat(kinds.length - 1), { minLength: 4, maxLength: 4 }),
    fc.array(fc.nat(5), { minLength: 16, maxLength: 16 }),
  )
  .map(([places, which, commits]) => {
    let file = 0;
    return places.map(([shelf, name], index) => {
      const root = `${shelf}${name}/`;
      const files = (kinds[which[index] ?? 0] ?? (() => []))(root);
      return { root, files: files.map((path) => ({ path, commit: commits[file++ % 16] ?? 0 })) };
    });
  });

test('however its files are spread over commits, a dataset has one name from the commit on that shows what proves it', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async (datasets) => {
      const trees = [0, 1, 2, 3, 4, 5].map((commit) =>
        datasets.flatMap(({ files }) =>
          files.filter((file) => file.commit <= commit).map(({ path }) => path),
        ),
      );
      const { names } = await history(trees);
      expect((await history(trees, false)).names).toEqual(names);
      for (const { root, files } of datasets) {
        const shown = files[0]?.commit ?? 0;
        for (const { commit } of files) {
          if (commit < shown) continue;
          const own = names[commit]?.filter((name) => name.startsWith(root));
          expect(own).toEqual([root]);
        }
      }
    }),
    { numRuns: 300 },
  );
});
