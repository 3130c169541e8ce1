import { describe, expect, test } from 'vitest';
import { isDataOf, isHousekeeping } from '../../../../src/domain/status/housekeeping.js';

const version = '00000000000000000010';

describe('Housekeeping is recognised by its name', () => {
  test.each([
    `gold/t/_delta_log/${version}.checkpoint.parquet`,
    `gold/t/_delta_log/${version}.checkpoint.0000000001.0000000002.parquet`,
    `gold/t/_delta_log/${version}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json`,
    '_delta_log/_last_checkpoint',
    'gold/t/_delta_log/_sidecars/3a0d65cd-4056-49b8-937b-95f9e3ee90e5.parquet',
    `gold/t/_delta_log/${version}.crc`,
    `gold/t/_delta_log/.${version}.json.crc`,
    `gold/t/_delta_log/00000000000000000004.${version}.compacted.json`,
    'gold/_SUCCESS',
    'gold/_started_7046617436563284417',
    'gold/_committed_vacuum5570830163834416823',
    'gold/.part-0.parquet.crc',
    'gold/',
    'gold_$folder$',
  ])('%s', (object) => {
    expect(isHousekeeping(object)).toBe(true);
    expect(isDataOf(object, '')).toBe(false);
  });

  test.each([
    `gold/t/_delta_log/${version}.json`,
    'gold/t/part-0.parquet',
    'gold/sums.crc',
    'gold/x.checkpoint.parquet',
    'gold/_last_checkpoint',
    'gold/_metadata',
    'gold/_SUCCESS/part-0.csv',
    'gold/t/deletion_vector_61d16c75.bin',
    'my_delta_log/_last_checkpoint',
  ])('%s is none', (object) => {
    expect(isHousekeeping(object)).toBe(false);
    expect(isDataOf(object, '')).toBe(true);
  });
});

test('a path that names such an object itself means it, and a neighbour is no part of a path', () => {
  expect(isDataOf('gold/_SUCCESS', 'gold/_SUCCESS')).toBe(true);
  expect(isDataOf('gold/t_v2/x', 'gold/t')).toBe(false);
  expect(isDataOf('_lakefs_actions/a.yaml', '')).toBe(false);
});
