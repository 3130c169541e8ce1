import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createQueues, type OpenQueues } from '../../src/queue/create-queues.js';
import { notingHandlers } from '../support/queue/handlers.js';
import { readinessOf } from '../support/queue/readiness.js';
import { findPostgres, initPostgres, startPostgres } from '../support/servers/postgres.js';
import { freePort, type Started, waitFor } from '../support/servers/process.js';
import { startUnawarePooler } from '../support/servers/unaware-pooler.js';
import { silentLog } from '../support/silent-log.js';

const programs = findPostgres();

/** Who may come in, and how. */
const hba = `
local all all trust
host all postgres,owner,stranger 127.0.0.1/32 trust
host all locked 127.0.0.1/32 scram-sha-256
hostssl all tls_only 127.0.0.1/32 trust
`;

describe.skipIf(programs === undefined)(
  'ready means that an event sent now would be stored by PostgreSQL:',
  () => {
    let folder: string;
    let port: number;
    let server: Started;
    let admin: pg.Pool;
    let database: string;
    let queues: OpenQueues | undefined;
    let numbers = 0;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'ready-postgres-'));
      initPostgres(programs ?? '', folder);
      writeFileSync(join(folder, 'data', 'pg_hba.conf'), hba);
      port = await freePort();
      server = startPostgres(programs ?? '', folder, port);
      admin = new pg.Pool({ connectionString: `postgres://postgres@127.0.0.1:${port}/postgres`, max: 1 });
      admin.on('error', () => undefined);
      await waitFor('PostgreSQL', () => admin.query('SELECT 1'));
      for (const role of ['owner', 'stranger', 'locked', 'tls_only'])
        await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'right'`);
    });
    afterAll(async () => {
      await admin.end();
      await server.stop('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    });

    beforeEach(async () => {
      database = `ready${numbers++}`;
      await admin.query(`CREATE DATABASE ${database}`);
    });
    afterEach(async () => {
      await queues?.close();
      queues = undefined;
    });

    async function open(user: string, on = port, name = database): Promise<OpenQueues> {
      const queueUrl = `postgres://${user}@127.0.0.1:${on}/${name}`;
      queues = await createQueues({ queueUrl, dataDir: folder, log: silentLog });
      return queues;
    }

    /** Commands in the database of the test. */
    async function sql(...commands: readonly string[]): Promise<void> {
      const client = new pg.Client({ connectionString: `postgres://postgres@127.0.0.1:${port}/${database}` });
      await client.connect();
      for (const command of commands) await client.query(command);
      await client.end();
    }

    const { job, expectRefusal, expectService } = readinessOf(() => queues);

    test('it wants another password', async () => {
      await open('locked:wrong');
      await expectRefusal(/it refuses the login: check the user and the password in QUEUE_URL/);
    });

    test('it wants TLS', async () => {
      await open('tls_only');
      await expectRefusal(/it accepts encrypted connections only: append \?sslmode=/);
    });

    test('the database does not exist, and is created', async () => {
      await open('postgres', port, `${database}later`);
      await expectRefusal(/the database in QUEUE_URL does not exist: create it/);
      await admin.query(`CREATE DATABASE ${database}later`);
      await expectService();
    });

    test('the user may not make the tables, and then it may', async () => {
      await open('stranger');
      await expectRefusal(/may not create them: GRANT CREATE ON DATABASE.*permission denied for database/);
      await admin.query(`GRANT CREATE ON DATABASE ${database} TO stranger`);
      await expectService();
    });

    test('the user may not write to the tables of somebody else', async () => {
      await (await open('postgres')).add(job()).catch(() => undefined);
      await expectService();
      await queues?.close();
      await open('stranger');
      await expectRefusal(/lacks rights in the schema bullmq/);
    });

    test('the owner of complete tables needs no right to create any', async () => {
      await admin.query(`GRANT CREATE ON DATABASE ${database} TO owner`);
      await open('owner');
      await expectService();
      await queues?.close();
      await admin.query(`REVOKE CREATE ON DATABASE ${database} FROM owner`);
      await open('owner');
      await expectService();
    });

    test('it is read-only, and then not any more', async () => {
      await open('postgres');
      await expectService();
      await admin.query(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
      await queues?.close();
      await open('postgres');
      await expectRefusal(/it is read-only: give the address of the primary/);
      await admin.query(`ALTER DATABASE ${database} SET default_transaction_read_only = off`);
      await expectService();
    });

    test('a pooler in front of it drops the settings of a session', async () => {
      await open('postgres');
      await expectService();
      await queues?.close();
      const pooler = await startUnawarePooler(port);
      await open('postgres', pooler.port);
      await expectRefusal(/give the address of PostgreSQL itself instead of a pooler/);
      await queues?.close();
      queues = undefined;
      await pooler.stop();
    });

    test('its schema is dropped under a running service: hooks and workers go on without a restart', async () => {
      const ran: string[] = [];
      await open('postgres');
      await expectService();
      const workers = queues?.startWorkers(notingHandlers(ran));
      await waitFor('the first job', () => ran.length === 1);
      await sql('DROP SCHEMA bullmq CASCADE');
      await expectService();
      await waitFor('the second job', () => ran.length === 2, 10_000);
      await workers?.close(500);
    });

    test('asking for readiness leaves nothing behind', async () => {
      await open('postgres');
      await waitFor('readiness', async () => (await queues?.problem()) === undefined);
      const client = new pg.Client({ connectionString: `postgres://postgres@127.0.0.1:${port}/${database}` });
      await client.connect();
      const { rows } = await client.query(
        'SELECT (SELECT count(*) FROM bullmq.job) + (SELECT count(*) FROM bullmq.event) AS left',
      );
      await client.end();
      expect(Number(rows[0]?.left)).toBe(0);
    });

    test('a clock that is a minute behind that of PostgreSQL is a warning', async () => {
      const now = Date.now;
      Date.now = () => now() - 60_000;
      try {
        await open('postgres');
        await waitFor('the warning', () =>
          queues
            ?.warnings()
            .some((warning) => /this machine is 60 s behind that of PostgreSQL/.test(warning)),
        );
      } finally {
        Date.now = now;
      }
    });
  },
);
