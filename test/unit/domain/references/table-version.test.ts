import { describe, expect, test } from 'vitest';
import { versionFlag } from '../../../../src/contract/flags.js';
import { referencesOf } from '../../../../src/domain/references/reference.js';
import { usualRules } from '../../../../src/domain/references/reference-rules.js';
import { recordOf, tableOf } from '../../../../src/domain/references/table-version.js';
import { versionOfSource } from '../../../../src/domain/references/table-version-keys.js';
import {
  isOverwritten,
  originOf,
  whyNotRead,
} from '../../../../src/domain/references/table-version-reading.js';
import recordings from '../../../data/mlflow/spark-writes.json' with { type: 'json' };
import { runView } from '../../../support/runs/run-views.js';

const uuid = '5d0f2a2e-7a53-4d0c-9f35-0c9b7e0f1a11';

function flagOf(source: string): string | undefined {
  const version = versionOfSource(source, usualRules);
  return version === undefined ? undefined : versionFlag(version);
}

describe('the version that a source records', () => {
  test.each([
    ['{"path": "s3a://r/main/t", "delta_table_version": 2}', 'delta version 2'],
    ['{"path": "s3a://r/main/t", "delta_table_version": "0"}', 'delta version 0'],
    ['{"path": "s3a://r/main/t"}', undefined],
    ['{"path": "s3a://r/main/t", "version": 2}', undefined],
    ['{"path": "s3a://r/main/t", "delta_table_version": "newest"}', undefined],
    ['{"path": "s3a://r/main/t", "delta_table_version": -1}', undefined],
    [
      '{"path": "s3://lake/main/t", "snapshot_id": 8924571099214534210}',
      'iceberg snapshot 8924571099214534210',
    ],
    [
      '{"path": "s3://lake/main/t", "snapshot-id": "3051729675574597004"}',
      'iceberg snapshot 3051729675574597004',
    ],
    ['{"path": "s3://lake/main/t", "parent_snapshot_id": 3051729675574597004}', undefined],
    ['s3://lake/main/t?delta_table_version=2', undefined],
  ])('%s: %s', (source, flag) => {
    expect(flagOf(source)).toBe(flag);
  });

  test.each([
    ['load_delta_newest', 'delta version 2'],
    ['load_delta_asked', 'delta version 1'],
    ['load_delta_asked_zero', 'delta version 0'],
    ['from_spark_delta', undefined],
    ['load_delta', undefined],
  ])('as Spark and MLflow wrote it: %s', (recording, flag) => {
    const source = recordings.find(({ name }) => name === recording)?.dataset?.source;
    expect(source).toBeDefined();
    expect(flagOf(source ?? '')).toBe(flag);
  });

  test('one megabyte of numbers takes no longer than it should', () => {
    const source = `{"delta_table_version": [${'1234567890123456789, '.repeat(50_000)}1]}`;
    const before = performance.now();
    expect(flagOf(source)).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe('versions that keys name', () => {
  const versionsIn = (params: Readonly<Record<string, string>>, tags: Record<string, string> = {}) =>
    referencesOf(runView({ params: new Map(Object.entries(params)), tags })).found.map(
      ({ address, version }) => `${address.path}: ${version === undefined ? 'none' : versionFlag(version)}`,
    );

  test('go to the only table, or to the one with the same purpose in its key', () => {
    expect(versionsIn({ data: 's3://lake/main/t', delta_version: '3' })).toEqual(['t: delta version 3']);
    expect(
      versionsIn({
        train_path: 's3://lake/main/t',
        test_path: 's3://lake/main/u',
        train_delta_version: '3',
        'test.deltaTableVersion': '5',
      }),
    ).toEqual(['t: delta version 3', 'u: delta version 5']);
    expect(
      versionsIn({ labels: 's3://lake/main/labels.csv', table: 's3://lake/main/t', table_version: '3' }),
    ).toEqual(['labels.csv: none', 't: delta version 3']);
  });

  test.each([
    [
      'another thing',
      { data: 's3://lake/main/t', version: '3', model_delta_version: '3', delta_version: 'v3' },
    ],
    ['two numbers', { data: 's3://lake/main/t', delta_version: '3', table_version: '4' }],
    ['one number for two tables', { a: 's3://lake/main/t', b: 's3://lake/main/u', delta_version: '3' }],
  ])('go to none where they may be of %s', (_why, params) => {
    expect(versionsIn(params).join()).not.toContain('delta');
  });

  test('are read in time that grows with their number', () => {
    const params = new Map<string, string>();
    for (let n = 0; n < 2_000; n += 1) params.set(`p${n}_delta_version`, String(n));
    for (let n = 0; n < 100; n += 1) params.set(`p${n}_path`, `s3://lake/main/t${n}`);
    const before = performance.now();
    expect(referencesOf(runView({ params })).found).toHaveLength(100);
    expect(performance.now() - before).toBeLessThan(500);
  });
});

test('a metadata file of Iceberg stands for its table, anything else for itself', () => {
  const at = (path: string) => tableOf({ repository: 'r', ref: 'main', path });
  const file = `00003-${uuid}.metadata.json`;
  expect(at(`lake/orders/metadata/${file}`)).toEqual({
    address: { repository: 'r', ref: 'main', path: 'lake/orders' },
    version: { kind: 'iceberg metadata', file },
  });
  expect(at('lake/orders/metadata/v7.metadata.json').address.path).toBe('lake/orders');
  for (const path of [`metadata/${file}`, 'lake/metadata/croissant.metadata.json', `lake/${file}`]) {
    expect(at(path)).toEqual({ address: { repository: 'r', ref: 'main', path } });
  }
});

test('a version is recorded where Delta and Iceberg say it is', () => {
  expect(recordOf({ kind: 'delta', version: '3' }, 'gold/t').key).toBe(
    'gold/t/_delta_log/00000000000000000003.json',
  );
  expect(recordOf({ kind: 'delta', version: '3' }, '').key).toBe('_delta_log/00000000000000000003.json');
  expect(recordOf({ kind: 'iceberg snapshot', id: '42' }, 'lake/o/').key).toBe('lake/o/metadata/snap-42-');
});

describe('where a version came from', () => {
  const state = (commit: string, checksum?: string, seconds = 5) => ({
    commit,
    object: checksum === undefined ? undefined : { checksum, seconds },
  });

  test('its record is one, also where it was removed and brought back', () => {
    const states = [state('d', 'x', 9), state('c'), state('b', 'x', 5)];
    expect(originOf('delta version 1', states)).toEqual({ kind: 'origin', commits: ['d', 'b'], seconds: 5 });
  });

  test('two records of one number, or none, tell nothing', () => {
    expect(originOf('delta version 1', [state('b', 'y'), state('a', 'x')])).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('more than once'),
    });
    expect(originOf('delta version 1', [state('a')])).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('in no commit'),
    });
  });
});

