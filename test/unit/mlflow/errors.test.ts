import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../src/domain/common/failure.js';
import { HttpError } from '../../../src/http/error.js';
import { ApiError, isAlreadyExists, isNotActive, isNotFound } from '../../../src/mlflow/api-error.js';
import { createMlflowClients, type MlflowClients } from '../../../src/mlflow/clients.js';
import { type Answer, scripted } from '../../support/servers/scripted-server.js';

function answer(status: number, error_code: string, message: string): Answer {
  return { status, body: JSON.stringify({ error_code, message, sqlstate: 'KAM00' }) };
}

function html(status: number, body: string): Answer {
  return { status, body, headers: { 'content-type': 'text/html; charset=utf-8' } };
}

function plainText(status: number, body: string): Answer {
  return { status, body, headers: { 'content-type': 'text/plain' } };
}

async function failing(
  reply: Answer,
  call: (mlflow: MlflowClients) => Promise<unknown> = (mlflow) => mlflow.runs.setTag('r', 'k', 'v'),
): Promise<ApiError> {
  const server = await scripted(reply);
  const mlflow = createMlflowClients(server.url, { connections: 'new', retry: { retries: 0 } });
  const error: unknown = await call(mlflow).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

const unique =
  '(sqlite3.IntegrityError) UNIQUE constraint failed: tags.key, tags.run_uuid [SQL: INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)]';
const postgresUnique =
  '(psycopg2.errors.UniqueViolation) duplicate key value violates unique constraint "dataset_pk"';
const pool =
  'QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00 (Background on this error at: https://sqlalche.me/e/20/3o7r)';
const page = '<!doctype html>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>';

describe('a failure', () => {
  test.each<[Failure['kind'], string, Answer]>([
    ['transient', 'a race on SQLite', answer(400, 'BAD_REQUEST', unique)],
    ['transient', 'a race on PostgreSQL', answer(400, 'BAD_REQUEST', postgresUnique)],
    ['unavailable', 'an exhausted pool', answer(400, 'BAD_REQUEST', pool)],
    ['unavailable', 'an exhausted pool told as an inner error', answer(500, 'INTERNAL_ERROR', pool)],
    [
      'permanent',
      'a value too long',
      answer(400, 'BAD_REQUEST', 'value too long for type character varying(250)'),
    ],
    [
      'permanent',
      'a foreign key',
      answer(400, 'BAD_REQUEST', '(sqlite3.IntegrityError) FOREIGN KEY constraint failed'),
    ],
    ['permanent', 'another BAD_REQUEST', answer(400, 'BAD_REQUEST', 'no idea')],
    ['permanent', 'a wrong parameter', answer(400, 'INVALID_PARAMETER_VALUE', 'nope')],
    [
      'permanent',
      'a taken name',
      answer(400, 'RESOURCE_ALREADY_EXISTS', 'Experiment(name=x) already exists'),
    ],
    ['permanent', 'something missing', answer(404, 'RESOURCE_DOES_NOT_EXIST', 'Run with id=r not found')],
    ['transient', 'an aborted transaction', answer(409, 'ABORTED', 'try again')],
    ['unavailable', 'a limit on requests', answer(429, 'REQUEST_LIMIT_EXCEEDED', 'slow down')],
    ['unavailable', 'a locked database', answer(503, 'TEMPORARILY_UNAVAILABLE', 'database is locked')],
    ['transient', 'an inner error', answer(500, 'INTERNAL_ERROR', 'oops')],
    [
      'permanent',
      'NUL on PostgreSQL',
      answer(500, 'INTERNAL_ERROR', 'A string literal cannot contain NUL (0x00) characters.'),
    ],
    [
      'unavailable',
      'a workspace header too many',
      answer(500, 'FEATURE_DISABLED', 'Workspaces are not enabled'),
    ],
    ['transient', 'a page of HTML with 500', html(500, page)],
    ['unavailable', 'no credentials', html(401, 'You are not authenticated.')],
    ['permanent', 'no rights', html(403, 'Permission denied')],
    ['unavailable', 'an unknown route', html(404, '<h1>Not Found</h1>')],
    ['unavailable', 'a gateway without MLflow behind it', html(502, '<h1>Bad Gateway</h1>')],
    ['unavailable', 'a reset', 'reset'],
  ])('is %s for %s', async (kind, _what, reply) => {
    expect((await failing(reply)).failure).toEqual({ kind });
  });

  test('is transient for a page of HTML with 500 on log-batch: MLflow answers so what it cannot parse, and any proxy in trouble', async () => {
    const error = await failing(html(500, page), (mlflow) => mlflow.runs.logBatch('r'));
    expect(error.failure).toEqual({ kind: 'transient' });
  });

  test('keeps the time that the server asks for', async () => {
    const error = await failing({ status: 429, headers: { 'retry-after': '5' } });
    expect(error.failure).toEqual({ kind: 'unavailable', retryAfterMs: 5_000 });
  });
});

describe('an ApiError', () => {
  test('keeps status, error code and text of a JSON answer', async () => {
    const error = await failing(answer(404, 'RESOURCE_DOES_NOT_EXIST', 'Run with id=r not found'));
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({
      name: 'ApiError',
      status: 404,
      statusCode: 404,
      error_code: 'RESOURCE_DOES_NOT_EXIST',
      text: 'Run with id=r not found',
    });
    expect(error.message).toMatch(
      /^Error setting tag: Run with id=r not found \(404 RESOURCE_DOES_NOT_EXIST, POST http:\S+\/runs\/set-tag\)$/,
    );
  });

  test('keeps status and text of an answer that is not JSON', async () => {
    const error = await failing(html(403, 'Permission denied'));
    expect(error).toMatchObject({ status: 403, error_code: undefined, text: 'Permission denied' });
  });

  test('reads the nested error of a gateway', async () => {
    const error = await failing({ status: 400, body: '{"error":{"code":"UserError","message":"not here"}}' });
    expect(error.text).toBe('not here');
  });

  test.each([
    [404, '{"Error":{"Code":"UserError","Message":"no such run"},"Time":"now"}', 'no such run'],
    [
      404,
      '{"error_code":"RESOURCE_DOES_NOT_EXIST","Error":{"Code":"UserError","Message":"no such run"}}',
      'no such run',
    ],
    [400, '{"error":"experiment_id is missing"}', 'experiment_id is missing'],
    [
      403,
      '{"error":"insufficient_scope","error_description":"it needs api"}',
      'insufficient_scope: it needs api',
    ],
  ])("of a hosted server with %i keeps the server's own text of %s", async (status, body, words) => {
    const error = await failing({ status, body });
    expect(error.text).toBe(words);
    expect(error.message).toContain(`: ${words}`);
    expect(error.message).not.toContain('{');
  });

  test('a bare text with 403 blames the whole server, as a proxy may answer so to everything', async () => {
    expect((await failing({ status: 403, body: '{"error":"insufficient_scope"}' })).failure).toEqual({
      kind: 'unavailable',
    });
  });

  test('says which setting of MLflow mends a refused Host header, with the port', async () => {
    const server = plainText(403, 'Invalid Host header - possible DNS rebinding attack detected');
    const { message, url } = await failing(server);
    const { host } = new URL(url);
    expect(message).toContain(`MLflow refuses the Host header "${host}"`);
    expect(message).toContain(`--allowed-hosts "${host}"`);
    expect(message).toContain('MLFLOW_SERVER_ALLOWED_HOSTS');
  });

  test.each([401, 403])('names the settings of the credentials for %i', async (status) => {
    const { message } = await failing(html(status, 'Permission denied'));
    expect(message).toContain('MLFLOW_TRACKING_USERNAME');
    expect(message).toContain('MLFLOW_TRACKING_PASSWORD');
  });

  test.each([
    ['a read', 'READ', (mlflow: MlflowClients) => mlflow.runs.getRun('r')],
    ['a search', 'READ', (mlflow: MlflowClients) => mlflow.runs.searchRuns(['1'], '')],
    ['a write', 'EDIT', (mlflow: MlflowClients) => mlflow.runs.setTag('r', 'k', 'v')],
  ])('asks for no more than is needed: for %s the permission %s', async (_, permission, call) => {
    const { message } = await failing(html(403, 'Permission denied'), call);
    expect(message).toContain(`give it the permission ${permission} on the experiment or model`);
  });

  test.each([
    ['a read', 'READ', (mlflow: MlflowClients) => mlflow.runs.getRun('r')],
    ['a write', 'EDIT', (mlflow: MlflowClients) => mlflow.runs.setTag('r', 'k', 'v')],
  ])(
    'for %s that MLflow denies in JSON it names the permission %s and the workspace',
    async (_, right, call) => {
      const { message } = await failing(answer(403, 'PERMISSION_DENIED', 'no such right'), call);
      expect(message).toContain('no such right (403 PERMISSION_DENIED');
      expect(message).toContain(`give it the permission ${right} on the experiment or model`);
      expect(message).toContain('MLFLOW_WORKSPACE');
    },
  );

  test('points at the address for an unknown route', async () => {
    expect((await failing(html(404, 'Not Found'))).message).toContain('MLFLOW_TRACKING_URI');
  });
});

describe('the predicates', () => {
  const deleted = answer(
    400,
    'INVALID_PARAMETER_VALUE',
    "The run r must be in the 'active' state. Current state is deleted.",
  );
  const cases = [
    ['isAlreadyExists', isAlreadyExists, answer(400, 'RESOURCE_ALREADY_EXISTS', 'exists')],
    ['isNotActive', isNotActive, deleted],
    ['isNotFound', isNotFound, answer(404, 'RESOURCE_DOES_NOT_EXIST', 'no')],
  ] as const;

  test.each(cases)('%s holds for its own answer alone', async (_name, predicate, reply) => {
    expect(predicate(await failing(reply))).toBe(true);
    for (const [, , other] of cases) {
      if (other !== reply) expect(predicate(await failing(other))).toBe(false);
    }
    expect(predicate(new Error('exists'))).toBe(false);
  });

  test('a 404 that is not of MLflow proves nothing', async () => {
    expect(isNotFound(await failing(html(404, 'Not Found')))).toBe(false);
  });
});

describe('retries', () => {
  function client(url: string): MlflowClients {
    return createMlflowClients(url, { connections: 'new', retry: { jitter: 0, factor: 0 } });
  }

  test('a race is sent again', async () => {
    const server = await scripted(answer(400, 'BAD_REQUEST', unique), { status: 200 });
    await client(server.url).runs.setTag('r', 'k', 'v');
    expect(server.seen).toHaveLength(2);
  });

  test.each<[string, Answer]>([
    ['FEATURE_DISABLED', answer(500, 'FEATURE_DISABLED', 'no workspaces')],
    ['an exhausted pool', answer(400, 'BAD_REQUEST', pool)],
    ['a wrong parameter', answer(400, 'INVALID_PARAMETER_VALUE', 'no')],
  ])('%s is not sent again', async (_what, reply) => {
    const server = await scripted(reply, { status: 200 });
    await expect(client(server.url).runs.setTag('r', 'k', 'v')).rejects.toThrow(ApiError);
    expect(server.seen).toHaveLength(1);
  });

  test.each<[string, Answer]>([
    ['a reset', 'reset'],
    ['500', answer(500, 'INTERNAL_ERROR', 'x')],
    ['502', html(502, '')],
    ['503', answer(503, 'TEMPORARILY_UNAVAILABLE', 'x')],
    ['504', html(504, '')],
  ])('a run is never created twice after %s', async (_what, reply) => {
    const server = await scripted(reply, { status: 200 });
    await expect(client(server.url).runs.createRun('0')).rejects.toThrow(ApiError);
    expect(server.seen).toHaveLength(1);
  });

  test('a search is sent again although it is a POST', async () => {
    const server = await scripted('reset', { status: 200 });
    expect(await client(server.url).runs.searchRuns(['0'])).toEqual({});
    expect(server.seen).toHaveLength(2);
  });

  test('an answer that lacks what was asked for is an error and not an undefined', async () => {
    const server = await scripted({ status: 200, body: '{"hello":"I am not MLflow"}' });
    await expect(client(server.url).runs.getRun('r')).rejects.toThrow(/no usable "run"/);
    await expect(client(server.url).experiments.createExperiment('x')).rejects.toThrow(/experiment_id/);
  });
});
