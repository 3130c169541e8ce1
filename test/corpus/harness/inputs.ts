import { createHash } from 'node:crypto';
import type { Dataset, DatasetInput } from '../../../src/mlflow/types.js';
import recordings from '../../data/mlflow/client-writes.json' with { type: 'json' };
import sparkRecordings from '../../data/mlflow/spark-writes.json' with { type: 'json' };

/** An input whose texts still hold the places of a case. */
export interface InputSpec {
  readonly shape: Dataset;
  /** The source before it becomes JSON; a text stays as it is. */
  readonly source: unknown;
  readonly name: string;
  readonly context: string | undefined;
  /** What the digest is made of beside the name; the source where not given. */
  readonly content: string | undefined;
  readonly digest: 'hex' | 'decimal' | 'meta' | { readonly given: string };
  readonly schema: string | undefined;
  readonly profile: string | undefined;
}

interface Options {
  readonly name?: string;
  readonly context?: string;
  /** Frames of equal content have equal digests. */
  readonly frame?: string;
  readonly rows?: number;
  /** Types of the columns; MLflow's digest skips all but numbers and full string columns. */
  readonly columns?: readonly string[];
  readonly digest?: string;
}

const s3 = recorded('seed-flow-pandas', 'train');

/** `mlflow.data.from_pandas(df, source=…)` */
export function pandas(uri: string, options: Options = {}): InputSpec {
  const { rows = 4, columns } = options;
  return spec(s3, { uri }, options, {
    content: options.frame ?? uri,
    schema:
      columns === undefined
        ? s3.schema
        : pythonJson({ mlflow_colspec: columns.map((type, n) => ({ type, name: `c${n}`, required: true })) }),
    profile: pythonJson({ num_rows: rows, num_elements: rows * (columns?.length ?? 4) }),
  });
}

export const numpy = (uri: string, options: Options = {}): InputSpec =>
  spec(recorded('from-numpy', 'x'), { uri }, options, { content: options.frame ?? uri });
export const polars = (uri: string, options: Options = {}): InputSpec => ({
  ...spec(recorded('from-polars', 'train-pl'), { uri }, options, { content: options.frame ?? uri }),
  digest: 'decimal',
});
/** A dataset without a frame: the digest covers name and source. */
export const meta = (uri: string, options: Options = {}): InputSpec => ({
  ...spec(recorded('meta-dataset-s3', 'images'), { uri }, options),
  digest: 'meta',
});
/** A source type of one's own: any JSON. */
export const ownType = (source: unknown, options: Options = {}): InputSpec =>
  spec(recorded('meta-dataset-s3', 'images'), source, options);
/** `mlflow.data.load_delta(path=…)` with Spark. */
export const delta = (path: string, options: Options = {}): InputSpec =>
  spec(recordedBySpark('load_delta'), { path }, options, { content: options.frame ?? path });
/** The same with the version: the newest as a number, one that was asked for as a text. */
export const deltaAt = (path: string, version: number | string, options: Options = {}): InputSpec =>
  spec(recordedBySpark('load_delta'), { path, delta_table_version: version }, options, {
    content: options.frame ?? `${path} ${version}`,
  });
export const deltaMeta = (path: string, options: Options = {}): InputSpec =>
  spec(recorded('delta-path-meta', 'train_v2_a'), { path, delta_table_version: 7 }, options);
export const deltaTable = (): InputSpec => asRecorded('delta-table-name-meta', 'gold.train@v3');
export const spark = (path: string, options: Options = {}): InputSpec =>
  spec(recorded('spark-path-meta', 'spark-train'), { path }, options);
export const sparkSql = (): InputSpec => asRecorded('spark-path-meta', 'spark-sql');
export const http = (url: string, options: Options = {}): InputSpec =>
  spec(recorded('http-meta', 'http-train'), { url }, options);
/** HuggingFace's `data_files`: a text, a list, or a map from split to either. */
export const huggingFace = (files: unknown, options: Options = {}): InputSpec =>
  spec(
    recorded('huggingface-meta', 'hf-parquet'),
    { path: 'parquet', config_name: null, data_dir: null, data_files: files, split: 'train', revision: null },
    options,
  );