describe('what speaks against a reading', () => {
  const run = runView({ startTime: 1_000_000 });
  const first = (seconds: number, plain = true) => ({ id: 'b', parents: ['a'], seconds, plain });
  const why = (written: number, committed: number, own = true, plain = true): string | undefined =>
    whyNotRead(
      run,
      'delta version 1',
      { kind: 'origin', commits: ['b'], seconds: written },
      {
        first: first(committed, plain),
        own,
      },
    );

  test('nothing, where it was there when the run began, or staged and then taken along by a commit', () => {
    expect(why(900, 950)).toBeUndefined();
    expect(why(900, 1_950)).toBeUndefined();
  });

  test('it was written later, or came later by a merge or an import', () => {
    expect(why(1_001, 1_002)).toContain("after the run's start");
    expect(why(1_001, 900)).toContain("after the run's start");
    expect(why(900, 1_001, false)).toContain('reached the branch');
    expect(why(900, 1_001, true, false)).toContain('reached the branch');
  });

  test('the run has no start time', () => {
    const without = runView({ startTime: undefined });
    const origin = { kind: 'origin', commits: ['b'], seconds: 1 } as const;
    expect(whyNotRead(without, 'delta version 1', origin, { first: first(1), own: true })).toContain(
      'no start time',
    );
  });
});

test('data files and older records that were overwritten count, later versions, checkpoints and markers do not', () => {
  const version = { kind: 'delta', version: '3' } as const;
  const record = recordOf(version, 't');
  const log = (name: string) => `t/_delta_log/${name}`;
  const overwritten = (...keys: string[]) => isOverwritten(version, record, keys);
  expect(overwritten('t/part-0.parquet')).toBe(true);
  expect(overwritten('t/day=1/part-0.parquet')).toBe(true);
  expect(overwritten(log('00000000000000000002.json'))).toBe(true);
  expect(overwritten(log('00000000000000000004.json'), log('_last_checkpoint'), 't/_SUCCESS')).toBe(false);
  expect(overwritten('t/.part-0.parquet.crc', log('00000000000000000003.checkpoint.parquet'))).toBe(false);
});
