import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import { createMlflowClients } from '../../../src/mlflow/clients.js';

const openssl = 'openssl';
const there = spawnSync(openssl, ['version']).status === 0;

describe.skipIf(!there)('http and https confused, and certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-tls-messages-'));
  const servers: Server[] = [];
  const ports: Record<string, number> = {};

  async function listen(name: string, server: Server): Promise<void> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    ports[name] = typeof address === 'object' && address !== null ? address.port : 0;
  }

  function certificate(name: string, host: string): { key: Buffer; cert: Buffer } {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
    execFileSync(
      openssl,
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...[
          '-keyout',
          key,
          '-out',
          cert,
          '-days',
          '2',
          '-subj',
          '/CN=x',
          '-addext',
          `subjectAltName=${host}`,
        ],
      ],
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key), cert: readFileSync(cert) };
  }

  beforeAll(async () => {
    const answer = '{"results":[],"pagination":{"has_more":false},"experiments":[]}';
    await listen(
      'tls',
      createHttpsServer(certificate('tls', 'IP:127.0.0.1'), (_, response) => response.end(answer)),
    );
    await listen(
      'other',
      createHttpsServer(certificate('other', 'DNS:other.example'), (_, response) => response.end(answer)),
    );
    await listen(
      'plain',
      createHttpServer((_, response) => response.end(answer)),
    );
    await listen(
      'go',
      createHttpServer((_, response) =>
        response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n'),
      ),
    );
    // A TLS alert, as some servers answer plain HTTP.
    await listen(
      'alert',
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 70])));
      }),
    );
  });

  afterAll(() => {
    for (const server of servers) {
      if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
        server.closeAllConnections();
      server.close();
    }
    rmSync(folder, { recursive: true });
  });

  async function ask(kind: 'lakeFS' | 'MLflow', url: string, caFile?: string): Promise<string> {
    const retry = { retries: 0 };
    try {
      if (kind === 'lakeFS') {
        const client = createLakefsClient({
          endpoint: url,
          accessKeyId: 'id',
          secretAccessKey: 'canary',
          caFile,
          retry,
        });
        for await (const _ of client.repositories()) break;
      } else {
        const clients = createMlflowClients(url, { connections: 'reuse', caFile, retry });
        await clients.experiments.searchExperiment(undefined, 1);
      }
      return 'fine';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  const kinds = [
    ['lakeFS', 'LAKECTL_SERVER_ENDPOINT_URL', 'LAKEFS_MLFLOW_LAKEFS_CA_FILE'],
    ['MLflow', 'MLFLOW_TRACKING_URI', 'MLFLOW_TRACKING_SERVER_CERT_PATH'],
  ] as const;

  describe.each(kinds)('%s', (kind, address, caFile) => {
    test.each([
      ['http', 'tls', `if this port expects TLS, write https:// in ${address}`],
      [
        'http',
        'alert',
        `something that is not HTTP (HPE_INVALID_CONSTANT): if this port expects TLS, write https:// in ${address}`,
      ],
      ['http', 'go', `${kind} expects TLS on this port`],
      ['https', 'plain', `if this port speaks plain HTTP, write http:// in ${address}`],
      [
        'https',
        'tls',
        `set ${caFile} (or NODE_EXTRA_CA_CERTS) to the PEM file of the authority that signed it`,
      ],
    ])('%s:// to a port that is %s: what to change is named', async (scheme, server, words) => {
      const text = await ask(kind, `${scheme}://127.0.0.1:${ports[server]}`);
      expect(text).toContain(words);
      expect(text).not.toContain('canary');
    });

    test('a certificate for another name is distinguished from an untrusted one', async () => {
      const text = await ask(kind, `https://127.0.0.1:${ports.other}`, join(folder, 'other.pem'));
      expect(text).toContain('is for another host name (ERR_TLS_CERT_ALTNAME_INVALID)');
      expect(text).toContain(`use a name that it lists in ${address}`);
    });

    test('with its authority named it is trusted', async () => {
      expect(await ask(kind, `https://127.0.0.1:${ports.tls}`, join(folder, 'tls.pem'))).toBe('fine');
    });
  });
});
