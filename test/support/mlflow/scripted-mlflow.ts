import { createMlflowClients, type MlflowClients } from '../../../src/mlflow/clients.js';
import type { KeyValue, Run } from '../../../src/mlflow/types.js';

export interface ScriptedMlflow {
  readonly clients: MlflowClients;
  readonly runs: Run[];
  /** Replaces the tags of every run. */
  tagAll(tags: readonly KeyValue[]): void;
  tagsOf(run: string): readonly KeyValue[];
}

export const scriptedExperiment = {
  experiment_id: '1',
  name: 'training',
  lifecycle_stage: 'active' as const,
};

/** An MLflow that holds runs in memory and answers what sweeps and links ask; every other call fails. */
export function scriptedMlflow(): ScriptedMlflow {
  const runs: Run[] = [];
  const find = (id: string): Run => {
    const found = runs.find(({ info }) => info.run_id === id);
    if (found === undefined) throw new Error(`there is no run ${id}`);
    return found;
  };
  const replace = (run: Run, tags: readonly KeyValue[]): Run => ({ ...run, data: { ...run.data, tags } });
  const real = createMlflowClients('http://127.0.0.1:9', { retry: { retries: 0 }, connections: 'reuse' });
  const clients: MlflowClients = {
    ...real,
    version: async () => '3.17.2',
    experiments: {
      ...refusing(real.experiments),
      searchExperiment: async () => ({ experiments: [scriptedExperiment] }),
    },
    versions: { ...refusing(real.versions), searchModelVersionsPage: async () => ({}) },
    runs: {
      ...refusing(real.runs),
      getRun: async (id) => find(id),
      searchRuns: async (experiments, filter = '', _view, max = 1_000, _order, token = '0') => {
        const start = Number(token);
        const kept = experiments.includes(scriptedExperiment.experiment_id)
          ? runs.filter(filterOf(filter))
          : [];
        const page = kept.slice(start, start + max);
        return { runs: page, ...(kept.length > start + max ? { next_page_token: String(start + max) } : {}) };
      },
      logBatch: async (id, _metrics, _params, tags = []) => {
        const run = find(id);
        const old = (run.data.tags ?? []).filter(({ key }) => !tags.some((tag) => tag.key === key));
        runs[runs.indexOf(run)] = replace(run, [...old, ...tags]);
      },
    },
  };
  return {
    clients,
    runs,
    tagAll: (tags) => {
      for (const [index, run] of runs.entries()) runs[index] = replace(run, tags);
    },
    tagsOf: (id) => find(id).data.tags ?? [],
  };
}

/** A finished run that started so long after the first, and read this address. */
export function readingRun(index: number, start: number, uri: string): Run {
  return {
    info: {
      run_id: index.toString(16).padStart(32, '0'),
      experiment_id: scriptedExperiment.experiment_id,
      status: 'FINISHED',
      start_time: start + index,
      end_time: start + index + 60_000,
      lifecycle_stage: 'active',
    },
    data: {},
    inputs: {
      dataset_inputs: [
        {
          dataset: {
            name: 'train',
            digest: '0123abcd',
            source_type: 's3',
            source: JSON.stringify({ uri }),
            schema: JSON.stringify({ mlflow_colspec: [{ type: 'double', name: 'value', required: true }] }),
            profile: JSON.stringify({ num_rows: 100, num_elements: 100 }),
          },
        },
      ],
    },
  };
}

/** Methods of a class are not copied by a spread: each becomes one that says what was not foreseen. */
function refusing<T extends object>(client: T): T {
  return new Proxy(client, {
    ownKeys: () => Object.getOwnPropertyNames(Object.getPrototypeOf(client)),
    getOwnPropertyDescriptor: (_target, name) => ({
      configurable: true,
      enumerable: name !== 'constructor',
      value: async () => {
        throw new Error(`the scripted MLflow does not know ${String(name)}`);
      },
    }),
    get: (_target, name) => async () => {
      throw new Error(`the scripted MLflow does not know ${String(name)}`);
    },
  });
}

/** The filters that sweeps use: comparisons joined by AND. */
function filterOf(filter: string): (run: Run) => boolean {
  const tests = filter
    .split(' AND ')
    .filter((part) => part !== '')
    .map(comparison);
  return (run) => tests.every((test) => test(run));
}

function comparison(text: string): (run: Run) => boolean {
  const tag = /^tags\.(\w+) = '([^']*)'$/.exec(text);
  if (tag)
    return ({ data }) => (data.tags ?? []).some(({ key, value }) => key === tag[1] && value === tag[2]);
  const leftOut = /^attributes\.run_id NOT IN \((.*)\)$/.exec(text)?.[1];
  if (leftOut !== undefined) {
    const ids = new Set(leftOut.split(',').map((id) => id.slice(1, -1)));
    return ({ info }) => !ids.has(info.run_id);
  }
  const digests = /^dataset\.digest (?:=|IN) \(?(.*?)\)?$/.exec(text)?.[1];
  if (digests !== undefined) {
    const wanted = new Set(digests.split(',').map((digest) => digest.slice(1, -1)));
    return ({ inputs }) => (inputs?.dataset_inputs ?? []).some(({ dataset }) => wanted.has(dataset.digest));
  }
  const [, name, operator, value] =
    /^attributes\.(status|start_time|end_time) (=|>=|<) '?(\w+)'?$/.exec(text) ?? [];
  if (name === 'status') return ({ info }) => info.status === value;
  const time = name === 'start_time' ? 'start_time' : 'end_time';
  if (name === undefined) throw new Error(`the scripted MLflow does not know the filter ${text}`);
  return ({ info }) => {
    const there = info[time] ?? 0;
    return operator === '<' ? there < Number(value) : there >= Number(value);
  };
}
