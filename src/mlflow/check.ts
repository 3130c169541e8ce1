import type { Failure } from '../domain/common/failure.js';
import type { DatasetInput, KeyValue, Metric, RunStatus } from './types.js';

/**
 * An argument of the wrong type. MLflow would answer 200 and store an empty string, a zero or nothing, so such
 * a request is never sent.
 */
export class ArgumentError extends TypeError {
  override readonly name = 'ArgumentError';
  readonly failure: Failure = { kind: 'permanent' };
}

function fail(what: string, wanted: string, value: unknown): never {
  const given = value === null ? 'null' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
  throw new ArgumentError(`${what} must be ${wanted}, but is ${given}: nothing was sent to MLflow`);
}

/** For ids and names. A missing one is left to the server, which says what is missing, as with mlflow-js. */
export function checkId(what: string, value: string | undefined): void {
  if (value !== undefined && typeof value !== 'string') fail(what, 'a string', value);
}

/** For what the server would take without a word when it is empty or missing. */
function checkFilled(what: string, value: string): void {
  checkString(what, value);
  if (value === '') throw new ArgumentError(`${what} is empty: nothing was sent to MLflow`);
}

export function checkString(what: string, value: string): void {
  if (typeof value !== 'string') fail(what, 'a string', value);
}

function checkNumber(what: string, value: number): void {
  if (typeof value !== 'number') fail(what, 'a number', value);
}

export function checkStrings(what: string, values: readonly string[] | undefined): void {
  if (values === undefined) return;
  if (!Array.isArray(values)) fail(what, 'a list of strings', values);
  for (const value of values) checkString(`each of ${what}`, value);
}

/** For Unix ms, steps and page sizes: MLflow turns 1.5 into 0. */
export function checkInteger(what: string, value: number | undefined): void {
  if (value === undefined) return;
  if (!Number.isSafeInteger(value)) {
    if (typeof value !== 'number') fail(what, 'a whole number', value);
    throw new ArgumentError(`${what} must be a whole number, not ${value}: nothing was sent to MLflow`);
  }
}

export function checkPairs(what: string, pairs: readonly KeyValue[] | undefined): void {
  if (pairs === undefined) return;
  if (!Array.isArray(pairs)) fail(what, 'a list of {key, value}', pairs);
  for (const { key, value } of pairs) {
    checkFilled(`the key of each of ${what}`, key);
    checkString(`the value of "${key}" in ${what}`, value);
  }
}

export function checkMetrics(metrics: readonly Metric[] | undefined): void {
  if (metrics === undefined) return;
  if (!Array.isArray(metrics)) fail('metrics', 'a list', metrics);
  for (const { key, value, timestamp, step } of metrics) {
    checkFilled('the key of each metric', key);
    checkNumber(`the value of metric "${key}"`, value);
    checkNumber(`the timestamp of metric "${key}"`, timestamp);
    checkInteger(`the timestamp of metric "${key}"`, timestamp);
    checkInteger(`the step of metric "${key}"`, step);
  }
}

/** An input without name or digest would be stored as a blank row, which nobody can delete. */
export function checkDatasets(inputs: readonly DatasetInput[]): void {
  if (!Array.isArray(inputs)) fail('datasets', 'a list', inputs);
  for (const { dataset, tags } of inputs) {
    if (typeof dataset !== 'object' || dataset === null)
      fail('the dataset of each input', 'an object', dataset);
    checkFilled('the name of each dataset', dataset.name);
    checkFilled(`the digest of dataset "${dataset.name}"`, dataset.digest);
    checkString(`the source_type of dataset "${dataset.name}"`, dataset.source_type);
    checkString(`the source of dataset "${dataset.name}"`, dataset.source);
    checkId(`the schema of dataset "${dataset.name}"`, dataset.schema);
    checkId(`the profile of dataset "${dataset.name}"`, dataset.profile);
    checkPairs(`the tags of dataset "${dataset.name}"`, tags);
  }
}

const statuses: readonly string[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];

export function checkStatus(status: RunStatus | undefined): void {
  if (status === undefined || statuses.includes(status)) return;
  throw new ArgumentError(`the status must be one of ${statuses.join(', ')}: nothing was sent to MLflow`);
}
