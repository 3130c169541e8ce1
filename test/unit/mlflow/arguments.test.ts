import { describe, expect, test, vi } from 'vitest';
import { createMlflowClients, type MlflowClients } from '../../../src/mlflow/clients.js';
import { ModelManager } from '../../../src/mlflow/managers/model-manager.js';
import { scripted } from '../../support/servers/scripted-server.js';

// What JavaScript callers, or JSON that was cast, can hand over in spite of the types.
const wrong = {
  number: 5 as unknown as string,
  nothing: null as unknown as string,
  missing: undefined as unknown as string,
  text: '5' as unknown as number,
};
const dataset = { name: 'd', digest: '1', source_type: 's3', source: '{}' };

const calls: [string, RegExp, (mlflow: MlflowClients) => Promise<unknown>][] = [
  ['a number as a tag', /value of the tag must be a string/, (m) => m.runs.setTag('r', 'k', wrong.number)],
  ['null as a tag', /but is null/, (m) => m.runs.setTag('r', 'k', wrong.nothing)],
  ['no value for a tag', /value of the tag/, (m) => m.runs.setTag('r', 'k', wrong.missing)],
  ['a number as a param', /value of the param/, (m) => m.runs.logParam('r', 'k', wrong.number)],
  [
    'a number in the tags of a batch',
    /value of "k" in tags/,
    (m) => m.runs.logBatch('r', [], [], [{ key: 'k', value: wrong.number }]),
  ],
  [
    'tags as an object',
    /tags must be a list/,
    (m) => m.runs.createRun('0', 'n', 1, { k: 'v' } as unknown as []),
  ],
  ['a fraction of a millisecond', /whole number, not 1.5/, (m) => m.runs.createRun('0', 'n', 1.5)],
  [
    'a text as an end time',
    /end_time must be a whole number/,
    (m) => m.runs.updateRun('r', 'FINISHED', wrong.text),
  ],
  [
    'a status that MLflow ignores',
    /status must be one of/,
    (m) => m.runs.updateRun('r', 'DONE' as 'FINISHED'),
  ],
  ['a number as a run id', /run_id must be a string/, (m) => m.runs.getRun(wrong.number)],
  ['a number among the experiments', /experiment_ids/, (m) => m.runs.searchRuns([wrong.number])],
  ['one id instead of a list', /list of strings/, (m) => m.runs.searchRuns('0' as unknown as string[])],
  ['a text as a metric', /metric "m" must be a number/, (m) => m.runs.logMetric('r', 'm', wrong.text)],
  [
    'a fraction as a step',
    /step of metric "m"/,
    (m) => m.runs.logBatch('r', [{ key: 'm', value: 1, timestamp: 1, step: 0.5 }]),
  ],
  [
    'a dataset without a name',
    /name of each dataset/,
    (m) => m.runs.logInputs('r', [{ dataset: { ...dataset, name: '' } }]),
  ],
  [
    'no dataset in an input',
    /dataset of each input/,
    (m) => m.runs.logInputs('r', [{} as unknown as { dataset: typeof dataset }]),
  ],
  ['datasets as an object', /datasets must be a list/, (m) => m.runs.logInputs('r', {} as unknown as [])],
  [
    'a number as an experiment tag',
    /value of the tag/,
    (m) => m.experiments.setExperimentTag('0', 'k', wrong.number),
  ],
  ['a number as a version', /version must be a string/, (m) => m.versions.getModelVersion('m', wrong.number)],
  [
    'a number as a version tag',
    /value of the tag/,
    (m) => m.versions.setModelVersionTag('m', '1', 'k', wrong.number),
  ],
  [
    'a number as a model tag',
    /value of the tag/,
    (m) => m.models.setRegisteredModelTag('m', 'k', wrong.number),
  ],
];

describe('what MLflow would take and drop without a word is never sent', () => {
  test.each(calls)('%s', async (_what, message, call) => {
    const server = await scripted({ status: 200 });
    const mlflow = createMlflowClients(server.url, { connections: 'new' });
    const error: unknown = await call(mlflow).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ name: 'ArgumentError', failure: { kind: 'permanent' } });
    expect((error as Error).message).toMatch(message);
    expect(server.seen).toHaveLength(0);
  });
});

test('a tracking URI that is no address is refused at once', () => {
  expect(() => createMlflowClients('sqlite:///x.db')).toThrow(/address of MLflow/);
  expect(() => createMlflowClients('databricks')).toThrow(TypeError);
});

test('what fails in a manager is thrown and not printed', async () => {
  const printed = vi.spyOn(console, 'error');
  const { url } = await scripted({ status: 404 });
  const manager = new ModelManager(url, { connections: 'new' });
  await expect(manager.createRegisteredModelWithVersion('m', 's3://m')).rejects.toThrow(/MLflow/);
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});
