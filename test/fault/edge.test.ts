import { once } from 'node:events';
import { request as ask, createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashPassword } from '../../src/config/users.js';
import { type DataFolder, newDataFolder } from '../support/queue/data-folder.js';
import { freePort, waitFor } from '../support/servers/process.js';
import { type RunningProcess, startServe } from '../support/service/service.js';

const token = 'edge-token';
const password = 'edge-password';
const me = `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`;
const commit = 'c0ffee'.padEnd(64, '0');

let folder: DataFolder;
let service: RunningProcess;
let proxy: Server;
let port: number;

beforeAll(async () => {
  folder = await newDataFolder();
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  service = await startServe({
    LAKECTL_SERVER_ENDPOINT_URL: nowhere,
    LAKECTL_CREDENTIALS_ACCESS_KEY_ID: 'key',
    LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: 'secret',
    MLFLOW_TRACKING_URI: nowhere,
    LAKEFSACTION_BRIDGE_TOKEN: token,
    LAKEFS_MLFLOW_DATA_DIR: folder.path,
    LAKEFS_MLFLOW_PUBLIC_URL: 'http://127.0.0.1:1/bridge',
    LAKEFS_MLFLOW_USERS: `ada:operator:${await hashPassword(password)}`,
    LAKEFS_MLFLOW_LOG_LEVEL: 'info',
  });
  port = Number(new URL(service.url).port);
  proxy = createProxy();
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});

