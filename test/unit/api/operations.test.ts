import { Ajv2020 } from 'ajv/dist/2020.js';
import express from 'express';
import request from 'supertest';
import { describe, expect, test, vi } from 'vitest';
import { type OperationsDependencies, operationRoutes } from '../../../src/api/operations.js';
import { createApiRouter } from '../../../src/api/router.js';
import { createInstallations } from '../../../src/config/installations.js';
import { QueueUnavailableError } from '../../../src/queue/circuit-breaker.js';
import type { NewJob } from '../../../src/queue/types.js';
import { queueCounts } from '../../support/queue/doubles.js';
import { installationFor } from '../../support/service/settings.js';

const commit = 'a'.repeat(64);

function api(parts: Partial<OperationsDependencies> = {}, role: 'viewer' | 'operator' = 'operator') {
  const added: NewJob[] = [];
  const forgotten: string[] = [];
  const audit: object[] = [];
  const log = { debug() {}, info: (data: object) => void audit.push(data), warn() {}, error() {} };
  const settings = installationFor({
    endpoint: 'http://x',
    accessKeyId: '',
    secretAccessKey: '',
  });
  const lakefs = {
    endpoint: 'http://x',
    async *repositories() {
      yield { id: 'images', creation_date: 1, default_branch: 'main', storage_namespace: '' };
      yield { id: 'scratch', creation_date: 1, default_branch: 'main', storage_namespace: '' };
    },
  } as unknown as OperationsDependencies['installations']['all'][number]['lakefs'];
  const dependencies: OperationsDependencies = {
    installations: createInstallations([{ settings: { ...settings, repositories: ['!scratch'] }, lakefs }]),
    queues: {
      addMany: async (jobs) => {
        added.push(...jobs);
        return jobs.map((_, index) => ({ id: `job-${index}`, duplicate: index > 0 }));
      },
      counts: async () => queueCounts(),
    },
    admin: {
      find: async (kind, id) =>
        id === 'known'
          ? { kind, id, state: 'completed', progress: 100, outcome: { summary: 'done' }, log: [] }
          : undefined,
      failed: async () => ({
        total: 1,
        jobs: [{ kind: 'link-run', id: 'link-run_1', payload: { run: '1' }, reason: 'no', failedAt: 1 }],
      }),
      replay: async (id) => id === 'failed',
      replayAll: async () => ({ replayed: ['one', 'two'], broughtForward: 3 }),
    },
    forget: ({ repository }) => void forgotten.push(repository),
    ...parts,
  };
  const routes = operationRoutes(dependencies);
  const app = express().use(
    '/api/v1',
    createApiRouter(routes, {
      viewerOf: () => ({ name: 'ada', role, by: 'password' }),
      addressOf: () => '10.0.0.7',
      log,
    }),
  );
  return { app, added, forgotten, routes, audit };
}

