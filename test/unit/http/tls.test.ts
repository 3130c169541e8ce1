import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createProxy } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttp } from '../../../src/http/http.js';
import type { Http } from '../../../src/http/types.js';

const openssl = 'openssl';
const there = spawnSync(openssl, ['version']).status === 0;

describe.skipIf(!there)('a server with a certificate of an authority of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-tls-'));
  const [keyFile, caFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const closers: (() => void)[] = [() => rmSync(folder, { recursive: true })];
  let port: number;

  beforeAll(async () => {
    execFileSync(
      openssl,
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-keyout', keyFile, '-out', caFile, '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ],
      { stdio: 'ignore' },
    );
    const options = { key: readFileSync(keyFile), cert: readFileSync(caFile) };
    const server = createServer(options, (_request, response) => response.end('"safe"'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    port = (server.address() as AddressInfo).port;
  });

  afterAll(() => {
    for (const close of closers) close();
  });

  function http(options: { caFile?: string; proxy?: string } = {}): Http {
    const client = createHttp({ name: 'MLflow', baseUrl: `https://127.0.0.1:${port}`, ...options });
    closers.unshift(() => client.close());
    return client;
  }

  test('is not trusted, is not asked again, and the error names the remedy', async () => {
    await expect(http().request({ method: 'GET', path: '/' })).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      failure: { kind: 'unavailable' },
      message: expect.stringContaining('PEM file'),
    });
  });

  test('is trusted by its PEM file', async () => {
    expect((await http({ caFile }).request({ method: 'GET', path: '/' })).data).toBe('safe');
  });

  test('is reached through a tunnel of the proxy, which sees neither path nor answer', async () => {
    const asked: string[] = [];
    const proxy = createProxy();
    proxy.on('connect', (request, socket) => {
      asked.push(`${request.method} ${request.url}`);
      const tunnel = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        tunnel.pipe(socket).pipe(tunnel);
      });
      closers.unshift(() => tunnel.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    closers.unshift(() => proxy.close());
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const client = http({ caFile, proxy: address });
    expect((await client.request({ method: 'GET', path: '/secret' })).data).toBe('safe');
    expect(asked).toEqual([`CONNECT 127.0.0.1:${port}`]);
  });

  test('needs a PEM file that can be read', () => {
    expect(() => http({ caFile: join(folder, 'none.pem') })).toThrow(/none\.pem/);
  });
});
