import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  addressesOfSource,
  sourceWithoutAddress,
} from '../../../../src/domain/references/input-references.js';

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
  readFileSync(new URL('../../../data/mlflow/client-writes.json', import.meta.url), 'utf8'),
);

const spark: readonly { readonly name: string; readonly dataset?: { readonly source: string } }[] =
  JSON.parse(readFileSync(new URL('../../../data/mlflow/spark-writes.json', import.meta.url), 'utf8'));

function written(name: string): Written[] {
  const recording = recordings.find((entry) => entry.name === name);
  return (recording?.requests ?? []).flatMap(({ body }) =>
    (body?.datasets ?? []).map(({ dataset }) => dataset),
  );
}

const commit = '3afddad4fef987b4919f5e82f16682c018f59ed2ff8a3f4a1f3d6b9b24f1f6f2';

describe('every source that was recorded from the Python and Spark clients', () => {
  const other = '9c1b2f7e5d40a8e36b7719c2d4f0ab58e2c36d1794fa0be8c5d7261f3e904a1b';
  const api = `https://lakefs.example.com/api/v1/repositories/repo/refs/${commit}/objects?path=data%2Ftrain.csv`;
  const train = `s3://repo/${commit}/data/train.csv`;
  const table = `gold/train_v2/`;
  const expected: Readonly<Record<string, readonly (string | undefined)[]>> = {
    'seed-flow-pandas': [train],
    'seed-flow-pandas-default-name': [train],
    'from-pandas-same-data-other-commit': [`s3://repo/${other}/data/train.csv`],
    'from-pandas-targets-predictions': ['s3://repo/main/data/eval.parquet'],
    'log-input-with-tags': [train],
    'log-input-no-context': [train],
    'from-numpy': [`s3://repo/${commit}/arrays/x.npy`],
    'from-polars': [`s3://repo/${commit}/data/train.parquet`],
    'meta-dataset-s3': [`s3://repo/${commit}/images/`],
    'delta-path-meta': [`s3://repo/${commit}/${table}`, `s3a://repo/${commit}/${table}`],
    'delta-table-name-meta': [undefined],
    'spark-path-meta': [`s3a://repo/${commit}/${table}`, undefined, undefined],
    'huggingface-meta': [undefined, `s3://repo/${commit}/data/train.parquet`],
    'http-meta': [api, api],
    'code-source': [undefined],
    'local-source': [undefined],
    'source-scheme-gs': ['gs://repo/main/a.csv'],
    'source-scheme-abfss': ['abfss://c@acct.dfs.core.windows.net/a.csv'],
    'source-scheme-hdfs': ['hdfs://nn/repo/a.csv'],
    'set-tags-older-guide': ['s3://repo/main/data/train.csv'],
    'nested-run': [`s3://repo/${commit}/data/fold1.csv`],
    'client-log-inputs-two': [`s3://repo/${commit}/data/a.csv`, `s3://repo/${commit}/data/b.csv`],
    'mlflow-log-inputs': [`s3://repo/${commit}/data/a.csv`, `s3://repo/${commit}/data/b.csv`],
    'log-model-registered': [train],
    'log-metric-with-dataset-and-model': [train],
    'autolog-sklearn': [undefined],
    'autolog-sklearn-explicit-dataset': [train, undefined],
    'client-2.22.5-seed-flow': [train],
    'client-3.9.0-seed-flow': [train],
  };

  test('none of them is left out here', () => {
    const names = recordings.map(({ name }) => name).filter((name) => written(name).length > 0);
    expect(Object.keys(expected).sort()).toEqual([...new Set(names)].sort());
  });

  test.each(Object.entries(expected))('%s', (name, addresses) => {
    expect(written(name).map(({ source }) => addressesOfSource(source)[0])).toEqual(addresses);
    for (const { source } of written(name)) expect(addressesOfSource(source).length).toBeLessThan(2);
  });

  test.each([
    ['load_delta', 's3'],
    ['from_spark_path', 's3'],
    ['from_spark_without_source', undefined],
  ])('Spark: %s', (name, scheme) => {
    const { source } = spark.find((entry) => entry.name === name)?.dataset ?? { source: 'missing' };
    const table = '6a9f2a67edd726cdac99fea131f7a1931d6a7fd42656ba4944c4c027f05e1c29/gold/train_v2/';
    expect(addressesOfSource(source)).toEqual(
      scheme === undefined ? [] : [`${scheme}://mlflow-tracking/${table}`],
    );
  });
});

