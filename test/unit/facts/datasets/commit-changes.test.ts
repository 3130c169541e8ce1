import { expect, test } from 'vitest';
import { datasetPaths } from '../../../../src/domain/paths/dataset-paths.js';
import { maxChanges, readCommitChanges } from '../../../../src/facts/datasets/commit-changes.js';
import { hasData } from '../../../../src/facts/datasets/commit-datasets.js';
import type { LakefsClient, LakefsCommit, LakefsDiffEntry } from '../../../../src/lakefs/types.js';

function commitWith(parents: readonly string[]): LakefsCommit {
  const rest = { committer: '', message: '', creation_date: 1, meta_range_id: '', metadata: {} };
  return { id: 'c', parents, ...rest };
}

/** A lakeFS whose commit holds these objects, all of them new; counts what is read. */
function lakefsWith(paths: readonly string[]) {
  const sorted = [...paths].sort();
  const asked = { listings: 0, entries: 0, calls: [] as string[] };
  async function* list(prefix = '', delimiter = ''): AsyncIterable<LakefsDiffEntry> {
    asked.listings += 1;
    let last = '';
    for (const path of sorted.filter((candidate) => candidate.startsWith(prefix))) {
      const cut = delimiter === '' ? -1 : path.indexOf(delimiter, prefix.length);
      const shown = cut < 0 ? path : path.slice(0, cut + 1);
      if (shown === last) continue;
      last = shown;
      asked.entries += 1;
      yield cut < 0
        ? { type: 'added', path, path_type: 'object', size_bytes: 1 }
        : { type: 'prefix_changed', path: shown, path_type: 'common_prefix' };
    }
  }
  const client: Partial<LakefsClient> = {
    diff: (_repository, left, right, options) => {
      asked.calls.push(`${left}..${right} ${options?.type}`);
      return list(options?.prefix, options?.delimiter);
    },
    objects: (_repository, ref, options) => {
      asked.calls.push(`list ${ref}`);
      return list(options?.prefix, options?.delimiter);
    },
  };
  return { client: client as LakefsClient, asked };
}

function many(directory: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${directory}part-${index}`);
}

async function pathsOf(paths: readonly string[]): Promise<string[]> {
  const { changes } = await readCommitChanges(lakefsWith(paths).client, 'r', commitWith(['p']));
  return datasetPaths(changes, { repository: 'r', rules: [] }).paths.map(({ path }) => path);
}

test('a commit is compared with its first parent, as the trees are', async () => {
  const { client, asked } = lakefsWith(['a/x']);
  const answer = await readCommitChanges(client, 'r', commitWith(['p', 'q']));
  expect(answer).toEqual({
    complete: true,
    changes: [{ type: 'added', path: 'a/x', path_type: 'object', size_bytes: 1 }],
  });
  expect(asked.calls).toEqual(['p..c two_dot']);
});

test('a commit without parents added all that it holds', async () => {
  const { client, asked } = lakefsWith(['a/x']);
  const answer = await readCommitChanges(client, 'r', commitWith([]));
  expect(answer.changes).toMatchObject([{ type: 'added', path: 'a/x', size_bytes: 1 }]);
  expect(asked.calls).toEqual(['list c']);
});

test('10,000 changes are read one by one, one more is not', async () => {
  const exactly = await readCommitChanges(lakefsWith(many('a/', maxChanges)).client, 'r', commitWith(['p']));
  expect([exactly.complete, exactly.changes.length]).toEqual([true, maxChanges]);
  const { client, asked } = lakefsWith(many('gold/train/', maxChanges * 3));
  const more = await readCommitChanges(client, 'r', commitWith(['p']));
  expect(more).toEqual({
    complete: false,
    changes: [{ type: 'prefix_changed', path: 'gold/train/', path_type: 'common_prefix' }],
  });
  expect(asked.entries).toBeLessThan(maxChanges + 20);
});

test('beyond that, prefixes are followed down to where objects, partitions or tables begin', async () => {
  const paths = [
    ...many('gold/train/', maxChanges),
    'raw/events/dt=2024-01-01/x',
    'lake/t/_delta_log/0.json',
    'lake/t/region/x',
    '_lakefs_actions/a.yaml',
  ];
  expect(await pathsOf(paths)).toEqual(['gold/train/', 'lake/t/', 'raw/events/']);
});

test('beyond that, too many neighbours stay their parent', async () => {
  const paths = Array.from({ length: maxChanges + 1 }, (_, index) => `images/d${index % 500}/x${index}`);
  expect(await pathsOf(paths)).toEqual(['images/']);
});

test('beyond that, an object at the root makes the root the dataset, but a README does not', async () => {
  expect(await pathsOf(['rows.csv', ...many('gold/', maxChanges)])).toEqual(['']);
  expect(await pathsOf(['README.md', ...many('gold/', maxChanges)])).toEqual(['gold/']);
});

test('what is left of a directory counts only where it is data', async () => {
  const { client } = lakefsWith(['gold/a/_SUCCESS', 'gold/b/_SUCCESS', 'gold/b/part-0']);
  expect(await hasData(client, 'r', 'c', 'gold/a/')).toBe(false);
  expect(await hasData(client, 'r', 'c', 'gold/b/')).toBe(true);
});
