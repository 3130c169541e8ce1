import { describe, expect, test } from 'vitest';
import { readDeltaStep } from '../../../../src/domain/status/delta-log.js';
import { recordedText } from '../../../support/lakefs/table-logs.js';

const action = (name: string, fields: object): string => JSON.stringify({ [name]: fields });
const add = (dataChange: unknown): string => action('add', { path: 'date=1%2F2/a%20b.parquet', dataChange });

describe("what deltalake 1.6.6 writes into a table's log", () => {
  test.each([
    ['optimize', '002.json', 'OPTIMIZE', false],
    ['append', '003.json', 'WRITE', true],
    ['z-order', '004.json', 'OPTIMIZE', false],
    ['properties', '005.json', 'SET TBLPROPERTIES', false],
    ['vacuum', '006.json', 'VACUUM START', false],
    ['vacuum', '007.json', 'VACUUM END', false],
    ['add column', '008.json', 'ADD COLUMN', true],
    ['delete', '009.json', 'DELETE', true],
  ])('%s (%s) is %s, and changes rows: %s', (step, name, operation, changesRows) => {
    expect(readDeltaStep(recordedText('delta', step, name))).toMatchObject({ operation, changesRows });
  });
});

test('files are named as they lie in the folder', () => {
  expect(readDeltaStep(add(false))).toEqual({
    ...{ operation: undefined, changesRows: false },
    ...{ added: ['date=1/2/a b.parquet'], removed: [] },
  });
});

test.each([
  ['a file that does not say it', add(undefined)],
  ['a file of which it is true', add(true)],
  ['rows that changed, kept beside', action('cdc', { path: 'a', dataChange: false })],
  ['another description by who knows what', action('metaData', { id: 'x' })],
])('%s: rows may have changed', (_, text) => {
  expect(readDeltaStep(text)?.changesRows).toBe(true);
});

test.each(['', '{', '[]', '{"add":{}}', '{"newKind":{}}', '{"add":{"path":"a"},"txn":{}}', 'null'])(
  'what is not understood says nothing: %s',
  (text) => expect(readDeltaStep(text)).toBeUndefined(),
);
