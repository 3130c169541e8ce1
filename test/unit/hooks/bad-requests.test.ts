import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import supertest from 'supertest';
import { describe, expect, test } from 'vitest';
import { commitId, event, harness, token } from './fixtures.js';

const json = { 'Content-Type': 'application/json' };
const nested = '['.repeat(100_000) + ']'.repeat(100_000);

type BadRequest = [name: string, status: number, body: string | Buffer, headers?: Record<string, string>];

function typed(type: string): Record<string, string> {
  return { 'Content-Type': type };
}

function impossibleRepository(name: string): BadRequest {
  const title = `the impossible repository "${name.slice(0, 20)}" of ${name.length} characters`;
  return [title, 400, JSON.stringify(event({ repository_id: name }))];
}

function impossibleBranch(name: string): BadRequest {
  const title = `the impossible branch "${name.slice(0, 20)}" of ${name.length} characters`;
  return [title, 400, JSON.stringify(event({ branch_id: name }))];
}

const table: BadRequest[] = [
  ['an empty body', 400, ''],
  ['a blank body', 400, ' '],
  ['a body that is not JSON', 400, '{"event_type":'],
  ['a form', 415, 'event_type=post-commit', { 'Content-Type': 'application/x-www-form-urlencoded' }],
  ['JSON that is sent as text', 415, JSON.stringify(event()), { 'Content-Type': 'text/plain' }],
  [
    'text that names JSON in a parameter',
    415,
    JSON.stringify(event()),
    typed('text/plain;x=,application/json'),
  ],
  ['text that names JSON in a value', 415, JSON.stringify(event()), typed('text/plain;x=a,application/json')],
  ['text that quotes JSON', 415, JSON.stringify(event()), typed('text/plain;x="a,application/json"')],
  ['a type that begins like JSON', 415, JSON.stringify(event()), typed('application/json5')],
  ['JSON in an unknown charset', 415, JSON.stringify(event()), typed('application/json; charset=klingon')],
  ['JSON in Latin-1', 415, JSON.stringify(event()), typed('application/json; charset="iso-8859-1"')],
  [
    'JSON in UTF-16',
    415,
    Buffer.from(JSON.stringify(event()), 'utf16le'),
    typed('application/json;charset=utf-16'),
  ],
  ['a message that is Latin-1', 400, Buffer.from(JSON.stringify(event({ commit_message: 'für' })), 'latin1')],
  ['a name that is no UTF-8', 400, Buffer.from(JSON.stringify(event({ repository_id: 'imäges' })), 'latin1')],
  ['half a character at the end', 400, Buffer.from(`${JSON.stringify(event())}\u00e9`).subarray(0, -1)],
  ['a compressed body', 415, gzipSync(JSON.stringify(event())), { 'Content-Encoding': 'gzip' }],
  ['a body that is called uncompressed', 415, JSON.stringify(event()), { 'Content-Encoding': 'identity' }],
  ['2 MiB', 413, JSON.stringify(event({ commit_message: 'x'.repeat(2 * 1024 * 1024) }))],
  ['2 MiB without a length', 413, 'x'.repeat(2 * 1024 * 1024), { 'Transfer-Encoding': 'chunked' }],
  ['a list', 400, '[]'],
  ['null', 400, 'null'],
  ['100,000 nested lists', 400, nested],
  ['a list that is never closed', 400, '['.repeat(100_000)],
  ['an event whose id is nested lists', 400, `{"event_type":"post-commit","repository_id":${nested}}`],
  ['no event_type', 400, '{}'],
  ['an inherited event_type', 400, '{"__proto__":{"event_type":"post-commit"}}'],
  ['an unknown event', 400, JSON.stringify(event({ event_type: 'post-import' }))],
  ['an event named after a method', 400, JSON.stringify(event({ event_type: 'constructor' }))],
  ['an event without repository', 400, JSON.stringify(event({ repository_id: undefined }))],
  ['a repository with a slash', 400, JSON.stringify(event({ repository_id: 'a/b' }))],
  ['a repository with a line break', 400, JSON.stringify(event({ repository_id: 'a\nb' }))],
  ...['im', 'Images', '-images', 'im_ages', 'im.ages', 'bilder-ä', 'i'.repeat(64), ''].map(
    impossibleRepository,
  ),
  ...['pre-commit', 'post-create-tag', 'post-delete-branch'].map(
    (type): BadRequest => [
      `a ${type} of an impossible repository`,
      400,
      JSON.stringify(event({ event_type: type, repository_id: 'Images', tag_id: 'v1' })),
    ],
  ),
  ...['a/b', 'a.b', '-a', 'ä', 'a b', '', 'b'.repeat(65_537)].map(impossibleBranch),
  ['a branch that is a number', 400, JSON.stringify(event({ branch_id: 7 }))],
  ['a branch with a NUL', 400, JSON.stringify(event({ branch_id: 'a\u0000' }))],
  ['half a surrogate pair as repository', 400, JSON.stringify(event({ repository_id: 'a\ud800' }))],
  ['no branch', 400, JSON.stringify(event({ branch_id: undefined }))],
  ['no commit id', 400, JSON.stringify(event({ commit_id: undefined }))],
  ['a short commit id', 400, JSON.stringify(event({ commit_id: 'abc' }))],
  ['an upper-case commit id', 400, JSON.stringify(event({ commit_id: 'A'.repeat(64) }))],
  ['a commit id with a line break', 400, JSON.stringify(event({ commit_id: `${commitId}\n` }))],
  ['metadata that is text', 400, JSON.stringify(event({ commit_metadata: 'x' }))],
];

