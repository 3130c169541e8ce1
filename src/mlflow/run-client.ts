import { metricToJson, page, part, readArtifactFile, readMetric, readRun, readRunInfo } from './answers.js';
import { lastOfEach, toBatches } from './batches.js';
import {
  checkDatasets,
  checkId,
  checkInteger,
  checkMetrics,
  checkPairs,
  checkStatus,
  checkString,
  checkStrings,
} from './check.js';
import { type Call, type CallOptions, connectionOf, type MlflowConnection } from './connection.js';
import type { MlflowOptions } from './options.js';
import type {
  ArtifactPage,
  DatasetInput,
  KeyValue,
  Metric,
  MetricHistory,
  Run,
  RunInfo,
  RunPage,
  RunStatus,
  ViewType,
} from './types.js';

/**
 * Runs, with the methods of mlflow-js. Every method throws `ApiError` where the call fails, and
 * `ArgumentError` where an argument has a type that MLflow would drop silently. Times are Unix ms.
 */
export class RunClient {
  readonly #connection: MlflowConnection;

  constructor(tracking: string | MlflowConnection, options?: MlflowOptions) {
    this.#connection = connectionOf(tracking, options);
  }

  /**
   * Returns the new run. MLflow has no idempotency key for this: it is sent again only where the request
   * certainly did not reach the server, so after any other failure look whether the run is there.
   */
  async createRun(
    experiment_id: string,
    run_name?: string,
    start_time: number = Date.now(),
    tags?: readonly KeyValue[],
  ): Promise<Run> {
    checkId('the experiment_id', experiment_id);
    checkId('the run_name', run_name);
    checkInteger('the start_time', start_time);
    checkPairs('tags', tags);
    const answer = await this.#connection.call({
      method: 'POST',
      endpoint: 'runs/create',
      body: { experiment_id, run_name, start_time, tags: tags && lastOfEach(tags) },
      purpose: 'creating run',
      retry: 'unsent',
    });
    return part(answer, 'run', readRun);
  }

  /** Deleting a run that is deleted is no error. */
  async deleteRun(run_id: string): Promise<void> {
    checkId('the run_id', run_id);
    await this.#post('runs/delete', { run_id }, 'deleting run');
  }

  /** Restoring a run that is not deleted is no error. */
  async restoreRun(run_id: string): Promise<void> {
    checkId('the run_id', run_id);
    await this.#post('runs/restore', { run_id }, 'restoring run');
  }

  /** Of each metric the latest value. Deleted runs too: look at `info.lifecycle_stage`. */
  async getRun(run_id: string, { urgent }: CallOptions = {}): Promise<Run> {
    checkId('the run_id', run_id);
    const answer = await this.#get('runs/get', { run_id }, 'fetching run', urgent);
    return part(answer, 'run', readRun);
  }

  /** Changes what is given. Returns the run's info in an object, as MLflow and mlflow-js do. */
  async updateRun(
    run_id: string,
    status?: RunStatus,
    end_time?: number,
    run_name?: string,
    { urgent }: CallOptions = {},
  ): Promise<{ readonly run_info: RunInfo }> {
    checkId('the run_id', run_id);
    checkStatus(status);
    checkInteger('the end_time', end_time);
    checkId('the run_name', run_name);
    const body = { run_id, status, end_time, run_name };
    const answer = await this.#post('runs/update', body, 'updating run', { idempotent: true, urgent });
    return { run_info: part(answer, 'run_info', readRunInfo) };
  }

  async logMetric(
    run_id: string,
    key: string,
    value: number,
    timestamp: number = Date.now(),
    step?: number,
  ): Promise<void> {
    checkId('the run_id', run_id);
    const metric = { key, value, timestamp, ...(step === undefined ? {} : { step }) };
    if (key !== undefined && value !== undefined) checkMetrics([metric]);
    await this.#post('runs/log-metric', { run_id, ...metricToJson(metric) }, 'logging metric');
  }

  /**
   * Any number of metrics, params and tags; sent in as many requests as MLflow's limits need, one after the
   * other, so a failure may leave a part of them written. Of a key given twice as a tag or as a param the last
   * counts. A param that has another value already is an `ApiError`.
   */
  async logBatch(
    run_id: string,
    metrics: readonly Metric[] = [],
    params: readonly KeyValue[] = [],
    tags: readonly KeyValue[] = [],
    { urgent }: CallOptions = {},
  ): Promise<void> {
    checkId('the run_id', run_id);
    checkMetrics(metrics);
    checkPairs('params', params);
    checkPairs('tags', tags);
    for (const batch of toBatches({ metrics, params, tags })) {
      const body = { run_id, ...batch, metrics: batch.metrics.map(metricToJson) };
      await this.#post('runs/log-batch', body, 'logging batch', { idempotent: true, urgent });
    }
  }

  /** `model_json`: an MLmodel file as JSON text. */
  async logModel(run_id: string, model_json: string): Promise<void> {
    checkId('the run_id', run_id);
    checkId('the model_json', model_json);
    // MLflow appends to the run's list of models: sent twice it would be there twice.
    await this.#post('runs/log-model', { run_id, model_json }, 'logging model', { idempotent: false });
  }

  /**
   * Datasets that the run read. MLflow keeps the first source, schema and profile that anyone logged in the
   * experiment under one name and digest, and never changes the tags of an input that is there.
   */
  async logInputs(
    run_id: string,
    datasets: readonly DatasetInput[],
    { urgent }: CallOptions = {},
  ): Promise<void> {
    checkId('the run_id', run_id);
    checkDatasets(datasets);
    const inputs = datasets.map(({ dataset, tags }) => ({
      dataset,
      ...(tags === undefined ? {} : { tags: lastOfEach(tags) }),
    }));
    const body = { run_id, datasets: inputs };
    await this.#post('runs/log-inputs', body, 'in logging inputs', { idempotent: true, urgent });
  }

  /** MLflow cuts a value of more than 8,000 characters without a word. */
  async setTag(run_id: string, key: string, value: string): Promise<void> {
    checkId('the run_id', run_id);
    checkId('the key of the tag', key);
    checkString('the value of the tag', value);
    await this.#post('runs/set-tag', { run_id, key, value }, 'setting tag');
  }

  /** A tag that is not there is an `ApiError` for which `isNotFound` holds. */
  async deleteTag(run_id: string, key: string): Promise<void> {
    checkId('the run_id', run_id);
    checkId('the key of the tag', key);
    await this.#post('runs/delete-tag', { run_id, key }, 'deleting tag');
  }

  /** A param can be set once: another value later is an `ApiError`. */
  async logParam(run_id: string, key: string, value: string): Promise<void> {
    checkId('the run_id', run_id);
    checkId('the key of the param', key);
    checkString('the value of the param', value);
    await this.#post('runs/log-parameter', { run_id, key, value }, 'logging param');
  }

  /** One page of a metric's values, or all of them where `max_results` is not given. */
  async getMetricHistory(
    run_id: string,
    metric_key: string,
    page_token?: string,
    max_results?: number,
  ): Promise<MetricHistory> {
    if (max_results !== undefined) return this.#metricPage(run_id, metric_key, page_token, max_results);
    // Releases up to 3.9 at least read a missing max_results as 0 and answer with an empty page.
    const metrics: Metric[] = [];
    let token = page_token;
    do {
      const found = await this.#metricPage(run_id, metric_key, token, 25_000);
      metrics.push(...(found.metrics ?? []));
      token = found.next_page_token;
    } while (token !== undefined && token !== '');
    return { metrics };
  }

  /** One page of runs, 1,000 where `max_results` is not given; `runs` is left out where nothing is found. */
  async searchRuns(
    experiment_ids: readonly string[],
    filter?: string,
    run_view_type?: ViewType,
    max_results?: number,
    order_by?: readonly string[],
    page_token?: string,
    { urgent, maxBytes, retry }: CallOptions = {},
  ): Promise<RunPage> {
    checkStrings('experiment_ids', experiment_ids);
    checkId('the filter', filter);
    checkInteger('max_results', max_results);
    checkStrings('order_by', order_by);
    checkId('the page_token', page_token);
    const body = { experiment_ids, filter, run_view_type, max_results, order_by, page_token };
    const options = { idempotent: true, urgent, maxBytes, retry };
    const answer = await this.#post('runs/search', body, 'fetching runs that satisfy expressions', options);
    return page(answer, 'runs', readRun);
  }

  /** The files of one directory of the run's artifacts, the topmost where `path` is not given. */
  async listArtifacts(run_id: string, path?: string, page_token?: string): Promise<ArtifactPage> {
    checkId('the run_id', run_id);
    checkId('the path', path);
    checkId('the page_token', page_token);
    const answer = await this.#get('artifacts/list', { run_id, path, page_token }, 'listing artifacts');
    return page(answer, 'files', readArtifactFile);
  }

  async #metricPage(
    run_id: string,
    metric_key: string,
    page_token: string | undefined,
    max_results: number,
  ): Promise<MetricHistory> {
    checkId('the run_id', run_id);
    checkId('the metric_key', metric_key);
    checkId('the page_token', page_token);
    checkInteger('max_results', max_results);
    const query = { run_id, metric_key, page_token, max_results };
    const answer = await this.#get('metrics/get-history', query, 'fetching metric history');
    return page(answer, 'metrics', readMetric);
  }

  #get(
    endpoint: string,
    query: NonNullable<Call['query']>,
    purpose: string,
    urgent?: boolean,
  ): Promise<unknown> {
    return this.#connection.call({ method: 'GET', endpoint, query, purpose, urgent });
  }

  /** Writes that may be sent twice, unless `options` say otherwise. */
  #post(
    endpoint: string,
    body: NonNullable<Call['body']>,
    purpose: string,
    options: Pick<Call, 'idempotent' | 'urgent' | 'maxBytes' | 'retry'> = { idempotent: true },
  ): Promise<unknown> {
    return this.#connection.call({ method: 'POST', endpoint, body, purpose, ...options });
  }
}
