import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createFastServer } from '../../../hooks/fast-server.js';
import { event, harness, token } from './fixtures.js';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Sends the bytes as they are, and returns the status of each answer once the connection has ended. */
async function statuses(raw: string): Promise<{ readonly answers: string[]; readonly added: number }> {
  const { app, added } = harness();
  server = createFastServer(app, { requestTimeoutMs: 500, checkIntervalMs: 50 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.write(raw);
  await once(socket, 'close');
  return {
    answers: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status ?? ''),
    added: added.length,
  };
}

const body = JSON.stringify(event());
const host = 'Host: bridge.example:8321';
const json = 'Content-Type: application/json';
const bearer = `Authorization: Bearer ${token}`;
const length = `Content-Length: ${body.length}`;

function post(headers: readonly string[], target = '/hooks/lakefs', last = 'Connection: close'): string {
  return [`POST ${target} HTTP/1.1`, ...headers, last, '', body].join('\r\n');
}

/** The connection stays open behind it. */
const first = post([host, json, bearer, length], '/hooks/lakefs', 'Connection: keep-alive');

describe('of what comes on the wire is refused, and nothing queued:', () => {
  test.each([
    ['two Host headers', post([host, 'Host: other.example', json, bearer, length]), ['400']],
    ['the same Host twice', post([host, host, json, bearer, length]), ['400']],
    ['no Host', post([json, bearer, length]), ['400']],
    [
      'an address of another host in the request line',
      post([host, json, bearer, length], 'http://other.example/hooks/lakefs'),
      ['400'],
    ],
    ['an address that is none', post([host, json, bearer, length], 'hooks/lakefs'), ['400']],
    ['two tokens', post([host, json, bearer, bearer, length]), ['401']],
    ['two lengths', post([host, json, bearer, length, 'Content-Length: 2']), ['400']],
    ['a length and chunks', post([host, json, bearer, length, 'Transfer-Encoding: chunked']), ['400']],
    ['a length that is no number', post([host, json, bearer, 'Content-Length: x']), ['400']],
    [
      'two types, neither of which is JSON',
      post([
        host,
        'Content-Type: text/plain',
        'content-type: text/plain;x=,application/json',
        bearer,
        length,
      ]),
      ['415'],
    ],
    ['a header of 17 kB', post([host, json, bearer, length, `X: ${'x'.repeat(17 * 1024)}`]), ['431']],
    ['a header with a NUL', post([host, json, bearer, length, 'X: a\0b']), ['400']],
    ['a header that is folded', post([host, json, bearer, length, 'X: a', ' b']), ['400']],
    ['a path that cannot be decoded', post([host, json, bearer, length], '/hooks/lakefs/%ff'), ['404']],
    ['something that is not HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 not HTTP\r\n\r\n', ['400']],
    ['half of the headers', `POST /hooks/lakefs HTTP/1.1\r\n${host}\r\nX: `, ['408']],
    ['half of a body', post([host, json, bearer, 'Content-Length: 9999']), ['408']],
  ])('%s', async (_name, raw, expected) => {
    const { answers, added } = await statuses(raw);
    expect([answers, added]).toEqual([expected, 0]);
  });
});

describe('of what comes on the wire is taken:', () => {
  test.each([
    ['an event that has garbage behind it', `${first}\x00\x01garbage\r\n\r\n`, ['400'], 1],
    ['two events in a row', first + post([host, json, bearer, length]), ['202', '202'], 2],
    [
      "an event with lakeFS's type and that of the action file",
      post([host, 'Content-Type: application/json', 'content-type: text/plain;charset=x', bearer, length]),
      ['202'],
      1,
    ],
    [
      'an event whose request line names the same host as its header',
      post([host, json, bearer, length], 'http://bridge.example:8321/hooks/lakefs'),
      ['202'],
      1,
    ],
  ])('%s', async (_name, raw, expected, queued) => {
    const { answers, added } = await statuses(raw);
    expect([answers, added]).toEqual([expected, queued]);
  });
});