describe('is refused and not queued:', () => {
  test.each(table)('%s, with %i', async (_, status, body, headers = {}) => {
    const { app, added, answers } = harness();
    const request = supertest(app)
      .post('/hooks/lakefs')
      .set({ ...json, Authorization: `Bearer ${token}`, ...headers });
    request.write(body);
    const response = await request;
    expect(response.status).toBe(status);
    expect(response.body.message).toMatch(/\.$/);
    expect(response.text.length).toBeLessThan(200);
    expect(added).toEqual([]);
    expect(answers).toEqual([`${status} refused`]);
  });

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s, with 405', async (method) => {
    const { app } = harness();
    for (const path of ['/hooks/lakefs', '/hooks/lakefs/default']) {
      const response = await supertest(app)[method.toLowerCase() as 'get'](path);
      expect(response.status).toBe(405);
      expect(response.headers.allow).toBe('POST');
    }
  });

  test('another path, with 404', async () => {
    const { app, added } = harness();
    const response = await supertest(app).post('/hooks/lakefs/a/b').set(json).send(event());
    expect(response.status).toBe(404);
    expect(added).toEqual([]);
  });

  test('a message repeats nothing of the body', async () => {
    const { app, lines } = harness();
    const marked = event({ event_type: 'canary', repository_id: 'canary/', commit_id: 'canary' });
    const response = await supertest(app)
      .post('/hooks/lakefs')
      .set({ ...json, Authorization: `Bearer ${token}` })
      .send(marked);
    expect(response.text + lines.join()).not.toContain('canary');
  });
});

test('own __proto__ keys in metadata change nothing', async () => {
  const { app, added } = harness();
  const body = `{"__proto__":{"polluted":1},${JSON.stringify(event({ commit_metadata: {} })).slice(1, -2)}"__proto__":{"polluted":1}}}`;
  const response = await supertest(app)
    .post('/hooks/lakefs')
    .set({ ...json, Authorization: `Bearer ${token}` })
    .send(body);
  expect(response.status).toBe(202);
  expect(added).toHaveLength(1);
  expect({}).not.toHaveProperty('polluted');
});

test('no JSON value, alone or as a part of an event, makes a 5xx', async () => {
  const { app } = harness();
  const server = app.listen(0, '127.0.0.1');
  try {
    const fields = fc.constantFrom(
      'event_type',
      'repository_id',
      'branch_id',
      'commit_id',
      'commit_metadata',
    );
    const body = fc.oneof(
      fc.jsonValue(),
      fc.tuple(fields, fc.jsonValue()).map(([field, value]) => event({ [field]: value })),
    );
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        const response = await supertest(server)
          .post('/hooks/lakefs')
          .set({ ...json, Authorization: `Bearer ${token}` })
          .send(JSON.stringify(value));
        expect([202, 400]).toContain(response.status);
      }),
      { numRuns: 200 },
    );
  } finally {
    server.close();
  }
});

test('an error of our own is answered 500 without its words, which are in the log', async () => {
  const { app, lines } = harness(undefined, undefined, () => {
    throw new URIError('CANARY');
  });
  const response = await supertest(app)
    .post('/hooks/lakefs')
    .set({ ...json, Authorization: `Bearer ${token}` })
    .send(event());
  expect(response.status).toBe(500);
  expect(response.text).not.toContain('CANARY');
  expect(lines.join()).toContain('CANARY');
});

describe('the log names who sent what was refused:', () => {
  test('address, program and reason of a wrong token', async () => {
    const { app, lines } = harness();
    await supertest(app)
      .post('/hooks/lakefs')
      .set({ ...json, Authorization: 'Bearer wrong', 'User-Agent': 'Go-http-client/1.1' })
      .send(event());
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/"from":"(::ffff:)?127\.0\.0\.1"/);
    expect(lines[0]).toContain('"agent":"Go-http-client/1.1"');
    expect(lines[0]).not.toContain('images');
  });

  test('the repository, where the token was right', async () => {
    const { app, lines } = harness();
    await supertest(app)
      .post('/hooks/lakefs')
      .set({ ...json, Authorization: `Bearer ${token}` })
      .send(event({ commit_id: 'abc' }));
    expect(lines.join()).toContain('"installation":"default","repository":"images"');
  });

  test('a flood of 200 refusals from one address leaves five lines', async () => {
    const { app, lines } = harness();
    const server = app.listen(0, '127.0.0.1');
    try {
      for (let i = 0; i < 200; i++) await supertest(server).post('/hooks/lakefs').set(json).send(event());
      // Ten where a minute ends in between.
      expect([5, 10]).toContain(lines.length);
    } finally {
      server.close();
    }
  });
});

test('no valid event is refused: a branch of any length that lakeFS takes, and what it calls a repository', async () => {
  for (const changes of [
    { branch_id: 'b'.repeat(257) },
    { branch_id: 'b'.repeat(60_000) },
    { branch_id: '_' },
    { repository_id: '0-0' },
    { repository_id: 'r'.repeat(63) },
    { commit_message: 'für \ud800 \u0000', committer: '' },
  ]) {
    const { app, added } = harness();
    const response = await supertest(app)
      .post('/hooks/lakefs')
      .set({ ...json, Authorization: `Bearer ${token}` })
      .send(event(changes));
    expect([response.status, added.length]).toEqual([202, 1]);
    expect(JSON.stringify(added).length).toBeLessThan(2_000);
  }
});
