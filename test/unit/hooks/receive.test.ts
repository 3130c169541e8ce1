import supertest from 'supertest';
import { describe, expect, test } from 'vitest';
import { commitId, event, harness, installation, token } from './fixtures.js';

function post(app: Parameters<typeof supertest>[0], path = '/hooks/lakefs') {
  return supertest(app)
    .post(path)
    .set('Authorization', `Bearer ${token}`)
    .set('Content-Type', 'application/json');
}

describe('an event that makes a commit', () => {
  test('is queued with identifiers only; the 202 says what will happen and where to look', async () => {
    const { app, added, answers } = harness();
    const response = await post(app).send(event());
    expect(response.status).toBe(202);
    expect(response.body).toEqual({
      status: 'accepted',
      message: expect.stringContaining('the runs that read it will be tagged'),
      links: { commit: `http://lakefs.test/images/${commitId}` },
    });
    expect(added).toEqual([
      {
        name: 'register-commit',
        payload: {
          v: 1,
          installation: 'default',
          repository: 'images',
          commit: commitId,
          branch: 'main',
          news: 'commit',
        },
        cause: 'hook',
      },
    ]);
    expect(answers).toEqual(['202 accepted']);
  });

  test('is answered duplicate where a job for it waits or runs', async () => {
    const { app } = harness(undefined, () => Promise.resolve({ id: 'job-1', duplicate: true }));
    const response = await post(app).send(event());
    expect(response.status).toBe(202);
    expect(response.body.status).toBe('duplicate');
  });

  test('does not promise tags in observe mode', async () => {
    const { app } = harness([installation({ mode: 'observe' })]);
    const response = await post(app).send(event());
    expect(response.body.message).toContain('not tagged (observe mode)');
  });

  test('may have fields that we do not know and no length', async () => {
    const { app, added } = harness();
    const request = post(app).set('Transfer-Encoding', 'chunked');
    request.write(JSON.stringify(event({ new_field: { deep: [1] } })));
    const response = await request;
    expect(response.status).toBe(202);
    expect(added).toHaveLength(1);
  });

  test.each(['application/json; charset=utf-8', 'Application/JSON', 'text/plain, application/json'])(
    'may come with the content type %s',
    async (type) => {
      const { app } = harness();
      const response = await post(app).set('Content-Type', type).send(JSON.stringify(event()));
      expect(response.status).toBe(202);
    },
  );
});

describe('an event that is not for us is answered 202 ignored with the reason, and queues nothing:', () => {
  test.each([
    ['before the fact', { event_type: 'pre-commit', commit_id: undefined }, 'post- events'],
    ['no new commit', { event_type: 'post-create-branch' }, 'creates no commit'],
    ['a tag', { event_type: 'post-create-tag', branch_id: undefined, tag_id: 'v1' }, 'creates no commit'],
    ['a branch of a lakeFS transaction', { branch_id: 'tx-17' }, 'A program made it for a single write'],
    ['a branch of a Delta write', { branch_id: 'delta-tx-0b7d' }, 'A program made it for a single write'],
    ['a branch of lakefs-spec', { branch_id: 'transaction-0b7d3a' }, 'A program made it for a single write'],
    ['an excluded repository', { repository_id: 'scratch' }, 'repository is not watched'],
  ])('%s', async (_, changes, reason) => {
    const { app, added } = harness([installation({ repositories: ['!scratch'] })]);
    const response = await post(app).send(event(changes));
    expect(response.status).toBe(202);
    expect(response.body).toEqual({ status: 'ignored', message: expect.stringContaining(reason), links: {} });
    expect(added).toEqual([]);
  });
});

describe('tokens', () => {
  const two = [
    installation({ name: 'prod', hookTokens: ['prod-old', 'prod-new'] }),
    installation({ name: 'lab', hookTokens: ['lab-token'] }),
  ];

  test.each([
    ['/hooks/lakefs', 'Bearer prod-old', 'prod'],
    ['/hooks/lakefs', 'bearer prod-new', 'prod'],
    ['/hooks/lakefs/prod', 'Bearer prod-new', 'prod'],
    ['/hooks/lakefs', 'Bearer lab-token', 'lab'],
    ['/hooks/lakefs/lab?site=ams', 'Bearer lab-token', 'lab'],
  ])('%s with "%s" is an event of %s', async (path, authorization, name) => {
    const { app, added } = harness(two);
    const response = await post(app, path).set('Authorization', authorization).send(event());
    expect(response.status).toBe(202);
    expect(added[0]?.payload).toMatchObject({ installation: name });
  });

  test.each([
    ['/hooks/lakefs', 'Bearer wrong', 401],
    ['/hooks/lakefs', 'Bearer prod-new prod-old', 401],
    ['/hooks/lakefs', 'Bearer', 401],
    ['/hooks/lakefs', 'prod-new', 401],
    ['/hooks/lakefs', '', 401],
    ['/hooks/lakefs', 'Basic prod-new', 401],
    ['/hooks/lakefs/lab', 'Bearer prod-new', 401],
    ['/hooks/lakefs/none', 'Bearer wrong', 401],
    ['/hooks/lakefs/none', 'Bearer prod-new', 404],
    ['/hooks/lakefs/%ff', 'Bearer prod-new', 404],
  ])('%s with "%s" is refused with %i', async (path, authorization, status) => {
    const { app, added, lines } = harness(two);
    const response = await post(app, path).set('Authorization', authorization).send(event());
    expect(response.status).toBe(status);
    expect(response.body.status).toBe('refused');
    expect(added).toEqual([]);
    const said = response.text + lines.join();
    expect(said).not.toMatch(/prod-(old|new)|lab-token/);
  });

  test('are not demanded where none is set', async () => {
    const { app, added } = harness([installation({ hookTokens: [] })]);
    for (const path of ['/hooks/lakefs', '/hooks/lakefs/default']) {
      const response = await post(app, path).unset('Authorization').send(event());
      expect(response.status).toBe(202);
    }
    expect((await post(app, '/hooks/lakefs/none').send(event())).status).toBe(404);
    expect(added).toHaveLength(2);
  });

  test('of two installations without any, the address must name one', async () => {
    const { app } = harness(two.map((one) => ({ ...one, hookTokens: [] })));
    expect((await post(app).send(event())).status).toBe(404);
    expect((await post(app, '/hooks/lakefs/lab').send(event())).status).toBe(202);
  });
});

describe('the queue', () => {
  test('that is down makes 503 with Retry-After, never a 2xx', async () => {
    const { app, lines } = harness(undefined, () => Promise.reject(new Error('redis is away')));
    const response = await post(app).send(event());
    expect(response.status).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(response.text).not.toContain('redis');
    expect(lines.join()).toContain('redis is away');
  });

  test('that throws at once makes 503 too', async () => {
    const { app } = harness(undefined, () => {
      throw new Error('redis is away');
    });
    expect((await post(app).send(event())).status).toBe(503);
  });

  test('that hangs makes 503 within a second', async () => {
    const { app } = harness(undefined, () => new Promise(() => {}));
    const start = performance.now();
    const response = await post(app).send(event());
    expect(response.status).toBe(503);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
