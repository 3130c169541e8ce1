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

/** The metrics of an answer, with numbers for the texts. */
export function readMetrics(metrics: readonly Metric[]): readonly Metric[] {
  if (!metrics.some(({ value }) => texts.has(value))) return metrics;
  return metrics.map((metric) => ({ ...metric, value: texts.get(metric.value) ?? metric.value }));
}

/** The run of an answer, with numbers in its metrics. */
export function readRun(run: Run): Run {
  const { metrics } = run.data;
  if (metrics === undefined) return run;
  const read = readMetrics(metrics);
  return read === metrics ? run : { ...run, data: { ...run.data, metrics: read } };
}
