import type { ArtifactFile, Experiment, Metric, ModelVersion, RegisteredModel, RunInfo } from './types.js';

/**
 * JSON of protobuf has int64 as text. MLflow's own server writes numbers; hosted ones and proxies in front need not.
 * Everything that MLflow declares as int64 is read here.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
function withNumbers<T extends object>(entity: T, fields: readonly (keyof T & string)[]): T {
  const isText = (field: keyof T): boolean => typeof entity[field] === 'string';
  if (!fields.some(isText)) return entity;
  const read = fields.filter(isText).map((field) => [field, numberIn(String(entity[field]))]);
  return { ...entity, ...Object.fromEntries(read) };
}

/** Undefined for what is no whole number, as where the server sent nothing: then the time is not known. */
function numberIn(text: string): number | undefined {
  return /^-?\d{1,16}$/.test(text) ? Number(text) : undefined;
}

/** The info of a run, with numbers for its times. */
export function readRunInfo(info: RunInfo): RunInfo {
  return withNumbers(info, ['start_time', 'end_time']);
}

/** The experiment, with numbers for its times. */
export function readExperiment(experiment: Experiment): Experiment {
  return withNumbers(experiment, ['creation_time', 'last_update_time']);
}

/** The version of a model, with numbers for its times. */
export function readModelVersion(version: ModelVersion): ModelVersion {
  return withNumbers(version, ['creation_timestamp', 'last_updated_timestamp']);
}

/** The registered model, with numbers for its times and those of its versions. */
export function readRegisteredModel(model: RegisteredModel): RegisteredModel {
  const read = withNumbers(model, ['creation_timestamp', 'last_updated_timestamp']);
  const { latest_versions: latest } = read;
  return latest === undefined ? read : { ...read, latest_versions: latest.map(readModelVersion) };
}

/** The metric, with numbers for its time and step. Its value is a double, and as it was. */
export function readMetricTimes(metric: Metric): Metric {
  return withNumbers(metric, ['timestamp', 'step']);
}

/** The file among a run's artifacts, with a number for its size. */
export function readArtifactFile(file: ArtifactFile): ArtifactFile {
  return withNumbers(file, ['file_size']);
}
