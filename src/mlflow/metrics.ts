import { readMetricTimes, readRunInfo } from './int64.js';
import type { Metric, Run } from './types.js';

/** JSON has no NaN and no infinities; MLflow writes and reads them as these texts. */
const texts: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** The metric as MLflow reads it. A null, as JSON.stringify writes NaN, would be refused. */
export function metricToJson(metric: Metric): Record<string, unknown> {
  const { value } = metric;
  return { ...metric, value: Number.isFinite(value) ? value : String(value) };
}

/** The metric of an answer, with numbers for the texts. */
export function readMetric(metric: Metric): Metric {
  const read = readMetricTimes(metric);
  const value = texts.get(read.value);
  return value === undefined ? read : { ...read, value };
}

/** The run of an answer, with numbers for its times and in its metrics. */
export function readRun({ info, data, ...others }: Run): Run {
  const { metrics } = data;
  return {
    ...others,
    info: readRunInfo(info),
    data: metrics === undefined ? data : { ...data, metrics: metrics.map(readMetric) },
  };
}
