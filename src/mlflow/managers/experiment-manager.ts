import { connectionOf, type MlflowConnection } from '../connection.js';
import { ExperimentClient } from '../experiment-client.js';
import type { MlflowOptions } from '../options.js';
import { allRuns } from '../pages.js';
import { RunClient } from '../run-client.js';
import type { KeyValue, Metric, Run, RunInfo } from '../types.js';
import { metricColumn } from './metric-column.js';

/** What an MLmodel file says about a model; further fields are kept. */
export interface ModelFile {
  readonly artifact_path: string;
  readonly flavors: object;
  readonly [field: string]: unknown;
}

/** A run, with the value of the metric that was asked for under the metric's own name. */
export type RunWithMetric = Run & { readonly [metric: string]: unknown };

/** Whole workflows on experiments, as in mlflow-js. Errors are those of the calls in them. */
export class ExperimentManager {
  readonly #experiments: ExperimentClient;
  readonly #runs: RunClient;

  constructor(tracking: string | MlflowConnection, options?: MlflowOptions) {
    const connection = connectionOf(tracking, options);
    this.#experiments = new ExperimentClient(connection);
    this.#runs = new RunClient(connection);
  }

  /** Creates a run, logs everything to it and finishes it. Returns the finished run's info. */
  async runExistingExperiment(
    experiment_id: string,
    run_name?: string,
    metrics?: readonly Metric[],
    params?: readonly KeyValue[],
    tags?: readonly KeyValue[],
    model?: ModelFile,
  ): Promise<RunInfo> {
    const { info } = await this.#runs.createRun(experiment_id, run_name);
    const { run_id } = info;
    await this.#runs.logBatch(run_id, metrics, params, tags);
    if (model !== undefined) await this.#runs.logModel(run_id, JSON.stringify({ ...model, run_id }));
    const { run_info } = await this.#runs.updateRun(run_id, 'FINISHED', Date.now());
    return run_info;
  }

  /** The same in an experiment that is made for it; its name must be free. */
  async runNewExperiment(
    experiment_name: string,
    run_name?: string,
    metrics?: readonly Metric[],
    params?: readonly KeyValue[],
    tags?: readonly KeyValue[],
    model?: ModelFile,
  ): Promise<RunInfo> {
    const id = await this.#experiments.createExperiment(experiment_name);
    return this.runExistingExperiment(id, run_name, metrics, params, tags, model);
  }

  /**
   * All runs of an experiment, sorted by a metric: the greatest first, or the least with `ASC` or -1. Runs
   * without the metric come last.
   */
  async experimentSummary(
    experiment_id: string,
    primaryMetric: string,
    order: 'ASC' | 'DESC' | 1 | -1 = 'DESC',
  ): Promise<RunWithMetric[]> {
    const direction = order === 'ASC' || order === -1 ? 'ASC' : 'DESC';
    const orderBy = [`${metricColumn(primaryMetric)} ${direction}`];
    const summary: RunWithMetric[] = [];
    for await (const run of allRuns(this.#runs, [experiment_id], { orderBy })) {
      const metric = run.data.metrics?.find(({ key }) => key === primaryMetric);
      summary.push({ ...run, [primaryMetric]: metric?.value });
    }
    return summary;
  }
}
