import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { LakefsError } from '../../../../../src/lakefs/errors.js';
import type { LakefsClient, LakefsObject, ListOptions } from '../../../../../src/lakefs/types.js';
import { codeText } from '../../../../../src/queries/run/code/code.js';
import {
  type DataForm,
  type Format,
  formOfFile,
  guessForm,
  readForm,
} from '../../../../../src/queries/run/code/data-form.js';
import type { Piece } from '../../../../../src/queries/run/code/piece.js';
import { pythonText } from '../../../../../src/queries/shared/python-text.js';
import { commitA } from '../../../../support/runs/run-views.js';

function piece(path: string, format: Format, directory = false, suffix = ''): Piece {
  return {
    repository: 'images',
    commit: commitA,
    path,
    form: { format, directory, suffix },
    endpoint: 'http://127.0.0.1:8000',
    comment: 'c',
  };
}

function codeOf(...pieces: Piece[]): string {
  return codeText(pieces) ?? '';
}

const s3 = `images/${commitA}`;

test('a Delta table is read at the version that the run read: its commit may hold later ones', () => {
  const code = codeOf({ ...piece('gold/t/', 'delta', true), deltaVersion: '3' });
  expect(code).toContain(`DeltaTable("s3://${s3}/gold/t/", version=3, storage_options=`);
  expect(code).toContain(`.format("delta").option("versionAsOf", 3).load("s3a://${s3}/gold/t/")`);
});

