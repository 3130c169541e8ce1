import { pythonText } from '../../shared/python-text.js';
import type { Format } from './data-form.js';
import { withoutBraces } from './patterns.js';
import { endpointsOf, keyOf, keyVariable, type Piece, secretVariable, variable } from './piece.js';

const readers: Readonly<Record<Exclude<Format, 'delta' | 'unknown'>, readonly [string, string]>> = {
  csv: ['read_csv', ''],
  tsv: ['read_csv', ', sep="\\t"'],
  json: ['read_json', ''],
  jsonl: ['read_json', ', lines=True'],
  parquet: ['read_parquet', ''],
};

/** Lines that load the pieces with pandas over lakeFS's S3 gateway; Delta tables by the package deltalake. */
export function pandasLines(pieces: readonly Piece[]): readonly string[] {
  const endpoints = endpointsOf(pieces);
  const names = new Map(
    endpoints.map((endpoint, index) => [endpoint, `storage_options${index === 0 ? '' : index + 1}`]),
  );
  const nameOf = (piece: Piece): string => names.get(piece.endpoint) ?? 'storage_options';
  const bodies = pieces.map((piece, index) => loading(piece, variable(index), nameOf(piece)));
  const uses = (word: string): boolean => bodies.some((lines) => lines.some((line) => line.includes(word)));
  const delta = uses('DeltaTable(');
  return [
    'import os',
    ...(uses('pd.') ? ['import pandas as pd'] : []),
    ...(uses('S3FileSystem(') ? ['import s3fs'] : []),
    ...(delta ? ['from deltalake import DeltaTable'] : []),
    ...endpoints.flatMap((endpoint) => {
      const own = pieces.filter((piece) => piece.endpoint === endpoint);
      const name = names.get(endpoint) ?? 'storage_options';
      return [
        ...(own.some(({ form }) => form.format !== 'delta') ? ['', ...s3fsOptions(name, endpoint)] : []),
        ...(own.some(({ form }) => form.format === 'delta') ? ['', ...deltaOptions(name, endpoint)] : []),
      ];
    }),
    ...pieces.flatMap((piece, index) => ['', `# ${piece.comment}`, ...(bodies[index] ?? [])]),
  ];
}

function loading(piece: Piece, target: string, options: string): readonly string[] {
  const { format, directory, suffix } = piece.form;
  if (piece.form.pattern === true) return matchingFiles(piece, target, options);
  const address = pythonText(`s3://${keyOf(piece)}`);
  if (format === 'delta') {
    const version = piece.deltaVersion === undefined ? '' : `, version=${piece.deltaVersion}`;
    return [`${target} = DeltaTable(${address}${version}, storage_options=delta_${options}).to_pandas()`];
  }
  if (format === 'unknown') return plainFiles(piece, target, options);
  const [reader, extra] = readers[format];
  if (!directory || format === 'parquet') {
    return [`${target} = pd.${reader}(${address}${extra}, storage_options=${options})`];
  }
  return [
    `files = s3fs.S3FileSystem(**${options}).find(${pythonText(keyOf(piece))})`,
    `${target} = pd.concat(`,
    `    (pd.${reader}(f"s3://{file}"${extra}, storage_options=${options}) for file in files if file.endswith(${pythonText(suffix)})),`,
    '    ignore_index=True,',
    ')',
  ];
}

/** The files that a pattern names: pandas itself takes none. */
function matchingFiles(piece: Piece, target: string, options: string): readonly string[] {
  const { format, suffix } = piece.form;
  const patterns = withoutBraces(keyOf(piece));
  const found = [
    `s3 = s3fs.S3FileSystem(**${options})`,
    patterns.length === 1
      ? `files = s3.glob(${pythonText(patterns[0] ?? '')})`
      : `files = [file for pattern in (${patterns.map(pythonText).join(', ')}) for file in s3.glob(pattern)]`,
  ];
  if (format === 'unknown' || format === 'delta') {
    return [...found, `${target} = {file: s3.cat_file(file) for file in files if s3.isfile(file)}  # bytes`];
  }
  const [reader, extra] = readers[format];
  return [
    ...found,
    `${target} = pd.concat(`,
    `    (pd.${reader}(f"s3://{file}"${extra}, storage_options=${options}) for file in files if file.endswith(${pythonText(suffix)})),`,
    '    ignore_index=True,',
    ')',
  ];
}

/** No form that we know: the bytes of a file, or a local copy of a directory. */
function plainFiles(piece: Piece, target: string, options: string): readonly string[] {
  const files = `s3fs.S3FileSystem(**${options})`;
  const key = pythonText(keyOf(piece));
  if (!piece.form.directory) return [`${target} = ${files}.cat_file(${key})  # bytes`];
  const folder = pythonText(`${piece.repository}-${piece.commit.slice(0, 12)}/`);
  return [
    `${target} = ${files}.find(${key})  # the names of its files`,
    `${files}.get(${key}, ${folder}, recursive=True)  # or all of them, copied to a folder`,
  ];
}

function s3fsOptions(name: string, endpoint: string): readonly string[] {
  return [
    `${name} = {  # pip install pandas s3fs pyarrow`,
    `    "key": os.environ["${keyVariable}"],`,
    `    "secret": os.environ["${secretVariable}"],`,
    `    "client_kwargs": {"endpoint_url": ${pythonText(endpoint)}},`,
    '}',
  ];
}

function deltaOptions(name: string, endpoint: string): readonly string[] {
  return [
    `delta_${name} = {  # pip install deltalake pandas pyarrow`,
    `    "AWS_ACCESS_KEY_ID": os.environ["${keyVariable}"],`,
    `    "AWS_SECRET_ACCESS_KEY": os.environ["${secretVariable}"],`,
    `    "AWS_ENDPOINT_URL": ${pythonText(endpoint)},`,
    '    "AWS_REGION": "us-east-1",  # any: lakeFS ignores it',
    ...(endpoint.startsWith('http:') ? ['    "AWS_ALLOW_HTTP": "true",'] : []),
    '}',
  ];
}
