import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createQueues } from '../../../src/queue/create-queues.js';
import { findPostgres, initPostgres, startPostgres } from '../../support/servers/postgres.js';
import { freePort, type Started, waitFor } from '../../support/servers/process.js';
import { realServers } from '../../support/servers/real-servers.js';
import { startRedis } from '../../support/servers/redis.js';
import { silentLog } from '../../support/silent-log.js';

const { redis } = realServers();
const programs = findPostgres();
// Of the machine, not of the project.
const [openssl, install] = ['openssl', 'install'] as const;
const there = spawnSync(openssl, ['version']).status === 0;

describe.skipIf(!there)('a queue whose certificate a private authority signed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-queue-tls-'));
  const [key, caFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const started: Started[] = [];

  beforeAll(() => {
    execFileSync(
      openssl,
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-keyout', key, '-out', caFile, '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ],
      { stdio: 'ignore' },
    );
  });
  afterAll(async () => {
    await Promise.all(started.map((server) => server.stop('SIGKILL')));
    rmSync(folder, { recursive: true });
  });

  /** What comes first: the queue can be used, or its log speaks of the certificate. */
  async function outcomeOf(queueUrl: string, trusted: string | undefined): Promise<string> {
    const logged: string[] = [];
    const keep = (data: object): void => void logged.push(JSON.stringify(data));
    const log = { ...silentLog, warn: keep, error: keep };
    const queues = await createQueues({ queueUrl, caFile: trusted, dataDir: folder, log });
    try {
      return await waitFor('the queue', async () => {
        if (logged.some((line) => /certificate/i.test(line))) return 'not trusted';
        return (await queues.problem()) === undefined ? 'usable' : undefined;
      });
    } finally {
      await queues.close();
    }
  }

  test.skipIf(redis === null)('Redis is used once the authority is named, and not without', async () => {
    const port = await freePort();
    const settings = [
      ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
      ...['--tls-cert-file', caFile, '--tls-key-file', key, '--tls-ca-cert-file', caFile],
    ];
    started.push(await startRedis({ binary: redis?.binary ?? '', port: 0, folder, settings }));
    expect(await outcomeOf(`rediss://127.0.0.1:${port}`, caFile)).toBe('usable');
    expect(await outcomeOf(`rediss://127.0.0.1:${port}`, undefined)).toBe('not trusted');
  });

  test.skipIf(programs === undefined)(
    'PostgreSQL, too',
    async () => {
      const own = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-pg-tls-'));
      const port = await freePort();
      initPostgres(programs ?? '', own);
      const names = [
        ['server.key', key],
        ['server.crt', caFile],
      ] as const;
      for (const [name, from] of names) {
        const to = join(own, 'data', name);
        execFileSync(install, [
          ...['-m', '600'],
          ...(process.getuid?.() === 0 ? ['-o', 'postgres'] : []),
          from,
          to,
        ]);
      }
      execFileSync('sh', ['-c', 'echo "ssl = on" >> "$0"', join(own, 'data', 'postgresql.conf')]);
      const server = startPostgres(programs ?? '', own, port);
      started.push(server);
      await waitFor('PostgreSQL', () => server.output().includes('ready to accept connections'));
      const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
      expect(await outcomeOf(url, caFile)).toBe('usable');
      expect(await outcomeOf(`${url}?sslmode=verify-full`, undefined)).toBe('not trusted');
      await server.stop('SIGKILL');
      rmSync(own, { recursive: true });
    },
    60_000,
  );
});
