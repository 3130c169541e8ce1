import { describe, expect, test } from 'vitest';
import { createMlflowClients } from '../../../../src/mlflow/clients.js';
import type { ModelVersion } from '../../../../src/mlflow/types.js';
import { NotThereError } from '../../../../src/queries/shared/not-found.js';
import { runOf } from '../../../../src/queries/shared/run-of.js';
import { readWhat } from '../../../../src/queries/shared/target.js';
import { scripted } from '../../../support/servers/scripted-server.js';

const logged = `m-${'9'.repeat(32)}`;
const missing = (message: string) => ({
  status: 404,
  body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message },
});

/** An MLflow that answers by endpoint and arguments; what it is not told of is not there. */
async function ask(text: string, answers: Record<string, { status?: number; body: unknown }>) {
  const asked: string[] = [];
  const server = await scripted(({ url }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://x');
    const endpoint = decodeURIComponent(pathname).replace('/api/2.0/mlflow/', '');
    const key = [endpoint, ...searchParams.values()].join(' ');
    asked.push(key);
    const { status = 200, body } = answers[key] ?? missing('not found');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const what = readWhat(text);
  if (what.kind === 'none' || what.kind === 'data') throw new Error('not a model');
  const mlflow = createMlflowClients(server.url, { connections: 'new', retry: { retries: 0 } });
  const found = await runOf(what, mlflow).catch((error: unknown) => {
    if (error instanceof NotThereError) return error.message;
    throw error;
  });
  return { found, asked };
}

const version = (parts: Partial<ModelVersion>) => ({
  body: { model_version: { name: 'boats', version: '3', ...parts } },
});

describe('the run of a model', () => {
  test('a run is its own, and nothing is asked', async () => {
    const { found, asked } = await ask('a'.repeat(32), {});
    expect(found).toEqual({ runId: 'a'.repeat(32), model: undefined });
    expect(asked).toEqual([]);
  });

  test('a version names its run and its aliases', async () => {
    const { found, asked } = await ask('models:/boats/3', {
      'model-versions/get boats 3': version({ run_id: 'r1', aliases: ['champion'] }),
    });
    expect(found).toEqual({
      runId: 'r1',
      model: {
        asked: 'models:/boats/3',
        version: { name: 'boats', version: '3' },
        aliases: ['champion'],
        loggedModel: undefined,
      },
    });
    expect(asked).toHaveLength(1);
  });

  test('an alias leads to its version', async () => {
    const { found } = await ask('models:/two words@the best', {
      'registered-models/alias two words the best': version({ name: 'two words', run_id: 'r1' }),
    });
    expect(found).toMatchObject({ runId: 'r1', model: { version: { name: 'two words', version: '3' } } });
  });

  test.each([
    [`models:/${logged}`, { [`logged-models/${logged}`]: { body: { model: modelOf('r2') } } }],
    ['runs:/0a1b2c3d4e5f60718293a4b5c6d7e8f9/model', {}],
    ['models:/origin/1', { 'model-versions/get origin 1': version({ name: 'origin', run_id: 'r2' }) }],
  ])('a version without a run whose source is %j leads there', async (source, answers) => {
    const { found } = await ask('models:/boats/3', {
      'model-versions/get boats 3': version({ run_id: '', source }),
      ...answers,
    });
    const runId = source.startsWith('runs:') ? '0a1b2c3d4e5f60718293a4b5c6d7e8f9' : 'r2';
    expect(found).toMatchObject({ runId, model: { version: { name: 'boats', version: '3' } } });
  });

  test('a logged model names its run', async () => {
    const { found } = await ask(`models:/${logged}`, {
      [`logged-models/${logged}`]: { body: { model: modelOf('r3') } },
    });
    expect(found).toMatchObject({ runId: 'r3', model: { version: undefined, loggedModel: logged } });
  });

  test.each<[string, string, Record<string, { status?: number; body: unknown }>]>([
    ['models:/boats/9', 'MLFLOW_TRACKING_URI (and MLFLOW_WORKSPACE, where', {}],
    ['models:/boats@best', 'has no registered model "boats": check the name', {}],
    [
      'models:/boats/9',
      'model "boats" has no version 9: its newest is 4',
      {
        'registered-models/get boats': {
          body: {
            registered_model: {
              name: 'boats',
              latest_versions: [
                { name: 'boats', version: '3' },
                { name: 'boats', version: '4' },
              ],
            },
          },
        },
      },
    ],
    [
      'models:/boats/1',
      'model "boats" has no version 1: it has none',
      { 'registered-models/get boats': { body: { registered_model: { name: 'boats' } } } },
    ],
    [
      'models:/boats@best',
      'model "boats" has no alias "best": it has "champion"',
      {
        'registered-models/alias boats best': {
          status: 400,
          body: { error_code: 'INVALID_PARAMETER_VALUE', message: 'Registered model alias best not found.' },
        },
        'registered-models/get boats': {
          body: { registered_model: { name: 'boats', aliases: [{ alias: 'champion', version: '1' }] } },
        },
      },
    ],
    [
      'models:/boats/3',
      'models:/boats/3 names no run that made it',
      { 'model-versions/get boats 3': version({ run_id: '', source: 'lakefs://repo/main/model/' }) },
    ],
    [
      'models:/boats/3',
      'names no run that made it',
      { 'model-versions/get boats 3': version({ source: 'models:/boats/3' }) },
    ],
    [
      `models:/${logged}`,
      'was logged outside of a run',
      { [`logged-models/${logged}`]: { body: { model: modelOf('') } } },
    ],
    [`models:/${logged}`, `has no logged model ${logged}: check the id, and MLFLOW_WORKSPACE`, {}],
    [
      `models:/${logged}`,
      'as before MLflow 3',
      { [`logged-models/${logged}`]: { status: 404, body: 'Not Found' } },
    ],
  ])('%s may lead nowhere: %s', async (text, message, answers) => {
    expect((await ask(text, answers)).found).toContain(message);
  });

  test('another failure is not taken for an absence', async () => {
    await expect(
      ask('models:/boats@best', {
        'registered-models/alias boats best': { status: 403, body: 'Permission denied' },
      }),
    ).rejects.toThrow('403');
  });
});

function modelOf(run: string) {
  return { info: { model_id: logged, experiment_id: '1', source_run_id: run } };
}
