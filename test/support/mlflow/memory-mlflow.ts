import { ApiError } from '../../../src/mlflow/api-error.js';
import { createMlflowClients, type MlflowClients } from '../../../src/mlflow/clients.js';
import type {
  Dataset,
  DatasetInput,
  Experiment,
  KeyValue,
  Run,
  RunStatus,
} from '../../../src/mlflow/types.js';
import { filterOf } from './memory-mlflow-filter.js';

export interface MemoryMlflow {
  readonly clients: MlflowClients;
  /** By id. */
  readonly runs: Map<string, Run>;
  readonly experiments: Map<string, Experiment>;
}

/**
 * An MLflow in memory that answers what the service asks as the real one does (`test/corpus/memory-mlflow.test.ts`
 * compares the two), for tests that need many servers or very many runs. What it does not know it refuses.
 */
export function memoryMlflow(): MemoryMlflow {
  const runs = new Map<string, Run>();
  const experiments = new Map<string, Experiment>();
  /** MLflow keeps the first writer's row for an experiment, a name and a digest. */
  const rows = new Map<string, Dataset>();
  let made = 0;
  const real = createMlflowClients('http://127.0.0.1:9', { retry: { retries: 0 }, connections: 'reuse' });

  function find(id: string): Run {
    const run = runs.get(id);
    if (run === undefined) throw answer(404, 'RESOURCE_DOES_NOT_EXIST', `Run with id=${id} not found`);
    return run;
  }

  /** A deleted run cannot be written to. */
  function writable(id: string): Run {
    const run = find(id);
    if (run.info.lifecycle_stage === 'active') return run;
    throw answer(400, 'INVALID_PARAMETER_VALUE', `The run ${id} must be in the 'active' state.`);
  }

  function keep(run: Run): void {
    runs.set(run.info.run_id, run);
  }

  function setTags(run: Run, tags: readonly KeyValue[]): void {
    const all = new Map([...(run.data.tags ?? []), ...tags].map(({ key, value }) => [key, value]));
    keep({ ...run, data: { ...run.data, tags: [...all].map(([key, value]) => ({ key, value })) } });
  }

  function rowOf(experiment: string, dataset: Dataset): Dataset {
    const key = JSON.stringify([experiment, dataset.name, dataset.digest]);
    const row = rows.get(key) ?? dataset;
    rows.set(key, row);
    return row;
  }

  const clients: MlflowClients = {
    ...real,
    version: async () => '3.17.2',
    experiments: known<MlflowClients['experiments']>({
      createExperiment: async (name, _place, tags = []) => {
        if ([...experiments.values()].some((other) => other.name === name)) {
          throw answer(400, 'RESOURCE_ALREADY_EXISTS', `Experiment(name=${name}) already exists.`);
        }
        const id = String(experiments.size + 1);
        experiments.set(id, { experiment_id: id, name, lifecycle_stage: 'active', tags });
        return id;
      },
      searchExperiment: async (_filter, max, token = '0') => {
        const all = [...experiments.values()];
        const end = Number(token) + max;
        const page = all.slice(Number(token), end);
        return { experiments: page, ...(all.length > end ? { next_page_token: String(end) } : {}) };
      },
      getExperiment: async (id) => experiments.get(id) ?? missing(`No Experiment with id=${id} exists`),
      getExperimentByName: async (name) =>
        [...experiments.values()].find((experiment) => experiment.name === name) ??
        missing(`Could not find experiment with name '${name}'`),
      setExperimentTag: async (id, key, value) => {
        const experiment = experiments.get(id) ?? missing(`No Experiment with id=${id} exists`);
        const others = (experiment.tags ?? []).filter((tag) => tag.key !== key);
        experiments.set(id, { ...experiment, tags: [...others, { key, value }] });
      },
    }),
    runs: known<MlflowClients['runs']>({
      createRun: async (experiment, name, start = Date.now(), tags = []) => {
        made += 1;
        const run: Run = {
          info: {
            run_id: made.toString(16).padStart(32, '0'),
            ...(name === undefined ? {} : { run_name: name }),
            experiment_id: experiment,
            status: 'RUNNING',
            start_time: start,
            lifecycle_stage: 'active',
          },
          data: {},
        };
        keep(run);
        setTags(run, tags);
        return find(run.info.run_id);
      },
      getRun: async (id) => find(id),
      updateRun: async (id, status, end, name) => {
        const { info, ...rest } = writable(id);
        const changes = {
          ...(status === undefined ? {} : { status: status as RunStatus }),
          ...(end === undefined ? {} : { end_time: end }),
          ...(name === undefined ? {} : { run_name: name }),
        };
        keep({ ...rest, info: { ...info, ...changes } });
        return { run_info: { ...info, ...changes } };
      },
      deleteRun: async (id) => {
        const { info, ...rest } = find(id);
        keep({ ...rest, info: { ...info, lifecycle_stage: 'deleted' } });
      },
      logBatch: async (id, metrics = [], params = [], tags = []) => {
        const run = writable(id);
        const data = {
          ...run.data,
          metrics: [...(run.data.metrics ?? []), ...metrics],
          params: [...(run.data.params ?? []), ...params],
        };
        setTags({ ...run, data }, tags);
      },
      setTag: async (id, key, value) => setTags(writable(id), [{ key, value }]),
      deleteTag: async (id, key) => {
        const run = writable(id);
        const tags = (run.data.tags ?? []).filter((tag) => tag.key !== key);
        if (tags.length === run.data.tags?.length) missing(`No tag with name: ${key} in run with id ${id}`);
        keep({ ...run, data: { ...run.data, tags } });
      },
      logInputs: async (id, datasets) => {
        const run = writable(id);
        const inputs = new Map<string, DatasetInput>(
          (run.inputs?.dataset_inputs ?? []).map((input) => [rowKey(input), input]),
        );
        for (const { tags, dataset } of datasets) {
          const input = {
            ...(tags === undefined ? {} : { tags }),
            dataset: rowOf(run.info.experiment_id, dataset),
          };
          // What is there already keeps its tags.
          if (!inputs.has(rowKey(input))) inputs.set(rowKey(input), input);
        }
        keep({ ...run, inputs: { dataset_inputs: [...inputs.values()] } });
      },
      searchRuns: async (ids, filter = '', view = 'ACTIVE_ONLY', max = 1_000, order = [], token = '0') => {
        const matches = filterOf(filter);
        const kept = [...runs.values()].filter(
          (run) => ids.includes(run.info.experiment_id) && isIn(view, run) && matches(run),
        );
        const sorted = kept.sort(orderOf(order[0]));
        const end = Number(token) + max;
        const page = sorted.slice(Number(token), end);
        return { runs: page, ...(sorted.length > end ? { next_page_token: String(end) } : {}) };
      },
    }),
    versions: known<MlflowClients['versions']>({
      searchModelVersions: async () => [],
      searchModelVersionsPage: async () => ({}),
    }),
    models: known<MlflowClients['models']>({}),
  };
  return { clients, runs, experiments };
}

