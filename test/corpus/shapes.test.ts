import { randomBytes } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { createMlflowClients } from '../../src/mlflow/clients.js';
import type { Run } from '../../src/mlflow/types.js';
import { type TrainingInput, train } from '../support/mlflow/train.js';
import { realServers } from '../support/servers/real-servers.js';
import { code, deltaMeta, http, type InputSpec, pandas, spark, writeInput } from './harness/inputs.js';
import { sendTo } from './harness/send.js';

const { mlflow } = realServers();
const clients = createMlflowClients(mlflow.url);
const commit = 'a'.repeat(64);
const csv = `s3://lake/${commit}/gold/train.csv`;
const page = `https://lakefs.example.com/api/v1/repositories/lake/refs/${commit}/objects?path=gold%2Ftrain.csv`;
const table = `s3a://lake/${commit}/gold/été/`;

/** What a case writes, and what Python's client is told to write. */
const twins: readonly (readonly [string, InputSpec, TrainingInput])[] = [
  ['pandas', pandas(csv, { name: 'train' }), { source: csv, name: 'train' }],
  ['pandas-http', { ...pandas(''), ...onlySource(http(page)), name: 'web' }, { source: page, name: 'web' }],
  [
    'delta',
    withoutVersion(deltaMeta(table, { name: 'table' })),
    { source: table, name: 'table', kind: 'delta' },
  ],
  ['spark', spark(table, { name: 'frame' }), { source: table, name: 'frame', kind: 'spark' }],
  ['code', { ...code(), name: 'memory' }, { name: 'memory', kind: 'code' }],
];

let byPython: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  const experiment = `shapes-${randomBytes(4).toString('hex')}`;
  byPython = await train(
    mlflow,
    twins.map(([name, , input]) => ({
      name,
      experiment,
      inputs: [input],
      tags: { lakefs_repo: 'lake', lakefs_commit: commit },
    })),
  );
});

test.each(twins)("what a case writes as %s is what Python's client writes", async (name, input) => {
  const python = await clients.runs.getRun(byPython[name] ?? '');
  const send = sendTo(mlflow.url);
  const { experiment_id: experiment } = await send('experiments/create', {
    name: `shapes-${randomBytes(4).toString('hex')}`,
  });
  const { run } = await send('runs/create', {
    experiment_id: experiment,
    run_name: name,
    start_time: 1,
    tags: [],
  });
  const { run_id: id } = (run as Run).info;
  await send('runs/log-inputs', { run_id: id, datasets: [writeInput(input, (text) => text)] });
  expect(shapeOf(await clients.runs.getRun(id))).toEqual(shapeOf(python));
});

/** All of an input that decisions look at, with the values that depend on the frame made equal. */
function shapeOf(run: Run): unknown {
  return (run.inputs?.dataset_inputs ?? []).map(({ dataset, tags }) => ({
    tags,
    name: dataset.name,
    source_type: dataset.source_type,
    source: dataset.source_type === 'code' ? Object.keys(JSON.parse(dataset.source)) : dataset.source,
    digest: /^[0-9a-f]{8}$/.test(dataset.digest),
    schema: dataset.schema && Object.keys(JSON.parse(dataset.schema)),
    columns: dataset.schema && Object.keys(JSON.parse(dataset.schema).mlflow_colspec[0]).sort(),
    profile: dataset.profile && Object.keys(JSON.parse(dataset.profile)),
  }));
}

function onlySource({ shape, source }: InputSpec): Pick<InputSpec, 'shape' | 'source'> {
  return { shape, source };
}

function withoutVersion(input: InputSpec): InputSpec {
  return { ...input, source: { path: (input.source as { path: string }).path } };
}
