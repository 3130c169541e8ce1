import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHttp } from '../../../src/http/http.js';

let server: Server;
let requests: number;
let baseUrl: string;

beforeEach(async () => {
  requests = 0;
  // Takes requests and answers none.
  server = createServer(() => {
    requests += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('the signal of a server ends requests under way and in line, and lets no other begin', async () => {
  const leaving = new AbortController();
  const http = createHttp({
    ...{ name: 'lakeFS', baseUrl, maxInFlight: 1, connections: 'reuse', signal: leaving.signal },
  });
  const ask = () => http.request({ method: 'GET', path: '/' }).catch((error: unknown) => error);
  const both = Promise.all([ask(), ask()]);
  await new Promise<void>((resolve) => server.once('request', () => resolve()));
  const reason = new Error('the process is stopping');
  leaving.abort(reason);
  expect(await both).toEqual([reason, reason]);
  expect(await ask()).toBe(reason);
  expect(requests).toBe(1);
});
