import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { addressesOfSource, digestCoversContent } from '../../../src/domain/dataset-source.js';

interface Written {
  readonly source: string;
  readonly digest: string;
  readonly schema?: string;
  readonly profile?: string;
}

interface Recording {
  readonly name: string;
  readonly requests: readonly {
    readonly path: string;
    readonly body: { datasets?: { dataset: Written }[] } | null;
  }[];
}

const recordings: Recording[] = JSON.parse(
  readFileSync(new URL('../../data/mlflow/client-writes.json', import.meta.url), 'utf8'),
);

function written(name: string): Written[] {
  const recording = recordings.find((entry) => entry.name === name);
  return (recording?.requests ?? []).flatMap(({ body }) =>
    (body?.datasets ?? []).map(({ dataset }) => dataset),
  );
}

const commit = '3afddad4fef987b4919f5e82f16682c018f59ed2ff8a3f4a1f3d6b9b24f1f6f2';

describe('the sources that the Python client writes', () => {
  test.each([
    ['seed-flow-pandas', [`s3://repo/${commit}/data/train.csv`]],
    ['delta-path-meta', [`s3://repo/${commit}/gold/train_v2/`]],
    ['spark-path-meta', [`s3a://repo/${commit}/gold/train_v2/`]],
    [
      'http-meta',
      [`https://lakefs.example.com/api/v1/repositories/repo/refs/${commit}/objects?path=data/train.csv`],
    ],
    ['code-source', []],
    ['delta-table-name-meta', []],
  ])('%s', (name, addresses) => {
    const [first] = written(name);
    const found = addressesOfSource(first!.source).map((text) => decodeURIComponent(text));
    expect(found).toEqual(addresses);
  });

  test('huggingface-meta names its address in data_files', () => {
    const addresses = written('huggingface-meta').flatMap(({ source }) => addressesOfSource(source));
    expect(addresses).toEqual([`s3://repo/${commit}/data/train.parquet`]);
  });
});

test.each([
  ['s3://repo/main/a.csv', ['s3://repo/main/a.csv']],
  ['"s3://repo/main/a.csv"', ['s3://repo/main/a.csv']],
  ['not json', []],
  ['', []],
  ['null', []],
  ['[1]', []],
  ['{"uri":5,"path":{"a":1}}', []],
  ['{"uri":["s3://r/a","s3://r/a"]}', ['s3://r/a']],
  ['{"__proto__":{"uri":"s3://repo/main/a"}}', []],
])('the hand-made source %s', (source, addresses) => {
  expect(addressesOfSource(source)).toEqual(addresses);
});

describe('whether a digest covers all content', () => {
  const [pandas] = written('seed-flow-pandas');

  test('a small pandas frame of numbers and whole strings: yes', () => {
    expect(pandas).toBeDefined();
    expect(digestCoversContent({ schema: undefined, profile: undefined, ...pandas! })).toBe(true);
  });

  const schema = (type: string, required = true): string =>
    JSON.stringify({ mlflow_colspec: [{ type, name: 'x', required }] });
  const profile = (rows: number): string => JSON.stringify({ num_rows: rows, num_elements: rows });

  test.each([
    ['10,000 rows', { digest: 'e24a8c4a', schema: schema('long'), profile: profile(10_000) }, true],
    ['a date for a digest', { digest: '20260101', schema: schema('long'), profile: profile(5) }, false],
    ['a row more', { digest: 'e24a8c4a', schema: schema('long'), profile: profile(10_001) }, false],
    ['a date', { digest: 'e24a8c4a', schema: schema('datetime'), profile: profile(5) }, false],
    ['a boolean', { digest: 'e24a8c4a', schema: schema('boolean'), profile: profile(5) }, false],
    [
      'strings with gaps',
      { digest: 'e24a8c4a', schema: schema('string', false), profile: profile(5) },
      false,
    ],
    ['numbers with gaps', { digest: 'e24a8c4a', schema: schema('double', false), profile: profile(5) }, true],
    ['no schema', { digest: 'e24a8c4a', schema: undefined, profile: profile(5) }, false],
    ['no profile', { digest: 'e24a8c4a', schema: schema('long'), profile: undefined }, false],
    ['a broken profile', { digest: 'e24a8c4a', schema: schema('long'), profile: '{' }, false],
    ['a tensor', { digest: 'e24a8c4a', schema: '{"mlflow_tensorspec":{}}', profile: profile(5) }, false],
    [
      'a polars digest',
      { digest: '15523953006151772189', schema: schema('long'), profile: profile(5) },
      false,
    ],
  ])('%s', (_what, dataset, covers) => {
    expect(digestCoversContent(dataset)).toBe(covers);
  });
});
