import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import { createFastServer } from '../../../hooks/fast-server.js';
import { event, harness, token } from './fixtures.js';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listen(started: Server): Promise<() => Socket> {
  server = started;
  started.listen(0, '127.0.0.1');
  await once(started, 'listening');
  const { port } = started.address() as AddressInfo;
  return () => connect(port, '127.0.0.1');
}

function address(started: Server): string {
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

/** Reads until the pattern has come or the connection has ended. */
function read(socket: Socket, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (until.test(text)) resolve(text);
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

function head(...lines: string[]): string {
  return ['POST /hooks/lakefs HTTP/1.1', 'Host: x', ...lines, '', ''].join('\r\n');
}

const json = 'Content-Type: application/json';
const bearer = `Authorization: Bearer ${token}`;

describe('on the wire', () => {
  test('a doubled Authorization header is refused though both are right', async () => {
    const { app } = harness();
    const open = await listen(createFastServer(app));
    const socket = open();
    socket.write(`${head(json, bearer, bearer, 'Content-Length: 2')}{}`);
    expect(await read(socket, /\}$/)).toContain('401 Unauthorized');
  });

  test('the token is refused before any of the body has come', async () => {
    const { app } = harness();
    const open = await listen(createFastServer(app));
    const socket = open();
    socket.write(head(json, 'Authorization: Bearer wrong', 'Content-Length: 500'));
    expect(await read(socket, /\}$/)).toContain('401 Unauthorized');
  });

  test('more than 1 MiB is refused by its announced length', async () => {
    const { app } = harness();
    const open = await listen(createFastServer(app));
    const socket = open();
    socket.write(head(json, bearer, `Content-Length: ${1024 * 1024 + 1}`));
    expect(await read(socket, /\}$/)).toContain('413 Payload Too Large');
  });

  test('a client that goes on sending after a refusal is cut off', async () => {
    const { app } = harness();
    const open = await listen(createFastServer(app));
    const socket = open();
    const closed = new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));
    socket.write(head(json, bearer, 'Content-Length: 1000000000'));
    const chunk = Buffer.alloc(1024 * 1024, 120);
    const pump = (): void => {
      while (!socket.destroyed && socket.write(chunk));
      if (!socket.destroyed) socket.once('drain', pump);
    };
    pump();
    await closed;
    expect(socket.bytesWritten).toBeLessThan(100 * 1024 * 1024);
  });

  test('after a refusal with a small body the connection serves the next event', async () => {
    const { app, added } = harness();
    const open = await listen(createFastServer(app));
    const socket = open();
    const body = JSON.stringify(event());
    socket.write(`${head(json, 'Content-Length: 4')}null`);
    expect(await read(socket, /\}$/)).toContain('401');
    socket.write(head(json, bearer, `Content-Length: ${body.length}`) + body);
    expect(await read(socket, /\}$/)).toContain('202 Accepted');
    expect(added).toHaveLength(1);
  });

  test('a client that leaves in the middle of a body queues nothing and gets nothing', async () => {
    const { app, added, answers } = harness();
    const open = await listen(createFastServer(app));
    const gone = open();
    gone.write(`${head(json, bearer, 'Content-Length: 500')}{"event_type"`);
    const next = open();
    await once(next, 'connect');
    gone.destroy();
    await once(gone, 'close');
    const body = JSON.stringify(event({ event_type: 'pre-commit' }));
    next.write(head(json, bearer, `Content-Length: ${body.length}`) + body);
    expect(await read(next, /\}$/)).toContain('202 Accepted');
    expect(added).toEqual([]);
    expect(answers).toEqual(['202 ignored']);
  });

  test('a request that never ends is closed, while an idle connection is kept', async () => {
    const { app } = harness();
    const open = await listen(createFastServer(app, { requestTimeoutMs: 300, checkIntervalMs: 50 }));
    const idle = open();
    const body = JSON.stringify(event());
    const full = head(json, bearer, `Content-Length: ${body.length}`) + body;
    idle.write(full);
    expect(await read(idle, /\}$/)).toContain('202 Accepted');
    const slow = open();
    slow.write(`${head(json, bearer, 'Content-Length: 500')}{"event_type"`);
    await read(slow, /^never$/);
    expect(slow.destroyed).toBe(true);
    idle.write(full);
    expect(await read(idle, /\}$/)).toContain('202 Accepted');
  });
});

test('keeps idle connections longer than the 90 s for which Go reuses them', () => {
  const made = createFastServer(express());
  expect(made.keepAliveTimeout).toBe(95_000);
  expect(made.requestTimeout).toBe(30_000);
});

test('serves express as it is: parameters, query, ip, redirects, mounted apps and thrown errors', async () => {
  const app = express();
  const inner = express();
  inner.get('/who', (request, response) => void response.json({ base: request.baseUrl, ip: request.ip }));
  app.use('/inner', inner);
  app.get(
    '/item/:id',
    (request, response) => void response.json({ id: request.params.id, q: request.query.q }),
  );
  app.get('/away', (_, response) => response.redirect('/item/1'));
  app.get('/bad', () => Promise.reject(new Error('bad')));
  app.use(((_error, _request, response, _next) =>
    response.status(500).send('handled')) as express.ErrorRequestHandler);
  await listen(createFastServer(app));
  const base = address(server!);
  expect(await (await fetch(`${base}/item/7?q=a`)).json()).toEqual({ id: '7', q: 'a' });
  expect(await (await fetch(`${base}/inner/who`)).json()).toEqual({ base: '/inner', ip: '127.0.0.1' });
  expect((await fetch(`${base}/away`)).url).toBe(`${base}/item/1`);
  expect(await (await fetch(`${base}/bad`)).text()).toBe('handled');
});

test('hands express requests that already have its prototypes', async () => {
  const app = express();
  app.get('/', (_, response) => response.end());
  const made = createFastServer(app);
  const before: unknown[] = [];
  made.prependListener('request', (request, response) =>
    before.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response)),
  );
  await listen(made);
  await fetch(address(made));
  expect(before[0]).toBe(app.request);
  expect(before[1]).toBe(app.response);
});
