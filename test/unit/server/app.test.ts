import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { Router } from 'express';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { hashPassword } from '../../../src/config/users.js';
import { createApp } from '../../../src/server/app.js';
import { createAddressOf, createProxyCheck } from '../../../src/server/client-address.js';
import { createLogin } from '../../../src/server/login.js';
import { silentLog } from '../../support/silent-log.js';

const password = 'right horse';
const users = [{ name: 'ada', role: 'operator' as const, hash: await hashPassword(password) }];

function page(path: string, text: string): Router {
  return Router().get(path, (_request, response) => void response.send(text));
}

function app(options: {
  host?: string;
  users?: typeof users;
  trustedProxies?: string[];
  userHeader?: string;
  publicUrl?: string;
  people?: boolean;
}) {
  const {
    host = '127.0.0.1',
    publicUrl = 'http://127.0.0.1:8321',
    people = true,
    trustedProxies = [],
  } = options;
  const isTrusted = createProxyCheck(trustedProxies);
  const login = createLogin({
    settings: { host, trustedProxies, users: [], ...options },
    isTrusted,
    addressOf: createAddressOf(isTrusted),
    now: () => performance.now(),
    localViewer: () => undefined,
    log: silentLog,
  });
  return createApp({
    hooks: page('/hooks/lakefs', 'hook'),
    health: page('/health/live', 'live'),
    metrics: page('/metrics', 'metrics'),
    people: people
      ? {
          pages: Router()
            .get('/', (seen, response) => void response.send(`start for ${login.viewerOf(seen)?.name}`))
            .get('/broken', () => {
              throw new Error('canary in an inner error');
            }),
          api: Router().all('/x', (_request, response) => void response.send('api')),
          description: Router().get('/openapi.json', (_request, response) => void response.send('described')),
          dashboard: Router().all('/x', (_request, response) => void response.send('board')),
        }
      : undefined,
    login,
    publicUrl,
    log: silentLog,
  });
}

describe('with nothing configured', () => {
  test('pages answer on loopback', async () => {
    const answer = await request(app({})).get('/');
    expect([answer.status, answer.text]).toEqual([200, 'start for local']);
  });

  test('pages refuse another Host name, and say what to set', async () => {
    const answer = await request(app({})).get('/').set('Host', 'rebound.example');
    expect(answer.status).toBe(403);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body.detail).toContain('LAKEFS_MLFLOW_USERS');
  });

  test.each(['/', '/queues/x', '/api/v1/x', '/metrics', '/whatever'])(
    '%s is closed where others can reach it',
    async (path) => {
      expect((await request(app({ host: '0.0.0.0' })).get(path)).status).toBe(403);
    },
  );

  test.each(['/hooks/lakefs', '/health/live'])('%s stays open', async (path) => {
    expect((await request(app({ host: '0.0.0.0' })).get(path)).status).toBe(200);
  });
});

describe('with users', () => {
  test('a browser is asked for the password', async () => {
    const answer = await request(app({ users })).get('/queues/x');
    expect([answer.status, answer.get('WWW-Authenticate')]).toEqual([
      401,
      'Basic realm="lakefs-mlflow", charset="UTF-8"',
    ]);
  });

  test('the right one opens all, the wrong one nothing', async () => {
    const server = app({ users, host: '0.0.0.0' });
    for (const path of ['/', '/queues/x', '/metrics']) {
      expect((await request(server).get(path).auth('ada', password)).status).toBe(200);
      expect((await request(server).get(path).auth('ada', 'wrong')).status).toBe(401);
    }
  });
});

