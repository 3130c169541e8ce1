import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { HttpError } from '../../../src/http/error.js';
import { createHttp } from '../../../src/http/http.js';
import type { Http, HttpOptions } from '../../../src/http/types.js';
import { freePort } from '../../support/servers/process.js';
import { scripted } from '../../support/servers/scripted-server.js';

const waits: number[] = [];

function http(baseUrl: string, options: Partial<HttpOptions> = {}): Http {
  waits.length = 0;
  return createHttp({
    name: 'MLflow',
    baseUrl,
    connections: 'new',
    random: () => 0,
    sleep: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
}

async function failure(promise: Promise<unknown>): Promise<HttpError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
}

describe('a request', () => {
  test('goes to the path below the prefix with query, body and credentials, and without an Origin', async () => {
    const server = await scripted({ status: 200, body: '{"a":1}' });
    const client = http(`${server.url}/some/prefix/`, {
      auth: { basic: { username: 'me', password: 'pä:ss' } },
      headers: { 'X-MLFLOW-WORKSPACE': 'w' },
    });
    const answer = await client.request({
      method: 'POST',
      path: '/api/x',
      query: { id: ['1', '2'] },
      body: { value: 'ü' },
    });
    expect(answer).toMatchObject({ status: 200, data: { a: 1 } });
    const [seen] = server.seen;
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/some/prefix/api/x?id=1&id=2',
      body: '{"value":"ü"}',
    });
    expect(seen!.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('me:pä:ss').toString('base64')}`,
      'content-type': 'application/json; charset=utf-8',
      'x-mlflow-workspace': 'w',
      'user-agent': 'lakefs-mlflow',
    });
    expect(seen!.headers).not.toHaveProperty('origin');
  });

  test('with a path that looks like an address stays on its server', async () => {
    const server = await scripted({ status: 200 });
    await http(server.url).request({ method: 'GET', path: '//elsewhere.invalid/x' });
    expect(server.seen[0]!.url).toContain('elsewhere.invalid/x');
    await expect(
      http(server.url).request({ method: 'GET', path: 'http://elsewhere.invalid/x' }),
    ).rejects.toThrow(TypeError);
  });

  test('reads text and bytes as they are, and an empty body as nothing', async () => {
    const server = await scripted(
      { status: 200, body: '{"a":1}' },
      (_seen, response) => response.end(Buffer.from([0, 255])),
      (_seen, response) => response.writeHead(204).end(),
    );
    const client = http(server.url);
    expect((await client.request({ method: 'GET', path: '/t', accept: 'text' })).data).toBe('{"a":1}');
    expect((await client.request({ method: 'GET', path: '/b', accept: 'buffer' })).data).toEqual(
      Buffer.from([0, 255]),
    );
    expect((await client.request({ method: 'DELETE', path: '/n' })).data).toBeUndefined();
  });

  test('does not use the proxies of the environment, and does use one that is given', async () => {
    const proxy = await scripted({ status: 200, body: '"by proxy"' });
    const server = await scripted({ status: 200, body: '"direct"' });
    vi.stubEnv('http_proxy', proxy.url);
    vi.stubEnv('HTTP_PROXY', proxy.url);
    try {
      expect((await http(server.url).request({ method: 'GET', path: '/' })).data).toBe('direct');
      const client = http(server.url, { proxy: proxy.url });
      expect((await client.request({ method: 'GET', path: '/' })).data).toBe('by proxy');
      expect(proxy.seen).toHaveLength(1);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('holds at most maxInFlight at once', async () => {
    let [now, most] = [0, 0];
    const server = await scripted((_seen, response) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        response.end('{}');
      }, 20);
    });
    const client = http(server.url, { maxInFlight: 3 });
    await Promise.all(Array.from({ length: 9 }, () => client.request({ method: 'GET', path: '/' })));
    expect(most).toBe(3);
  });
});

describe('a failed attempt', () => {
  test('is tried again after the time that the server asks for', async () => {
    const server = await scripted({ status: 429, headers: { 'retry-after': '3' } }, { status: 200 });
    await http(server.url).request({ method: 'GET', path: '/' });
    expect(waits).toEqual([3_000]);
  });

  test('is tried again after 503, a reset and a 500, until it succeeds', async () => {
    const server = await scripted({ status: 503 }, 'reset', { status: 500 }, { status: 200, body: '"ok"' });
    expect((await http(server.url).request({ method: 'GET', path: '/' })).data).toBe('ok');
    expect(waits).toEqual([0, 4_000, 8_000]);
  });

  test('is not tried again for a POST that got through, unless the caller says that it does no harm', async () => {
    const server = await scripted('reset', 'reset', { status: 200 });
    const error = await failure(http(server.url).request({ method: 'POST', path: '/', body: {} }));
    expect(error).toMatchObject({ status: undefined, code: 'ECONNRESET', failure: { kind: 'unavailable' } });
    expect(server.seen).toHaveLength(1);
    await http(server.url).request({ method: 'POST', path: '/', body: {}, idempotent: true });
    expect(server.seen).toHaveLength(3);
  });

  test('is tried again even for a create where nothing listens', async () => {
    const port = await freePort();
    const error = await failure(
      http(`http://127.0.0.1:${port}`, { retry: { retries: 2 } }).request({
        method: 'POST',
        path: '/',
        retry: 'unsent',
      }),
    );
    expect(waits).toEqual([0, 4_000]);
    expect(error.message).toContain('MLflow cannot be reached (ECONNREFUSED)');
    expect(error.failure).toEqual({ kind: 'unavailable' });
  });

  test('is thrown after the last retry, with its facts', async () => {
    const server = await scripted({
      status: 503,
      body: '{"message":"busy"}',
      headers: { 'retry-after': '1' },
    });
    const error = await failure(
      http(server.url, { retry: { retries: 1 } }).request({ method: 'GET', path: '/p', query: { q: 'x' } }),
    );
    expect(server.seen).toHaveLength(2);
    expect(error).toMatchObject({
      name: 'HttpError',
      status: 503,
      method: 'GET',
      url: `${server.url}/p?q=x`,
      body: '{"message":"busy"}',
      retryAfterMs: 1_000,
      failure: { kind: 'unavailable', retryAfterMs: 1_000 },
    });
    expect(error.message).toBe(`MLflow answered 503 to GET ${server.url}/p?q=x: busy`);
  });

  test('that takes too long is ended by the timeout', async () => {
    const server = await scripted('silence');
    const client = http(server.url, { timeoutMs: 100, retry: { retries: 0 } });
    const error = await failure(client.request({ method: 'GET', path: '/' }));
    expect(error).toMatchObject({ code: 'ETIMEDOUT', failure: { kind: 'unavailable' } });
    expect(error.message).toContain('within 100 ms');
  });

  test('an answer that stops half-way counts as too long as well', async () => {
    const server = await scripted((_seen, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{');
    });
    const client = http(server.url, { timeoutMs: 100, retry: { retries: 0 } });
    expect((await failure(client.request({ method: 'GET', path: '/' }))).code).toBe('ETIMEDOUT');
  });

  test('ended by the caller between two attempts throws the reason of the caller', async () => {
    const server = await scripted({ status: 503, headers: { 'retry-after': '60' } });
    const client = createHttp({ name: 'MLflow', baseUrl: server.url, connections: 'new' });
    const abort = new AbortController();
    const request = client.request({ method: 'GET', path: '/', signal: abort.signal });
    await vi.waitFor(() => expect(server.seen).toHaveLength(1));
    setTimeout(() => abort.abort(new Error('stopping')), 50);
    await expect(request).rejects.toThrow('stopping');
    expect(server.seen).toHaveLength(1);
  });

  test('ended by the caller throws the reason of the caller', async () => {
    const server = await scripted('silence');
    const abort = new AbortController();
    const request = http(server.url).request({ method: 'GET', path: '/', signal: abort.signal });
    await vi.waitFor(() => expect(server.seen).toHaveLength(1));
    abort.abort(new Error('stopping'));
    await expect(request).rejects.toThrow('stopping');
  });

  test.each([
    [302, 'unavailable', 'redirects are not followed'],
    [404, 'unavailable', 'Not Found'],
    [502, 'unavailable', 'Bad Gateway'],
  ])('of %i with a page of HTML is %s', async (status, kind, text) => {
    const body = '<html><head><title>Not Found</title></head><h1>Bad Gateway</h1></html>';
    const server = await scripted({ status, body, headers: { 'content-type': 'text/html', location: '/l' } });
    const client = http(server.url, { retry: { retries: 0 } });
    const error = await failure(client.request({ method: 'GET', path: '/' }));
    expect(error).toMatchObject({ status, body, failure: { kind } });
    expect(error.message).toContain(text);
    expect(server.seen).toHaveLength(1);
  });

  test('a success that is not JSON is no success', async () => {
    const server = await scripted({ status: 200, body: '<html>Log in</html>' });
    const error = await failure(http(server.url).request({ method: 'GET', path: '/' }));
    expect(error).toMatchObject({ status: 200, failure: { kind: 'unavailable' } });
    expect(error.message).toContain('an HTML page instead of JSON');
  });

  test('keeps at most 2,000 characters of the answer', async () => {
    const server = await scripted({ status: 400, body: 'x'.repeat(50_000) });
    expect((await failure(http(server.url).request({ method: 'GET', path: '/' }))).body).toHaveLength(2_000);
  });

  test('cannot come from a line break in a token: that is refused at once, without showing it', () => {
    const make = () => http('http://127.0.0.1:1', { auth: { bearer: 'hunter22\n' } });
    expect(make).toThrow(TypeError);
    expect(make).not.toThrow('hunter22');
  });

  test('shows no secret anywhere, even where the server echoes it', async () => {
    const server = await scripted((seen, response) => {
      response.writeHead(401).end(`you sent ${seen.headers.authorization} hunter22`);
    }, 'reset');
    const secret = 'hunter22';
    const basic = Buffer.from(`me:${secret}`).toString('base64');
    for (const retries of [0, 0]) {
      const client = http(`http://me:${secret}@127.0.0.1:${server.port}`, { retry: { retries } });
      const error = await failure(client.request({ method: 'GET', path: '/', query: { token: secret } }));
      const text = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error) + error.stack;
      expect(text).not.toContain(secret);
      expect(text).not.toContain(basic);
      expect(text).not.toMatch(/authorization/i);
    }
  });
});