const a = 's3://repo/main/a';
const b = 's3://repo/main/b';

test.each([
  [a, [a]],
  [` ${a}\n`, [a]],
  [`"${a}"`, [a]],
  ['s3:/repo/main/a', ['s3:/repo/main/a']],
  ['not json', []],
  ['', []],
  ['null', []],
  ['[1]', []],
  [`["${a}", "${b}", 3]`, [a, b]],
  ['{"uri":5,"path":{"a":1}}', []],
  [`{"uri":["${a}","${a}"]}`, [a]],
  [`{"uri":" ${a} "}`, [a]],
  [`{"__proto__":{"uri":"${a}"}}`, [a]],
  [`{"path":"csv","data_dir":"${a}","data_files":null}`, [a]],
  [`{"path":"parquet","data_files":"${a}"}`, [a]],
  [`{"path":"parquet","data_files":["${a}","${b}"]}`, [a, b]],
  [`{"path":"parquet","data_files":{"train":["${a}"],"test":"${b}","valid":null}}`, [a, b]],
  [`{"sql":"SELECT * FROM delta.\`${a}\` JOIN parquet.\`${b}\` USING (id)"}`, [a, b]],
  [`{"sql":"SELECT '${a}' AS source FROM gold.train"}`, []],
  [`{"table_name":"delta.\`${a}\`"}`, [a]],
  [`{"table_name":"repo.main.gold"}`, []],
  ['{"dataset_id":"d-1"}', []],
  ['{"path":"/Volumes/a/b/c"}', []],
  [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, []],
  [`{"uri":${'['.repeat(20_000)}"${a}"${']'.repeat(20_000)}}`, []],
  [`{"uri":"${a}","junk":"${'x'.repeat(65_000)}"}`, [a]],
  [`{"uri":"${a}`, [`{"uri":"${a}`]],
  // Types of one's own.
  [`{"lakefs_uri":"lakefs://repo/main/a","server":"http://lakefs:8000"}`, ['lakefs://repo/main/a']],
  [
    `{"url":"http://lakefs:8000","lakefs_uri":"lakefs://repo/main/a"}`,
    ['http://lakefs:8000', 'lakefs://repo/main/a'],
  ],
  [`{"lakefs_uris":["${a}","${b}"]}`, [a, b]],
  [`{"data":{"train":{"uri":"${a}"},"test":["${b}",null,3]}}`, [a, b]],
  [
    `{"api":"https://l.example/api/v1/repositories/repo/refs/v1/objects?path=a"}`,
    ['https://l.example/api/v1/repositories/repo/refs/v1/objects?path=a'],
  ],
  [`{"repository":"repo","ref":"v1","path":"gold/"}`, ['lakefs://repo/v1/gold/']],
  [`{"repo":"repo","commit_id":"abc1234","branch":"main","key":"/x"}`, ['lakefs://repo/abc1234/x']],
  [`{"lakefs_repo":"repo","lakefs_branch":"main"}`, ['lakefs://repo/main/']],
  [`{"repo":"https://github.com/a/b","ref":"main"}`, []],
  [`{"repo":"org/name","revision":"main"}`, []],
  [`{"repository":"repo","path":"gold/"}`, []],
  [`{"note":"copied from ${a}"}`, []],
  [`{"output_uri":"${a}"}`, []],
  [`{"${a}":"md5"}`, []],
  [`{"uri":"${a}","copied_from":"${b}"}`, [a]],
  ['{"server":"http://lakefs:8000","docs":"https://example.com/a"}', []],
  [`{"tags":{"mlflow.source.name":"${a}","x":"${b}"}}`, []],
])('the hand-made source %s', (source, addresses) => {
  expect(addressesOfSource(source, (key) => key.includes('output'))).toEqual(addresses);
});

test.each([
  [
    'code',
    '{"tags":{}}',
    'MLflow knows the code that made this dataset, not the data: no source was given, by this run or by an earlier one whose dataset has the same name and digest. Give it a source and a name of its own',
  ],
  ['spark', '{"sql":"SELECT 1"}', 'its source names a table, not its location'],
  ['delta_table', '{"delta_table_name":"a.b"}', 'its source names a table, not its location'],
  ['local', '{"uri":"data/train.csv"}', 'its source names no address'],
  ['s3', 'x'.repeat(65_000), 'its source names no address'],
])('why a source of type %s names no address', (type, source, reason) => {
  expect(sourceWithoutAddress(type, source)).toBe(reason);
});
