import type {
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

/** The named part of an answer, where `is` holds for it. */
export function part<T>(answer: unknown, key: string, is: (value: unknown) => value is T): T {
  const value = property(answer, key);
  if (is(value)) return value;
  throw new AnswerError(`MLflow's answer has no usable "${key}": check that the address is that of MLflow`);
}

/** The named list of an answer. MLflow leaves empty lists out. */
export function list<T>(answer: unknown, key: string, is: (value: unknown) => value is T): readonly T[] {
  return (
    part(answer, key, (value): value is readonly T[] | undefined => {
      return value === undefined || (Array.isArray(value) && value.every(is));
    }) ?? []
  );
}

/**
 * A page: the named list and the token of the next page, both left out where MLflow does.
 *
 * @param read what becomes of each item
 */
export function page<K extends string, T>(
  answer: unknown,
  key: K,
  is: (value: unknown) => value is T,
  read: (item: T) => T,
): { readonly [key in K]?: readonly T[] } & { readonly next_page_token?: string } {
  const items = list(answer, key, is);
  if (!isPage<K, T>(answer)) throw new AnswerError(`MLflow's answer is not a page of "${key}"`);
  return answer[key] === undefined ? answer : { ...answer, [key]: items.map(read) };
}

function isPage<K extends string, T>(
  answer: unknown,
): answer is { readonly [key in K]?: readonly T[] } & { readonly next_page_token?: string } {
  return typeof answer === 'object' && answer !== null;
}

/** A property of an answer; undefined where the answer is no object. */
export function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function has(value: unknown, ...keys: readonly string[]): boolean {
  return keys.every((key) => typeof property(value, key) === 'string');
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isRunInfo(value: unknown): value is RunInfo {
  return has(value, 'run_id', 'experiment_id', 'status');
}

export function isRun(value: unknown): value is Run {
  return isRunInfo(property(value, 'info')) && typeof property(value, 'data') === 'object';
}

export function isExperiment(value: unknown): value is Experiment {
  return has(value, 'experiment_id', 'name', 'lifecycle_stage');
}

export function isRegisteredModel(value: unknown): value is RegisteredModel {
  return has(value, 'name');
}

export function isLoggedModel(value: unknown): value is LoggedModel {
  return has(property(value, 'info'), 'model_id', 'experiment_id');
}

export function isModelVersion(value: unknown): value is ModelVersion {
  return has(value, 'name', 'version');
}

export function isMetric(value: unknown): value is Metric {
  return has(value, 'key') && property(value, 'value') !== undefined;
}
