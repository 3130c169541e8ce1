import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { OpenOptions } from '../../../src/queue/create-queues.js';
import { findPostgres, initPostgres, startPostgres } from '../servers/postgres.js';
import { freePort, type Started, waitFor } from '../servers/process.js';
import { realServers } from '../servers/real-servers.js';
import { silentLog } from '../silent-log.js';
import { type DataFolder, newDataFolder } from './data-folder.js';

/** One kind of store that the contract must hold on. */
export interface TestBackend {
  readonly name: string;
  /** Why it cannot be tested here, or undefined. */
  readonly missing: string | undefined;
  prepare(): Promise<void>;
  /** A store of its own for one test, which can be opened again. */
  fresh(): Promise<OpenOptions>;
  end(): Promise<void>;
}

let numbers = 0;
const unique = (): string => `t${process.pid}x${Date.now().toString(36)}x${numbers++}`;

export function redisBackend(): TestBackend {
  const { redis } = realServers();
  return {
    name: 'Redis',
    missing: redis === null ? 'no redis-server on the PATH' : undefined,
    prepare: async () => undefined,
    fresh: async () => ({
      queueUrl: redis?.url ?? '',
      dataDir: '/nowhere',
      log: silentLog,
      prefix: `{${unique()}}`,
    }),
    end: async () => undefined,
  };
}

export function embeddedBackend(): TestBackend {
  const folders: DataFolder[] = [];
  return {
    name: 'embedded',
    missing: undefined,
    prepare: async () => undefined,
    async fresh() {
      const folder = await newDataFolder();
      folders.push(folder);
      return { queueUrl: 'embedded', dataDir: folder.path, log: silentLog };
    },
    async end() {
      for (const folder of folders) folder.remove();
    },
  };
}

export function postgresBackend(): TestBackend {
  const programs = findPostgres();
  let folder = '';
  let base = process.env.TEST_POSTGRES_URL ?? '';
  let server: Started | undefined;
  return {
    name: 'PostgreSQL',
    missing: base || programs ? undefined : 'no PostgreSQL programs and no TEST_POSTGRES_URL',
    async prepare() {
      if (base !== '' || programs === undefined) return;
      folder = mkdtempSync(join(tmpdir(), 'queue-postgres-'));
      initPostgres(programs, folder);
      const port = await freePort();
      server = startPostgres(programs, folder, port);
      base = `postgres://postgres@127.0.0.1:${port}`;
      await waitFor('PostgreSQL', () => sql(`${base}/postgres`, 'SELECT 1').then(() => true));
    },
    async fresh() {
      const name = unique();
      await sql(`${base}/postgres`, `CREATE DATABASE ${name}`);
      return { queueUrl: `${base}/${name}`, dataDir: '/nowhere', log: silentLog };
    },
    async end() {
      await server?.stop('SIGQUIT');
      if (folder !== '') rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function sql(connectionString: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