export const imdb = (): InputSpec => asRecorded('huggingface-meta', 'imdb');
/** A frame without a source: MLflow notes the code. */
export const code = (): InputSpec => asRecorded('code-source', 'in-memory');
/** What autologging adds, whatever the frame was read from. */
export const autolog = (): InputSpec => ({
  ...asRecorded('autolog-sklearn', 'dataset'),
  context: 'train',
});
export const local = (): InputSpec => asRecorded('local-source', 'local-train');
export const gcs = (uri: string): InputSpec => spec(recorded('source-scheme-gs', 'scheme-gs'), { uri }, {});
/** A source written by hand, as it is. */
export const byHand = (source: string, options: Options = {}): InputSpec =>
  spec({ name: 'by-hand', digest: '', source_type: 's3', source: '' }, source, options);

/** The digest of an input as it was recorded. */
export function givenDigest({ digest }: InputSpec): string {
  if (typeof digest !== 'object') throw new Error('this input makes its digest of its content');
  return digest.given;
}

/** Fills in a case's places and makes the digest. */
export function writeInput(input: InputSpec, fill: (text: string) => string): DatasetInput {
  const source = typeof input.source === 'string' ? fill(input.source) : fill(pythonJson(input.source));
  const name = fill(input.name);
  const content = input.content === undefined ? source : fill(input.content);
  return {
    ...(input.context === undefined ? {} : { tags: [{ key: 'mlflow.data.context', value: input.context }] }),
    dataset: {
      name,
      digest:
        input.digest === 'meta'
          ? sha256(pythonJson({ name, source, source_type: input.shape.source_type, schema: '' })).slice(0, 8)
          : digestOf(input.digest, [name, content, input.shape.source_type, input.profile], fill),
      source_type: input.shape.source_type,
      source,
      ...(input.schema === undefined ? {} : { schema: input.schema }),
      ...(input.profile === undefined ? {} : { profile: input.profile }),
    },
  };
}

function spec(shape: Dataset, source: unknown, options: Options, more: Partial<InputSpec> = {}): InputSpec {
  return {
    shape,
    source,
    name: options.name ?? shape.name,
    context: options.context ?? 'training',
    content: options.frame,
    digest: options.digest === undefined ? 'hex' : { given: options.digest },
    schema: shape.schema,
    profile: shape.profile,
    ...more,
  };
}

function asRecorded(recording: string, name: string): InputSpec {
  const shape = recorded(recording, name);
  return { ...spec(shape, shape.source, {}), digest: { given: shape.digest } };
}

function recorded(recording: string, name: string): Dataset {
  const requests = recordings.find((entry) => entry.name === recording)?.requests ?? [];
  const datasets = requests.flatMap(
    ({ body }) => (body as { datasets?: DatasetInput[] } | null)?.datasets ?? [],
  );
  const found = datasets.find(({ dataset }) => dataset.name === name)?.dataset;
  if (found === undefined) throw new Error(`no dataset ${name} was recorded in ${recording}`);
  return found;
}

function recordedBySpark(recording: string): Dataset {
  const found = sparkRecordings.find((entry) => entry.name === recording)?.dataset;
  if (found === undefined) throw new Error(`no dataset was recorded in ${recording}`);
  return found as Dataset;
}

function digestOf(
  kind: Exclude<InputSpec['digest'], 'meta'>,
  content: readonly unknown[],
  fill: (text: string) => string,
): string {
  if (typeof kind === 'object') return fill(kind.given);
  const hash = sha256(JSON.stringify(content));
  if (kind === 'decimal') return BigInt(`0x${hash.slice(0, 16)}`).toString();
  // A digest of digits alone would look as if a person had given it.
  return `e${hash.slice(0, 7)}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** JSON as Python's `json.dumps` writes it: blanks after separators, nothing but ASCII. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${pythonJson(key)}: ${pythonJson(item)}`);
    return `{${entries.join(', ')}}`;
  }
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