function rowKey({ dataset }: DatasetInput): string {
  return JSON.stringify([dataset.name, dataset.digest]);
}

function isIn(view: string, { info }: Run): boolean {
  return view === 'ALL' || (info.lifecycle_stage === 'active') === (view === 'ACTIVE_ONLY');
}

/** Newest first where no order is given, as MLflow answers. */
function orderOf(order = 'attributes.start_time DESC'): (a: Run, b: Run) => number {
  const name = order.includes('end_time') ? 'end_time' : 'start_time';
  const sign = order.endsWith('DESC') ? -1 : 1;
  return (a, b) =>
    sign * ((a.info[name] ?? 0) - (b.info[name] ?? 0)) || (a.info.run_id < b.info.run_id ? -1 : 1);
}

/** What is not among the methods is refused, so that nothing is answered that was not thought of. */
function known<T extends object>(methods: Partial<T>): T {
  return new Proxy(methods, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (method !== undefined) return method;
      return async () => {
        throw new Error(`the MLflow in memory does not know ${String(name)}`);
      };
    },
  }) as T;
}

function missing(message: string): never {
  throw answer(404, 'RESOURCE_DOES_NOT_EXIST', message);
}

function answer(status: number, code: string, message: string): ApiError {
  const json = { error_code: code, message };
  return new ApiError({
    name: 'MLflow',
    method: 'POST',
    url: 'memory:',
    status,
    json,
    body: JSON.stringify(json),
  });
}