describe('the lines that load what a pattern names', () => {
  const matching = (path: string, format: Format, suffix: string): Piece => ({
    ...piece(path, format),
    form: { format, directory: true, suffix, pattern: true },
  });

  test.each<[string, Piece, string, string]>([
    [
      'a star',
      matching('gold/*.parquet', 'parquet', '.parquet'),
      `files = s3.glob("${s3}/gold/*.parquet")`,
      `df = spark.read.parquet("s3a://${s3}/gold/*.parquet")`,
    ],
    [
      'braces',
      matching('gold/{a,b}.csv', 'csv', '.csv'),
      `files = [file for pattern in ("${s3}/gold/a.csv", "${s3}/gold/b.csv") for file in s3.glob(pattern)]`,
      `df = spark.read.option("header", "true").csv("s3a://${s3}/gold/{a,b}.csv")`,
    ],
    [
      'two stars',
      matching('gold/**/*.csv', 'csv', '.csv'),
      `files = s3.glob("${s3}/gold/**/*.csv")`,
      `df = spark.read.option("header", "true").option("recursiveFileLookup", "true").option("pathGlobFilter", "*.csv").csv("s3a://${s3}/gold/")`,
    ],
    [
      'all below',
      matching('gold/**', 'parquet', '.parquet'),
      `files = s3.glob("${s3}/gold/**")`,
      `df = spark.read.option("recursiveFileLookup", "true").parquet("s3a://${s3}/gold/")`,
    ],
    [
      'files of no form that we know',
      matching('gold/*.bin', 'unknown', ''),
      `files = s3.glob("${s3}/gold/*.bin")`,
      `.load("s3a://${s3}/gold/*.bin")`,
    ],
  ])('%s', (_what, one, pandas, spark) => {
    expect(codeOf(one)).toContain(pandas);
    expect(codeOf(one)).toContain(spark);
    expect(codeOf(one)).not.toMatch(/pd\.read_\w+\("[^"]*[*{]/);
  });

  test.each([
    ['gold/*.csv.gz', { format: 'csv', directory: true, suffix: '.csv.gz', pattern: true }],
    ['gold/**', { format: 'unknown', directory: true, suffix: '', pattern: true }],
    ['gold/a.csv', { format: 'csv', directory: false, suffix: '.csv' }],
  ])('%s has its form by its name where nothing can be read', (path, form) => {
    expect(guessForm(path)).toEqual(form);
  });
});

describe('the lines that load the data', () => {
  test.each<[string, Piece, string, string]>([
    [
      'a CSV file',
      piece('a.csv', 'csv'),
      `df = pd.read_csv("s3://${s3}/a.csv", storage_options=storage_options)`,
      `df = spark.read.option("header", "true").csv("s3a://${s3}/a.csv")`,
    ],
    [
      'a TSV file',
      piece('a.tsv', 'tsv'),
      `df = pd.read_csv("s3://${s3}/a.tsv", sep="\\t", storage_options=storage_options)`,
      `df = spark.read.option("header", "true").option("sep", "\\t").csv("s3a://${s3}/a.tsv")`,
    ],
    [
      'lines of JSON',
      piece('a.jsonl', 'jsonl'),
      `df = pd.read_json("s3://${s3}/a.jsonl", lines=True, storage_options=storage_options)`,
      `df = spark.read.json("s3a://${s3}/a.jsonl")`,
    ],
    [
      'a JSON document',
      piece('a.json', 'json'),
      `df = pd.read_json("s3://${s3}/a.json", storage_options=storage_options)`,
      `df = spark.read.option("multiLine", "true").json("s3a://${s3}/a.json")`,
    ],
    [
      'a Parquet file',
      piece('a.parquet', 'parquet'),
      `df = pd.read_parquet("s3://${s3}/a.parquet", storage_options=storage_options)`,
      `df = spark.read.parquet("s3a://${s3}/a.parquet")`,
    ],
    [
      'a directory of Parquet files',
      piece('gold/', 'parquet', true, '.parquet'),
      `df = pd.read_parquet("s3://${s3}/gold/", storage_options=storage_options)`,
      `df = spark.read.parquet("s3a://${s3}/gold/")`,
    ],
    [
      'a directory of CSV files',
      piece('gold/', 'csv', true, '.csv.gz'),
      `    (pd.read_csv(f"s3://{file}", storage_options=storage_options) for file in files if file.endswith(".csv.gz")),`,
      `df = spark.read.option("header", "true").csv("s3a://${s3}/gold/")`,
    ],
    [
      'a Delta table',
      piece('gold/', 'delta', true),
      `df = DeltaTable("s3://${s3}/gold/", storage_options=delta_storage_options).to_pandas()`,
      `df = spark.read.format("delta").load("s3a://${s3}/gold/")`,
    ],
    [
      'a file of another form',
      piece('model.bin', 'unknown'),
      `df = s3fs.S3FileSystem(**storage_options).cat_file("${s3}/model.bin")  # bytes`,
      `df = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load("s3a://${s3}/model.bin")`,
    ],
    [
      'a directory of another form',
      piece('gold/', 'unknown', true),
      `df = s3fs.S3FileSystem(**storage_options).find("${s3}/gold/")  # the names of its files`,
      `df = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load("s3a://${s3}/gold/")`,
    ],
  ])('%s is loaded with pandas and with Spark', (_what, data, pandas, spark) => {
    const lines = codeOf(data).split('\n');
    expect(lines).toContain(pandas);
    expect(lines).toContain(spark);
    compiles(codeOf(data));
  });

  test('the endpoint is filled in, the keys come from the environment', () => {
    const text = codeOf(piece('a.csv', 'csv'), piece('b/', 'delta', true));
    expect(text).toContain('"client_kwargs": {"endpoint_url": "http://127.0.0.1:8000"}');
    expect(text).toContain('"AWS_ENDPOINT_URL": "http://127.0.0.1:8000"');
    expect(text).toContain('.config("spark.hadoop.fs.s3a.bucket.images.endpoint", "http://127.0.0.1:8000")');
    expect(text).toContain('.config("spark.hadoop.fs.s3a.bucket.images.path.style.access", "true")');
    expect(text.match(/os\.environ\["LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY"\]/g)).toHaveLength(3);
    expect(text).toContain('"AWS_ALLOW_HTTP": "true"');
    expect(text).toContain('io.delta.sql.DeltaSparkSessionExtension');
  });

  test('over https nothing allows http, and without Delta nothing asks for its packages', () => {
    const secure = { ...piece('b/', 'delta', true), endpoint: 'https://lakefs.example' };
    expect(codeOf(secure)).not.toContain('AWS_ALLOW_HTTP');
    expect(codeOf(secure)).not.toContain('s3fs');
    const csv = codeOf(piece('a.csv', 'csv'));
    expect(csv.toLowerCase()).not.toContain('delta');
    expect(csv).not.toContain('import s3fs');
  });

  test('two servers have options of their own', () => {
    const other = { ...piece('b.csv', 'csv'), repository: 'other', endpoint: 'https://two.example' };
    const text = codeOf(piece('a.csv', 'csv'), other);
    expect(text).toContain('storage_options2 = {');
    expect(text).toContain(
      `df2 = pd.read_csv("s3://other/${commitA}/b.csv", storage_options=storage_options2)`,
    );
    expect(text).toContain('fs.s3a.bucket.other.endpoint", "https://two.example"');
    compiles(text);
  });

  test('names with quotes, line breaks and other scripts stay Python and one line', () => {
    const path = 'été/数据 "x"\\\n\u001b[31m\u202e\u0085';
    compiles(codeOf(piece(path, 'csv')));
    const evaluated = python(`import sys,json; print(json.dumps(${pythonText(path)}))`);
    expect(JSON.parse(evaluated)).toBe(path);
    expect(pythonText(path)).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('where nothing is known there is no code', () => {
    expect(codeText([])).toBeUndefined();
  });
});

describe('the form of data', () => {
  const form = (format: Format, directory: boolean, suffix: string): DataForm => ({
    format,
    directory,
    suffix,
  });

  test.each([
    ['a/train.csv', form('csv', false, '.csv')],
    ['train.CSV.gz', form('csv', false, '.CSV.gz')],
    ['x.snappy.parquet', form('parquet', false, '.parquet')],
    ['x.ndjson', form('jsonl', false, '.ndjson')],
    ['x.bin', form('unknown', false, '')],
    ['csv', form('unknown', false, '')],
  ])('%s', (path, expected) => expect(formOfFile(path)).toEqual(expected));

  test.each([
    ['gold/train.csv', ['gold/train.csv', 'gold/train.csv.bak'], form('csv', false, '.csv')],
    [
      'gold',
      ['gold-old/x.parquet', 'gold/_SUCCESS', 'gold/a.csv', 'gold/z/b.csv'],
      form('csv', true, '.csv'),
    ],
    ['gold/', ['gold/_delta_log/0.json', 'gold/part-0.parquet'], form('delta', true, '')],
    ['gold', ['gold/Year=1/x.parquet', 'gold/_delta_log/0.json'], form('delta', true, '')],
    [
      'gold/',
      ['gold/dt=2026-01-01/part-0.parquet', 'gold/dt=2026-01-02/p.parquet'],
      form('parquet', true, '.parquet'),
    ],
    ['images/', ['images/a.png', 'images/b.png'], form('unknown', true, '')],
    ['', ['a.csv'], form('csv', true, '.csv')],
    ['gone/', [], form('unknown', true, '')],
  ])('what lies at "%s" of %j is read', async (path, objects, expected) => {
    expect(await readForm(listing(objects), 'images', commitA, path)).toEqual(expected);
  });

  test('where the commit is gone the path alone decides', async () => {
    const notFound = new LakefsError({
      name: 'lakeFS',
      method: 'GET',
      url: 'http://x/',
      status: 404,
      json: { message: 'not found' },
    });
    const client = { objects: () => failing(notFound) } as unknown as LakefsClient;
    expect(await readForm(client, 'images', commitA, 'a.csv')).toEqual(guessForm('a.csv'));
    expect(guessForm('a.csv')).toEqual(form('csv', false, '.csv'));
    expect(guessForm('a/')).toEqual(form('unknown', true, ''));
  });

  test('a lakeFS that refuses is no guess', async () => {
    const refused = new LakefsError({ name: 'lakeFS', method: 'GET', url: 'http://x/', status: 403 });
    const client = { objects: () => failing(refused) } as unknown as LakefsClient;
    await expect(readForm(client, 'images', commitA, 'a.csv')).rejects.toBe(refused);
  });
});

/** Lists as lakeFS does: by bytes of the name, with what shares a delimiter folded into one prefix. */
function listing(paths: readonly string[]): LakefsClient {
  async function* objects(
    _repository: string,
    _ref: string,
    options: ListOptions = {},
  ): AsyncIterable<LakefsObject> {
    const { prefix = '', delimiter } = options;
    let last = '';
    for (const path of [...paths].sort()) {
      if (!path.startsWith(prefix)) continue;
      const cut = delimiter === undefined ? -1 : path.indexOf(delimiter, prefix.length);
      if (cut < 0) yield { path, path_type: 'object' };
      else if (path.slice(0, cut + 1) !== last) {
        last = path.slice(0, cut + 1);
        yield { path: last, path_type: 'common_prefix' };
      }
    }
  }
  return { objects } as unknown as LakefsClient;
}

async function* failing(error: Error): AsyncIterable<LakefsObject> {
  await Promise.reject(error);
  yield { path: '', path_type: 'object' };
}

function python(code: string): string {
  return execFileSync('python3', ['-c', code], { encoding: 'utf8' });
}

function compiles(code: string): void {
  execFileSync('python3', ['-c', 'import sys; compile(sys.stdin.read(), "load.py", "exec")'], {
    input: code,
  });
}