describe('the API', () => {
  test('checks all watched repositories, or the one named, and drops what was cached', async () => {
    const all = api();
    const answer = await request(all.app).post('/api/v1/reconcile').send({});
    expect([answer.status, answer.body]).toEqual([
      202,
      {
        jobs: [{ installation: 'default', repository: 'images', kind: 'reconcile-repository', job: 'job-0' }],
      },
    ]);
    expect(all.forgotten).toEqual(['images']);
    const one = api();
    await request(one.app).post('/api/v1/reconcile').send({ repository: 'sales' });
    expect(one.added.map(({ payload }) => payload)).toEqual([
      { v: 1, installation: 'default', repository: 'sales' },
    ]);
  });

  test('rechecks the one repository that is named', async () => {
    const { app, added } = api();
    const answer = await request(app).post('/api/v1/reconcile').send({ repository: 'images', recheck: true });
    expect(answer.status).toBe(202);
    await request(app).post('/api/v1/reconcile').send({ repository: 'images', recheck: false });
    expect(added.map(({ payload }) => payload)).toEqual([
      { v: 1, installation: 'default', repository: 'images', recheck: true },
      { v: 1, installation: 'default', repository: 'images' },
    ]);
  });

  test('queues commits after all other work and says how many were new', async () => {
    const { app, added } = api();
    const commits = [{ commit, branch: 'main' }, { commit: 'b'.repeat(64) }];
    const answer = await request(app).post('/api/v1/commits').send({ repository: 'images', commits });
    expect([answer.status, answer.body]).toEqual([202, { queued: 1, waiting: 1 }]);
    expect(added[0]).toEqual({
      name: 'register-commit',
      payload: { v: 1, installation: 'default', repository: 'images', commit, branch: 'main' },
      cause: 'backfill',
    });
  });

  test('replays one failed job, or all, and says how many that were put off run now', async () => {
    const { app } = api();
    const post = (body: object) => request(app).post('/api/v1/replay').send(body);
    expect((await post({ job: 'failed' })).body).toEqual({ replayed: ['failed'] });
    expect((await post({ all: true })).body).toEqual({ replayed: ['one', 'two'], broughtForward: 3 });
    expect((await post({ job: 'other' })).status).toBe(404);
  });

  test.each([
    ['/reconcile', { repository: 'No Name' }],
    ['/reconcile', { repository: 'images', more: 1 }],
    ['/reconcile', { recheck: true }],
    ['/reconcile', { repository: 'images', recheck: 'yes' }],
    ['/reconcile', []],
    ['/reconcile', 'text'],
    ['/commits', { repository: 'images', commits: [] }],
    ['/commits', { repository: 'images', commits: [{ commit: 'A'.repeat(64) }] }],
    ['/commits', { repository: 'images', commits: Array.from({ length: 1_001 }, () => ({ commit })) }],
    ['/commits', { commits: [{ commit }] }],
    ['/replay', {}],
    ['/replay', { job: 'x', all: true }],
    ['/replay', { all: false }],
  ])('refuses %s with %j as a problem', async (path, body) => {
    const { app, added } = api();
    const answer = await request(app)
      .post(`/api/v1${path}`)
      .set('content-type', 'application/json')
      .send(JSON.stringify(body));
    expect([answer.status, answer.type, added]).toEqual([400, 'application/problem+json', []]);
    expect(answer.body.detail).not.toBe('');
  });

  test('a parameter that is given twice is said to be', async () => {
    const { status, body } = await request(api().app).get('/api/v1/failed-jobs?limit=1&limit=2');
    expect([status, body.detail]).toEqual([
      400,
      'The parameter "limit" is given more than once: give it once.',
    ]);
  });

  test.each([
    ['no UTF-8', 400, Buffer.from('{"repository":"im\xe4ges"}', 'latin1'), 'application/json'],
    ['UTF-16', 415, Buffer.from('{}', 'utf16le'), 'application/json; charset=utf-16le'],
    ['an unknown charset', 415, Buffer.from('{}'), 'application/json; charset=klingon'],
  ])('a body of %s is a problem of status %i', async (_name, status, body, type) => {
    const { app, added } = api();
    const sent = request(app).post('/api/v1/reconcile').set('content-type', type);
    sent.write(body);
    expect([(await sent).status, added]).toEqual([status, []]);
  });

  test('what changes something leaves a line that says who, what and from where, and reading leaves none', async () => {
    const { app, audit } = api();
    const who = { user: 'ada', role: 'operator', by: 'password', from: '10.0.0.7' };
    await request(app).get('/api/v1/jobs');
    await request(app).post('/api/v1/replay').send({ all: true });
    await request(app).post('/api/v1/reconcile').send({ repository: 'sales' });
    await request(app)
      .post('/api/v1/commits')
      .send({ repository: 'images', commits: [{ commit }] });
    await request(app).post('/api/v1/replay').send({ job: 'other' });
    await request(app)
      .post('/api/v1/replay')
      .send({ canary: 'x'.repeat(10_000) });
    await vi.waitFor(() => expect(audit).toHaveLength(5));
    expect(audit).toEqual([
      { ...who, call: 'POST /replay', asked: { all: true }, status: 202 },
      { ...who, call: 'POST /reconcile', asked: { repository: 'sales' }, status: 202 },
      { ...who, call: 'POST /commits', asked: { repository: 'images', commits: 1 }, status: 202 },
      { ...who, call: 'POST /replay', status: 404 },
      { ...who, call: 'POST /replay', status: 400 },
    ]);
  });

  test('a viewer who tries leaves a line too', async () => {
    const { app, audit } = api({}, 'viewer');
    await request(app).post('/api/v1/reconcile').send({});
    await vi.waitFor(() =>
      expect(audit).toMatchObject([{ user: 'ada', call: 'POST /reconcile', status: 403 }]),
    );
  });

  test.each(['?limit=0', '?limit=1001', '?limit=x', '?limit=1&limit=2'])('refuses %s', async (query) => {
    expect((await request(api().app).get(`/api/v1/failed-jobs${query}`)).status).toBe(400);
  });

  test('a viewer may read but change nothing', async () => {
    const { app, added } = api({}, 'viewer');
    expect((await request(app).get('/api/v1/failed-jobs')).status).toBe(200);
    for (const path of ['/reconcile', '/commits', '/replay']) {
      expect((await request(app).post(`/api/v1${path}`).send({ all: true })).status).toBe(403);
    }
    expect(added).toEqual([]);
  });

  test.each([
    ['/nothing', 404],
    ['/jobs/register-commit/unknown', 404],
    ['/jobs/no-kind/known', 400],
  ])('%s is a problem of status %i', async (path, status) => {
    const answer = await request(api().app).get(`/api/v1${path}`);
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
  });

  test('says 503 where the queue is down, and nothing of what is inside', async () => {
    const down = async (): Promise<never> => {
      throw new QueueUnavailableError('redis://:canary@inside');
    };
    const { app } = api({ queues: { addMany: down, counts: down } });
    const answer = await request(app).get('/api/v1/jobs');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.text).not.toContain('canary');
  });

  test('answers as its own description says', async () => {
    const { app, routes } = api();
    const answers = {
      reconcile: await request(app).post('/api/v1/reconcile').send({}),
      registerCommits: await request(app)
        .post('/api/v1/commits')
        .send({ repository: 'images', commits: [{ commit }] }),
      countJobs: await request(app).get('/api/v1/jobs'),
      findJob: await request(app).get('/api/v1/jobs/link-run/known'),
      listFailedJobs: await request(app).get('/api/v1/failed-jobs?limit=1000'),
      replay: await request(app).post('/api/v1/replay').send({ all: true }),
    };
    expect(routes.map(({ operation }) => operation)).toEqual(Object.keys(answers));
    for (const route of routes) {
      const answer = answers[route.operation as keyof typeof answers];
      const schema = route.answers[answer.status]?.schema;
      expect(schema, `${route.operation} ${answer.status}`).toBeDefined();
      const check = new Ajv2020({ strict: false }).compile(schema ?? false);
      expect([check(answer.body), check.errors]).toEqual([true, null]);
    }
  });
});
