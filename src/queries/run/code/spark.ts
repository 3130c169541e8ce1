import { pythonText } from '../../shared/python-text.js';
import type { Format } from './data-form.js';
import { keyOf, keyVariable, type Piece, secretVariable, variable } from './piece.js';

const readers: Readonly<Record<Format, readonly [string, string]>> = {
  csv: ['.option("header", "true")', '.csv'],
  tsv: ['.option("header", "true").option("sep", "\\t")', '.csv'],
  json: ['.option("multiLine", "true")', '.json'],
  jsonl: ['', '.json'],
  parquet: ['', '.parquet'],
  delta: ['.format("delta")', '.load'],
  unknown: ['.format("binaryFile").option("recursiveFileLookup", "true")', '.load'],
};

/**
 * Lines that load the pieces with Spark over s3a. Settings are per repository, which S3A knows as a bucket, so that
 * a session that also reads plain S3 keeps its own.
 */
export function sparkLines(pieces: readonly Piece[]): readonly string[] {
  const repositories = new Map(pieces.map(({ repository, endpoint }) => [repository, endpoint]));
  const delta = pieces.some(({ form }) => form.format === 'delta');
  return [
    'import os',
    'from pyspark.sql import SparkSession',
    '',
    `spark = (  # needs hadoop-aws${delta ? ' and delta-spark' : ''} of your Spark's version among its packages`,
    '    SparkSession.builder',
    ...[...repositories].flatMap(([repository, endpoint]) => repositoryLines(repository, endpoint)),
    ...(delta ? deltaLines : []),
    '    .getOrCreate()',
    ')',
    ...pieces.flatMap((piece, index) => {
      const [options, load] = readers[piece.form.format];
      const [further, key] = patternOf(piece);
      const address = pythonText(`s3a://${key}`);
      return [
        '',
        `# ${piece.comment}`,
        `${variable(index)} = spark.read${options}${versionOf(piece)}${further}${load}(${address})`,
      ];
    }),
  ];
}

function versionOf({ form, deltaVersion }: Piece): string {
  return form.format === 'delta' && deltaVersion !== undefined
    ? `.option("versionAsOf", ${deltaVersion})`
    : '';
}

/** Hadoop knows no `**`: all below the directory before it is read, of which the last part of the pattern chooses files. */
function patternOf(piece: Piece): readonly [string, string] {
  const key = keyOf(piece);
  const at = key.indexOf('**');
  if (piece.form.pattern === undefined || at < 0) return ['', key];
  const name = key.slice(key.lastIndexOf('/') + 1);
  const filter = name === '' || name.includes('**') ? '' : `.option("pathGlobFilter", ${pythonText(name)})`;
  const recursive = piece.form.format === 'unknown' ? '' : '.option("recursiveFileLookup", "true")';
  return [recursive + filter, key.slice(0, key.lastIndexOf('/', at) + 1)];
}

function repositoryLines(repository: string, endpoint: string): readonly string[] {
  const set = (key: string, value: string): string =>
    `    .config("spark.hadoop.fs.s3a.bucket.${repository}.${key}", ${value})`;
  return [
    set('endpoint', pythonText(endpoint)),
    set('endpoint.region', '"us-east-1"'),
    set('path.style.access', '"true"'),
    set('access.key', `os.environ["${keyVariable}"]`),
    set('secret.key', `os.environ["${secretVariable}"]`),
  ];
}

const deltaLines = [
  '    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")',
  '    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")',
];
