import type {
  ArtifactFile,
  Experiment,
  LoggedModel,
  Metric,
  ModelVersion,
  RegisteredModel,
  Run,
  RunInfo,
} from './types.js';

/**
 * An answer of MLflow that lacks what was asked for: something else than MLflow answers at that address, or a
 * version that changed its API.
 */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly failure = { kind: 'transient' } as const;
}

/** What a part of an answer is; undefined where it lacks what every MLflow sends. */
export type Reader<T> = (value: unknown) => T | undefined;

/** The named part of an answer. */
export function part<T>(answer: unknown, key: string, read: Reader<T>): T {
  const found = read(property(answer, key));
  if (found !== undefined) return found;
  throw new AnswerError(`MLflow's answer has no usable "${key}": check that the address is that of MLflow`);
}

/** The named list of an answer. MLflow leaves empty lists out. */
export function list<T>(answer: unknown, key: string, read: Reader<T>): readonly T[] {
  return part(answer, key, (value) => (value === undefined ? [] : allOf(value, read)));
}

/** A page: the named list and the token of the next page, both left out where MLflow does. */
export function page<K extends string, T>(
  answer: unknown,
  key: K,
  read: Reader<T>,
): { readonly [key in K]?: readonly T[] } & { readonly next_page_token?: string } {
  const items = list(answer, key, read);
  if (!isPage<K, T>(answer)) throw new AnswerError(`MLflow's answer is no page of "${key}"`);
  return answer[key] === undefined ? answer : { ...answer, [key]: items };
}

function isPage<K extends string, T>(
  answer: unknown,
): answer is { readonly [key in K]?: readonly T[] } & { readonly next_page_token?: string } {
  return typeof answer === 'object' && answer !== null;
}

function allOf<T>(value: unknown, read: Reader<T>): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: T[] = [];
  for (const one of value) {
    const item = read(one);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

/** A property of an answer; undefined where the answer is no object. */
export function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

export function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

type Key<T> = keyof T & string;

/**
 * Reads one kind of entity. What it cannot be used without is checked, all else is as MLflow sends it.
 *
 * JSON of protobuf has int64 as text. MLflow's own server writes numbers; hosted ones and proxies in front need not.
 *
 * @param texts fields without which it is unusable
 * @param int64 all that MLflow declares so
 * @see https://protobuf.dev/programming-guides/json/
 */
function entity<T extends object>(texts: readonly Key<T>[], int64: readonly Key<T>[] = []): Reader<T> {
  function isEntity(value: unknown): value is T {
    return texts.every((key) => typeof property(value, key) === 'string');
  }
  return (value) => {
    if (!isEntity(value)) return undefined;
    const asText = int64.filter((key) => typeof value[key] === 'string');
    if (asText.length === 0) return value;
    return { ...value, ...Object.fromEntries(asText.map((key) => [key, numberIn(String(value[key]))])) };
  };
}

/** Undefined for what is no whole number, as where the server sent nothing: then the time is not known. */
function numberIn(text: string): number | undefined {
  return /^-?\d{1,16}$/.test(text) ? Number(text) : undefined;
}

export const readRunInfo = entity<RunInfo>(['run_id', 'experiment_id', 'status'], ['start_time', 'end_time']);
export const readExperiment = entity<Experiment>(
  ['experiment_id', 'name', 'lifecycle_stage'],
  ['creation_time', 'last_update_time'],
);
export const readModelVersion = entity<ModelVersion>(
  ['name', 'version'],
  ['creation_timestamp', 'last_updated_timestamp'],
);
export const readArtifactFile = entity<ArtifactFile>(['path'], ['file_size']);

const modelAlone = entity<RegisteredModel>(['name'], ['creation_timestamp', 'last_updated_timestamp']);

export function readRegisteredModel(value: unknown): RegisteredModel | undefined {
  const model = modelAlone(value);
  const { latest_versions: latest } = model ?? {};
  if (model === undefined || latest === undefined) return model;
  return { ...model, latest_versions: latest.map((version) => readModelVersion(version) ?? version) };
}

const isLoggedModelInfo = entity<LoggedModel['info']>(['model_id', 'experiment_id']);

export function readLoggedModel(value: unknown): LoggedModel | undefined {
  return isLoggedModel(value) ? value : undefined;
}

function isLoggedModel(value: unknown): value is LoggedModel {
  return isLoggedModelInfo(property(value, 'info')) !== undefined;
}

/** JSON has no NaN and no infinities; MLflow writes and reads them as these texts. */
const doubles: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

const metricWithText = entity<Metric>(['key'], ['timestamp', 'step']);

export function readMetric(value: unknown): Metric | undefined {
  const metric = metricWithText(value);
  if (metric?.value === undefined) return undefined;
  const double = doubles.get(metric.value);
  return double === undefined ? metric : { ...metric, value: double };
}

/** The metric as MLflow reads it. A null, as JSON.stringify writes NaN, would be refused. */
export function metricToJson(metric: Metric): Record<string, unknown> {
  const { value } = metric;
  return { ...metric, value: Number.isFinite(value) ? value : String(value) };
}

export function readRun(value: unknown): Run | undefined {
  const info = readRunInfo(property(value, 'info'));
  if (info === undefined || !isRun(value)) return undefined;
  const { metrics } = value.data;
  const data =
    metrics === undefined
      ? value.data
      : { ...value.data, metrics: metrics.map((metric) => readMetric(metric) ?? metric) };
  return { ...value, info, data };
}

function isRun(value: unknown): value is Run {
  const data = property(value, 'data');
  return typeof data === 'object' && data !== null;
}