afterAll(async () => {
  proxy?.close();
  await service?.process.stop();
  folder?.remove();
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
}

/** Sends one request as it is; `from` is the loopback address that it comes from. */
function send(
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
    from = '127.0.0.1',
    to = port,
  }: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string | Buffer;
    readonly from?: string;
    readonly to?: number;
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = ask(
      { host: '127.0.0.1', port: to, localAddress: from, method, path, headers, agent: false },
      (response) => void textOf(response).then(resolve, reject),
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return {
    status: response.statusCode ?? 0,
    text: Buffer.concat(chunks).toString(),
    location: response.headers.location,
  };
}

/** `/keep/…` reaches the service as `/bridge/…`, `/strip/…` without the path. */
function createProxy(): Server {
  return createServer((incoming, outgoing) => {
    const path = (incoming.url ?? '').replace(/^\/keep/, '/bridge').replace(/^\/strip/, '');
    const { method, headers } = incoming;
    const passed = ask({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
}

function hook(changes: object = {}): string {
  return JSON.stringify({
    event_type: 'post-commit',
    event_time: '2026-01-01T00:00:00Z',
    action_name: 'test',
    hook_id: 'test',
    repository_id: 'images',
    branch_id: 'main',
    commit_id: commit,
    ...changes,
  });
}

const asHook = { 'content-type': 'application/json', authorization: `Bearer ${token}` };

/** The log's lines that hold this text. */
function logged(part: string): string[] {
  return service.process
    .output()
    .split('\n')
    .filter((line) => line.includes(part));
}

describe('a PUBLIC_URL with a path: with the path and without it', () => {
  const routes: [method: string, path: string, status: number, text: RegExp][] = [
    ['POST', '/hooks/lakefs', 202, /"status":"(accepted|duplicate)"/],
    ['POST', '/hooks/lakefs/default', 202, /"status":"(accepted|duplicate)"/],
    ['GET', '/health/live', 200, /"live"/],
    ['GET', '/health/ready', 200, /"ready"/],
    ['GET', '/metrics', 200, /lakefs_mlflow_hook_answers_total/],
    ['GET', '/openapi.json', 200, /"openapi":"3\.1\.0"/],
    ['GET', '/api/v1/jobs', 200, /"register-commit"/],
    ['GET', '/', 200, /<h1>lakefs-mlflow<\/h1>/],
    ['GET', '/queues/', 200, /<div id="root">/],
    ['GET', '/queues/api/queues', 200, /"queues":/],
  ];

  test.each(routes)('%s %s answers %i', async (method, path, status, text) => {
    const headers = method === 'POST' ? asHook : { authorization: me };
    const body = method === 'POST' ? hook() : '';
    const through = (proxy.address() as AddressInfo).port;
    const answers = {
      plain: await send(path, { method, headers, body }),
      withPath: await send(`/bridge${path}`, { method, headers, body }),
      kept: await send(`/keep${path}`, { method, headers, body, to: through }),
      stripped: await send(`/strip${path}`, { method, headers, body, to: through }),
    };
    for (const [form, answer] of Object.entries(answers)) {
      expect([form, answer.status]).toEqual([form, status]);
      expect(answer.text).toMatch(text);
    }
  });

  test('what the start page and the dashboard load and link to is there in both forms', async () => {
    const headers = { authorization: me };
    for (const page of ['/', '/bridge/', '/queues/', '/bridge/queues/']) {
      const { text } = await send(page, { headers });
      const base = /<base href="([^"]*)"/.exec(text)?.[1] ?? page;
      const linked = [...text.matchAll(/(?:href|src)="([^"]*)"/g)]
        .map(([, address]) => new URL(address ?? '', `http://127.0.0.1:${port}${base}`))
        .filter(({ protocol, host }) => protocol === 'http:' && host === `127.0.0.1:${port}`);
      expect(linked.length).toBeGreaterThan(0);
      for (const { pathname } of linked) {
        expect([page, pathname, (await send(pathname, { headers })).status]).toEqual([page, pathname, 200]);
      }
    }
  });
});

describe('logins', () => {
  test('24 wrong logins at once from one address lock out nobody at another, and are in the log by address and name', async () => {
    const wrong = Array.from({ length: 24 }, (_, i) =>
      send('/api/v1/jobs', {
        from: '127.0.0.2',
        headers: { authorization: `Basic ${Buffer.from(`mallory:guess-${i}`).toString('base64')}` },
      }),
    );
    // Another spelling of the same login, so that it is not one that is remembered.
    const right = me.replace('Basic', 'BASIC');
    const answer = await send('/api/v1/jobs', { from: '127.0.0.3', headers: { authorization: right } });
    expect(answer.status).toBe(200);
    const statuses = (await Promise.all(wrong)).map(({ status }) => status);
    const looked = statuses.filter((status) => status === 401).length;
    // On a busy machine they arrive over some seconds, and every six seconds one more is looked at.
    expect(looked).toBeGreaterThanOrEqual(10);
    expect(looked).toBeLessThan(15);
    expect(statuses.filter((status) => status === 429)).toHaveLength(24 - looked);
    const [line = ''] = await waitFor('the log', () => {
      const lines = logged('login failed');
      return lines.length > 0 && lines;
    });
    expect(line).toContain('"user":"mallory"');
    expect(line).toContain('"from":"127.0.0.2"');
    expect(service.process.output()).not.toContain('guess-');
    expect(logged('"from":"127.0.0.2"').length).toBeLessThanOrEqual(10);
  });
});

describe('audit', () => {
  test('replay and reconcile each log who did what, from where', async () => {
    const headers = { authorization: me, 'content-type': 'application/json', origin: service.url };
    for (const [path, body] of [
      ['/api/v1/replay', '{"all":true}'],
      ['/api/v1/reconcile', '{"repository":"images"}'],
    ] as const) {
      expect((await send(path, { method: 'POST', headers, body, from: '127.0.0.4' })).status).toBe(202);
    }
    await waitFor('both lines', () => logged('API action').length >= 2, 5_000);
    const [replay, reconcile] = logged('API action').map((line) => JSON.parse(line));
    const who = { user: 'ada', role: 'operator', by: 'password', from: '127.0.0.4', status: 202 };
    expect(replay).toMatchObject({ ...who, call: 'POST /replay', asked: { all: true } });
    expect(reconcile).toMatchObject({ ...who, call: 'POST /reconcile', asked: { repository: 'images' } });
  });

  test('a change on the dashboard is logged with the address, too', async () => {
    const headers = { authorization: me, origin: service.url };
    const path = '/queues/api/queues/register-commit/resume';
    expect((await send(path, { method: 'PUT', headers, from: '127.0.0.4' })).status).toBe(200);
    const line = await waitFor('the line', () => logged('dashboard action')[0], 5_000);
    expect(JSON.parse(line)).toMatchObject({ user: 'ada', from: '127.0.0.4', queueName: 'register-commit' });
  });

  test('a refused hook is logged with its sender, and 200 of them in no more than five lines a minute', async () => {
    const headers = { ...asHook, authorization: 'Bearer wrong', 'user-agent': 'Go-http-client/1.1' };
    for (let i = 0; i < 200; i++) {
      const from = '127.0.0.5';
      expect((await send('/hooks/lakefs', { method: 'POST', headers, body: hook(), from })).status).toBe(401);
    }
    const lines = logged('"from":"127.0.0.5"');
    expect(lines[0]).toContain('"agent":"Go-http-client/1.1"');
    expect([5, 10]).toContain(lines.length);
  });
});

describe('bad requests', () => {
  test.each([
    ['a body that is no UTF-8', 400, asHook, Buffer.from(hook({ commit_message: 'für' }), 'latin1')],
    ['an impossible repository', 400, asHook, hook({ repository_id: 'Images' })],
    ['an impossible branch', 400, asHook, hook({ branch_id: 'a.b' })],
    ['an unknown charset', 415, { ...asHook, 'content-type': 'application/json; charset=klingon' }, hook()],
    ['text that names JSON', 415, { ...asHook, 'content-type': 'text/plain;x=,application/json' }, hook()],
  ])('%s is answered %i', async (_name, status, headers, body) => {
    const answer = await send('/hooks/lakefs', { method: 'POST', headers, body });
    expect([answer.status, JSON.parse(answer.text).status]).toEqual([status, 'refused']);
  });

  test.each([
    ['two Host headers', '/health/live', 'Host: 127.0.0.1\r\nHost: other.example'],
    ['another host in the request line', 'http://other.example/health/live', 'Host: 127.0.0.1'],
    ['two Host headers and a login', '/api/v1/jobs', `Host: a\r\nHost: b\r\nAuthorization: ${me}`],
  ])('%s are answered 400', async (_name, target, head) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\n${head}\r\nConnection: close\r\n\r\n`);
    const [first] = await once(socket, 'data');
    expect(String(first)).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });

  test('a parameter given twice is answered 400 with that reason', async () => {
    const answer = await send('/api/v1/failed-jobs?limit=1&limit=2', { headers: { authorization: me } });
    expect([answer.status, JSON.parse(answer.text).detail]).toEqual([
      400,
      'The parameter "limit" is given more than once: give it once.',
    ]);
  });
});
