import { expect, test } from 'vitest';
import { failureOf } from '../../../src/domain/common/failure.js';
import {
  isConflict,
  isDirtyBranch,
  isNoChanges,
  isNotFound,
  isProtectedBranch,
  LakefsError,
} from '../../../src/lakefs/errors.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import { aCommit, collect, scripted } from '../../support/lakefs/scripted-server.js';

async function failing(
  status: number,
  body: unknown,
  call: (client: LakefsClient) => Promise<unknown> = (client) => client.getBranch('images', 'main'),
): Promise<LakefsError> {
  const { client } = await scripted(() => ({ status, body }));
  const error = await call(client).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LakefsError)) throw new Error(`expected a LakefsError, got ${error}`);
  return error;
}

test('Wrong keys: the message names the settings to check', async () => {
  const error = await failing(401, { message: 'error authenticating request' }, (client) =>
    client.getRepository('images'),
  );
  expect(error.message).toBe(
    'lakeFS answered 401 for repository "images": check LAKECTL_CREDENTIALS_ACCESS_KEY_ID and ' +
      'LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY',
  );
  expect(error.status).toBe(401);
});

test('A missing permission is distinguished from wrong keys, though both are 401', async () => {
  const error = await failing(401, { message: 'insufficient permissions: fs:ReadCommit' });
  expect(error.message).toContain('insufficient permissions: fs:ReadCommit');
  expect(error.message).not.toContain('SECRET_ACCESS_KEY');
});

test('Not found: says what, in words', async () => {
  const error = await failing(404, { message: 'branch not found' });
  expect(error.message).toBe(
    'lakeFS answered 404 for branch "main" of repository "images": branch not found',
  );
  expect(isNotFound(error)).toBe(true);
  expect(failureOf(error)?.kind).toBe('permanent');
});

test('An API path that lakeFS does not know points at the endpoint setting', async () => {
  const error = await failing(404, { message: 'invalid API endpoint' });
  expect(error.message).toContain('LAKECTL_SERVER_ENDPOINT_URL');
});

test.each([
  [400, { message: 'commit: no changes' }, isNoChanges],
  [400, { message: 'update branch main: no changes' }, isNoChanges],
  [400, { message: 'uncommitted changes (dirty branch)' }, isDirtyBranch],
  [403, { message: 'cannot commit to protected branch' }, isProtectedBranch],
  [409, { reference: '' }, isConflict],
] as const)('%i %j is recognised, and permanent', async (status, body, is) => {
  const error = await failing(status, body, (client) => client.merge('images', 'a', 'main'));
  expect(is(error)).toBe(true);
  expect([isNoChanges, isDirtyBranch, isProtectedBranch, isConflict].filter((one) => one(error))).toEqual([
    is,
  ]);
  expect(failureOf(error)?.kind).toBe('permanent');
});

test.each([
  ['ref: invalid value: validation error', 'permanent'],
  ["prepare-commit hook aborted, run id '1': 1 error occurred:\n\t* parsing file", 'permanent'],
  ['something broke', 'transient'],
])('500 "%s" is %s', async (message, kind) => {
  expect(failureOf(await failing(500, { message }))?.kind).toBe(kind);
});

test.each([429, 502, 503, 504])('%i: the server is the problem, not the request', async (status) => {
  expect(failureOf(await failing(status, 'busy'))?.kind).toBe('unavailable');
});

test('A schema error keeps its first line, without the schema', async () => {
  const error = await failing(400, {
    message: 'number must be at most 1000\nSchema:\n  {\n "default": 100 }',
  });
  expect(error.message).toBe(
    'lakeFS answered 400 for branch "main" of repository "images": number must be at most 1000',
  );
});

test('The message is one line, whatever lakeFS says', async () => {
  const error = await failing(412, { message: 'hook aborted:\n\t* one\n\t* two\u001b[31m' });
  expect(error.message).not.toMatch(/\p{Cc}/u);
});

test('No answer: says the address, and that the server is the problem', async () => {
  const { client } = await scripted(() => ({}), { endpoint: 'http://127.0.0.1:1' });
  const error = await client.getRepository('images').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LakefsError);
  expect(String(error)).toContain('http://127.0.0.1:1');
  expect(failureOf(error)?.kind).toBe('unavailable');
});

test('No error carries the secret key', async () => {
  const error = await failing(403, { message: 'you sent the-secret-key' });
  expect(JSON.stringify(error) + error.message + error.stack).not.toContain('the-secret-key');
});

test.each<[string, unknown, (client: LakefsClient) => Promise<unknown>]>([
  ['a login page', '<html>log in</html>', (client) => client.getRepository('images')],
  ['an empty body', '', (client) => client.getRepository('images')],
  ['a list', [], (client) => client.getCommit('images', 'main')],
  ['null', null, (client) => client.getCommit('images', 'main')],
  ['a commit without id', { ...aCommit('x'), id: undefined }, (client) => client.getCommit('images', 'main')],
  [
    'a commit whose id is a number',
    { ...aCommit('x'), id: 7 },
    (client) => client.getCommit('images', 'main'),
  ],
  ['a listing without results', { pagination: {} }, (client) => collect(client.tags('images'))],
  ['a listing without pagination', { results: [] }, (client) => collect(client.tags('images'))],
  ['a merge without reference', {}, (client) => client.merge('images', 'a', 'b')],
  ['no version', { version_config: null }, (client) => client.version()],
])('200 with %s is a LakefsError that names the address', async (_, body, call) => {
  const error = await failing(200, body, call);
  expect(error.message).toContain('/api/v1/');
  expect(error.message).toMatch(/is it a lakeFS server|an HTML page instead of JSON/);
  // A page is that of something in front of lakeFS; an answer of another shape is about this request.
  expect(failureOf(error)?.kind).toBe(typeof body === 'string' && body !== '' ? 'unavailable' : 'transient');
});