describe('with a company login in front', () => {
  const proxied = { host: '0.0.0.0', userHeader: 'X-Forwarded-User' };

  test('the user it names is let in', async () => {
    const server = app({ ...proxied, trustedProxies: ['127.0.0.1', '::1'] });
    const answer = await request(server).get('/').set('x-forwarded-user', 'eve');
    expect([answer.status, answer.text]).toEqual([200, 'start for eve']);
  });

  test('the header is worth nothing from anywhere else', async () => {
    const server = app({ ...proxied, trustedProxies: ['10.0.0.7'] });
    const answer = await request(server)
      .get('/')
      .set('x-forwarded-user', 'eve')
      .set('x-forwarded-for', '10.0.0.7');
    expect(answer.status).toBe(403);
  });
});

describe('headers and errors', () => {
  test('on plain http nothing sends the browser to https', async () => {
    const { headers } = await request(app({})).get('/');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
  });

  test('on https the browser is told to stay there', async () => {
    const { headers } = await request(app({ publicUrl: 'https://bridge.example' })).get('/');
    expect(headers['strict-transport-security']).toContain('max-age=');
  });

  test('an inner error shows neither text nor stack', async () => {
    const answer = await request(app({})).get('/broken');
    expect([answer.status, answer.type]).toEqual([500, 'application/problem+json']);
    expect(answer.body).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500 });
  });

  test('an unknown path is a plain 404', async () => {
    const answer = await request(app({})).get('/nothing');
    expect([answer.status, answer.type, answer.text]).toEqual([404, 'text/plain', 'Not found\n']);
  });

  test('a path that cannot be decoded is a 400', async () => {
    expect((await request(app({ people: false })).get('/metrics/%ff')).status).toBeLessThan(500);
  });
});

describe('the rest', () => {
  test('a process without pages has metrics, behind the login, and nothing else', async () => {
    const server = app({ people: false, users });
    expect((await request(server).get('/metrics')).status).toBe(401);
    expect((await request(server).get('/metrics').auth('ada', password)).status).toBe(200);
    expect((await request(server).get('/')).status).toBe(404);
    expect((await request(server).get('/queues/x')).status).toBe(404);
  });

  test.each(['http://127.0.0.1/bridge', 'http://127.0.0.1/team:(ml)/a*b', 'http://127.0.0.1/caf%C3%A9'])(
    'all of %s is served with the path and without it',
    async (publicUrl) => {
      const server = app({ publicUrl });
      const { pathname } = new URL(publicUrl);
      for (const [path, text] of [
        ['/', 'start for local'],
        ['/hooks/lakefs', 'hook'],
        ['/health/live', 'live'],
        ['/metrics', 'metrics'],
        ['/openapi.json', 'described'],
        ['/api/v1/x', 'api'],
        ['/queues/x', 'board'],
      ] as const) {
        for (const form of [path, pathname + path]) {
          const answer = await request(server).get(form);
          expect([form, answer.status, answer.text]).toEqual([form, 200, text]);
        }
      }
    },
  );

  test('at the path without a slash behind, where relative links would go astray, browsers are sent on', async () => {
    const server = app({ publicUrl: 'http://127.0.0.1/bridge' });
    const answer = await request(server).get('/bridge?q=1');
    expect([answer.status, answer.headers.location]).toEqual([302, '/bridge/?q=1']);
    expect((await request(server).post('/bridge')).status).toBe(404);
    expect((await request(server).get('/bridgehead')).status).toBe(404);
  });

  test.each(['/', '/metrics', '/health/live', '/queues/x', '/api/v1/x'])(
    '%s with two Host headers is a 400',
    async (path) => {
      const server = app({}).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: other.example\r\nConnection: close\r\n\r\n`,
      );
      const [first] = await once(socket, 'data');
      expect(String(first)).toMatch(/^HTTP\/1\.1 400 /);
      server.close();
    },
  );

  test('a change on the dashboard must come from our own page', async () => {
    const server = app({});
    expect((await request(server).put('/queues/x')).status).toBe(403);
    expect((await request(server).put('/queues/x').set('Sec-Fetch-Site', 'cross-site')).status).toBe(403);
    expect((await request(server).put('/queues/x').set('Sec-Fetch-Site', 'same-origin')).status).toBe(200);
  });
});
