import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createQueues, type OpenQueues } from '../../src/queue/create-queues.js';
import { newDataFolder } from '../support/queue/data-folder.js';
import { onLoopback } from '../support/servers/loopback.js';
import { findPostgres, initPostgres, startPostgres } from '../support/servers/postgres.js';
import { freePort, type Started, start, waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { startRedis } from '../support/servers/redis.js';
import { startTcpProxy, type TcpProxy } from '../support/servers/tcp-proxy.js';
import { program } from '../support/service/service.js';
import { silentLog } from '../support/silent-log.js';

// Real processes with the settings as they are by default: each must end within 8 s with exit code 0, and lose nothing.
vi.setConfig({ testTimeout: 180_000 });

const limitMs = 8_000;
const commit = 'c0ffee'.padEnd(64, '0');
const { redis } = realServers();
const postgres = findPostgres();

let folder: string;
let stores: Started[];
let held: HeldServers;
const cleanups: (() => unknown)[] = [];
const port = { redis: 0, postgres: 0, closed: 0 };
let databases = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shutdown-states-'));
  held = await startHeldServers();
  port.closed = await freePort();
  // Made once, and copied from then on.
  await dataFolder();
  stores = [];
  if (redis !== null) {
    port.redis = await freePort();
    stores.push(await startRedis({ binary: redis.binary, port: port.redis, folder }));
  }
  if (postgres !== undefined) {
    const own = mkdtempSync(join(tmpdir(), 'shutdown-postgres-'));
    cleanups.push(() => rmSync(own, { recursive: true, force: true }));
    initPostgres(postgres, own);
    port.postgres = await freePort();
    const server = startPostgres(postgres, own, port.postgres);
    stores.push(server);
    await waitFor('PostgreSQL', () => server.output().includes('ready to accept connections'));
  }
});

afterAll(async () => {
  await Promise.all(stores.map((store) => store.stop('SIGKILL')));
  held.close();
  for (const cleanup of cleanups.reverse()) await cleanup();
  rmSync(folder, { recursive: true, force: true });
});

/** A lakeFS that lists one repository, and an MLflow; both take all other requests and answer none. */
interface HeldServers {
  readonly lakefs: string;
  readonly mlflow: string;
  /** `<data folder's mark> <path>` of each held request. */
  readonly asked: string[];
  close(): void;
}

async function startHeldServers(): Promise<HeldServers> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    if (/\/repositories\?/.test(path)) {
      const results = [{ id: 'held-data', creation_date: 1, default_branch: 'main', storage_namespace: 'x' }];
      const pagination = { has_more: false, next_offset: '', results: 1, max_per_page: 1000 };
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ pagination, results }));
    }
    // The keys say which process asks: MLflow's user, and lakeFS's access key.
    const [who] = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64')
      .toString()
      .split(':');
    asked.push(`${who} ${path}`);
  });
  const { url, stop } = await onLoopback(server);
  return { lakefs: url, mlflow: url, asked, close: () => void stop() };
}

interface Surroundings {
  readonly queueUrl: string;
  readonly dataDir: string;
  readonly lakefs?: string;
  readonly mlflow?: string;
  /** The keys, by which the held servers tell who asks. */
  readonly who?: string;
  /** What runs the program; Node by itself where left out. */
  readonly wrapper?: readonly string[];
}

interface Running extends Started {
  readonly url: string;
  readonly ended: Promise<number | string>;
}

async function serve(surroundings: Surroundings): Promise<Running> {
  const { queueUrl, dataDir, lakefs = held.lakefs, mlflow = held.mlflow, who = 'x' } = surroundings;
  const own = await freePort();
  const [command = process.execPath, ...args] = [...(surroundings.wrapper ?? []), process.execPath, program];
  const started = start(command, [...args, 'serve'], {
    LAKEFS_MLFLOW_PORT: String(own),
    LAKEFS_MLFLOW_QUEUE_URL: queueUrl,
    LAKEFS_MLFLOW_DATA_DIR: dataDir,
    LAKECTL_SERVER_ENDPOINT_URL: lakefs,
    LAKECTL_CREDENTIALS_ACCESS_KEY_ID: who,
    LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: 'secret',
    MLFLOW_TRACKING_URI: mlflow,
    MLFLOW_TRACKING_USERNAME: who,
    MLFLOW_TRACKING_PASSWORD: 'secret',
    LAKEFS_MLFLOW_MLFLOW_CONNECTIONS: 'reuse',
    LAKEFSACTION_BRIDGE_TOKEN: 'states-token',
  });
  cleanups.push(() => started.stop('SIGKILL'));
  const ended = new Promise<number | string>((resolve) => {
    started.child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { ...started, url: `http://127.0.0.1:${own}`, ended };
}

const moments = {
  /** Before it has said that it is started: it waits for its queue and servers. */
  'when it listens': ({ url }: Running) => waitFor('an answer', () => lives(url)),
  'when it has started': ({ output }: Running) => waitFor('the start', () => output().includes('"started"')),
};
type Moment = keyof typeof moments;

async function lives(url: string): Promise<boolean> {
  return (await fetch(`${url}/health/live`)).ok;
}

interface Ending {
  readonly state: string;
  readonly code: number | string;
  readonly inTime: boolean;
}

async function end(state: string, running: Running): Promise<Ending> {
  const from = performance.now();
  running.child.kill('SIGTERM');
  const code = await running.ended;
  const ms = Math.round(performance.now() - from);
  if (ms >= limitMs) console.log(`${state}: ended after ${ms} ms\n${running.output()}`);
  return { state, code, inTime: ms < limitMs };
}

const well = (state: string): Ending => ({ state, code: 0, inTime: true });

/** Four at a time: most of them wait. */
async function each<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>) {
  const left = [...items.entries()];
  const results: Result[] = [];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      results[next[0]] = await work(next[1]);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return results;
}

async function dataFolder(): Promise<string> {
  const { path, remove } = await newDataFolder();
  cleanups.push(remove);
  return path;
}

/** The address of a store of its own. */
async function queueOn(kind: 'embedded' | 'Redis' | 'PostgreSQL'): Promise<string> {
  if (kind === 'embedded') return 'embedded';
  databases += 1;
  // Redis has 16.
  if (kind === 'Redis') return `redis://127.0.0.1:${port.redis}/${databases % 16}`;
  const name = `states${databases}`;
  const place = ['-h', '127.0.0.1', '-p', String(port.postgres), '-U', 'postgres'];
  execFileSync(join(postgres ?? '', 'createdb'), [...place, name]);
  return `postgres://postgres@127.0.0.1:${port.postgres}/${name}`;
}

const kinds = [
  'embedded' as const,
  ...(redis === null ? [] : (['Redis'] as const)),
  ...(postgres === undefined ? [] : (['PostgreSQL'] as const)),
];

test('SIGTERM at its start, whatever cannot be reached: it ends within 8 s with exit code 0', async () => {
  const hung = await startTcpProxy(1);
  hung.hang();
  cleanups.push(() => hung.stop());
  const away = {
    'a hung': `127.0.0.1:${hung.port}`,
    'a refusing': `127.0.0.1:${port.closed}`,
    'an unknown': 'no-such-name.invalid:6379',
  };
  const all = Object.keys(moments) as Moment[];
  const queues: { name: string; address: () => Promise<string>; when: readonly Moment[] }[] = [
    ...kinds.map((kind) => ({ name: kind, address: () => queueOn(kind), when: all })),
    ...Object.entries(away).flatMap(([how, host]) => [
      { name: `${how} Redis`, address: async () => `redis://${host}`, when: all },
      {
        name: `${how} PostgreSQL`,
        address: async () => `postgres://postgres@${host}/postgres`,
        when: all.slice(how === 'a hung' ? 0 : 1),
      },
    ]),
  ];
  const servers = Object.entries(away);
  const states = queues.flatMap((queue, row) =>
    queue.when.map((moment, column) => {
      const [lakefsIs, lakefs] = servers[(row + column) % servers.length]!;
      const [mlflowIs, mlflow] = servers[(row + 2 * column + 1) % servers.length]!;
      const name = `${moment}, on ${queue.name}, with ${lakefsIs} lakeFS and ${mlflowIs} MLflow`;
      const { address } = queue;
      return { name, moment, address, lakefs: `http://${lakefs}`, mlflow: `http://${mlflow}` };
    }),
  );
  const endings = await each(states, async ({ name, moment, address, lakefs, mlflow }) => {
    const running = await serve({ queueUrl: await address(), dataDir: await dataFolder(), lakefs, mlflow });
    await moments[moment](running);
    return end(name, running);
  });
  expect(endings).toEqual(states.map(({ name }) => well(name)));
});

test('SIGTERM during the first creation of the embedded queue does not block the next start', async () => {
  const dataDir = join(folder, 'never-used');
  const first = await serve({ queueUrl: 'embedded', dataDir });
  await waitFor('the first files', () => existsSync(join(dataDir, 'queue.new', 'base')));
  expect(await end('first', first)).toEqual(well('first'));
  expect(existsSync(join(dataDir, 'queue.lock'))).toBe(false);
  const second = await serve({ queueUrl: 'embedded', dataDir });
  await waitFor('the next start', async () => (await fetch(`${second.url}/health/ready`)).ok, 60_000);
  expect(await end('second', second)).toEqual(well('second'));
});

/** What each handler asks for first, or soon. */
const handlers = {
  'register-commit': new RegExp(`/commits/${commit}|/repositories/held-data$`),
  'reconcile-repository': /\/repositories\/held-data/,
  'sweep-runs': /experiments\/search|runs\/search/,
  'link-run': /runs\/get\?run_id=held-run/,
};
const names = Object.keys(handlers) as (keyof typeof handlers)[];

/** Starts a process in which all four handlers wait for an answer that does not come. */
async function serveHeld(surroundings: Surroundings & { readonly who: string }): Promise<Running> {
  const running = await serve(surroundings);
  await waitFor(
    'the process to take events',
    async () => (await fetch(`${running.url}/health/ready`)).ok,
    60_000,
  );
  const answer = await fetch(`${running.url}/hooks/lakefs`, {
    method: 'POST',
    headers: { authorization: 'Bearer states-token', 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ event_type: 'post-commit', event_time: '2026-11-23T10:00:00Z', action_name: 'a', hook_id: 'h' },
      ...{ repository_id: 'held-data', branch_id: 'main', source_ref: 'main', commit_id: commit },
      ...{ commit_message: 'held', committer: 'ada' },
    }),
  });
  expect(answer.status).toBe(202);
  await waitFor('all four handlers to ask', () => allAsked(surroundings.who));
  return running;
}

function allAsked(who: string): boolean {
  const mine = held.asked.filter((line) => line.startsWith(`${who} `));
  return names.every((name) => mine.some((line) => handlers[name].test(line)));
}

async function withQueue<T>(
  queueUrl: string,
  dataDir: string,
  work: (queues: OpenQueues) => Promise<T>,
): Promise<T> {
  const queues = await createQueues({ queueUrl, dataDir, log: silentLog });
  try {
    await waitFor('the queue', async () => (await queues.problem()) === undefined);
    return await work(queues);
  } finally {
    await queues.close();
  }
}

/** What runs, waits or is put off, in each queue. */
const left = (queueUrl: string, dataDir: string, states: readonly ('waiting' | 'active' | 'delayed')[]) =>
  withQueue(queueUrl, dataDir, async (queues) => {
    const counts = await queues.counts();
    return names.map((name) => states.reduce((sum, state) => sum + counts[name][state], 0));
  });

async function addLinkRun(queueUrl: string, dataDir: string): Promise<void> {
  const payload = { v: 1, server: 'default', run: 'held-run' } as const;
  await withQueue(queueUrl, dataDir, (queues) => queues.add({ name: 'link-run', payload, cause: 'sweep' }));
}

test('SIGTERM with a job in each handler: all are handed back within 8 s, and run at once in the next process', async () => {
  const endings = await each(kinds, async (kind) => {
    const surroundings = { queueUrl: await queueOn(kind), dataDir: await dataFolder(), who: `first-${kind}` };
    const { queueUrl, dataDir } = surroundings;
    await addLinkRun(queueUrl, dataDir);
    const ending = await end(kind, await serveHeld(surroundings));
    expect(await left(queueUrl, dataDir, ['waiting']), kind).toEqual([1, 1, 1, 1]);
    const who = `next-${kind}`;
    const next = await serve({ ...surroundings, who });
    // Not only when the locks of the first process have expired (30 s) and somebody has looked (30 s).
    await waitFor(`the next process to run all jobs on ${kind}`, () => allAsked(who), 25_000);
    expect(await end(`next on ${kind}`, next)).toEqual(well(`next on ${kind}`));
    return ending;
  });
  expect(endings).toEqual(kinds.map(well));
});

test('SIGTERM with a job in each handler and the queue gone: it ends within 8 s, and the store still has all', async () => {
  const faults = { hangs: (proxy: TcpProxy) => proxy.hang(), refuses: (proxy: TcpProxy) => proxy.stop() };
  const states = kinds
    .filter((kind) => kind !== 'embedded')
    .flatMap((kind) => Object.entries(faults).map(([how, fault]) => ({ kind, how, fault })));
  const endings = await each(states, async ({ kind, how, fault }) => {
    const direct = await queueOn(kind);
    const proxy = await startTcpProxy(Number(new URL(direct).port));
    cleanups.push(() => proxy.stop().catch(() => undefined));
    const through = new URL(direct);
    through.port = String(proxy.port);
    const dataDir = await dataFolder();
    await addLinkRun(direct, dataDir);
    const who = `${kind}-${how}`;
    const running = await serveHeld({ queueUrl: through.toString(), dataDir, who });
    await fault(proxy);
    const ending = await end(`${kind} ${how}`, running);
    expect(await left(direct, dataDir, ['waiting', 'active', 'delayed']), who).toEqual([1, 1, 1, 1]);
    return ending;
  });
  expect(endings).toEqual(states.map(({ kind, how }) => well(`${kind} ${how}`)));
});

/** Undefined where this machine does not let us give a process a DNS server of its own. */
async function silentNames(): Promise<readonly string[] | undefined> {
  const socket = createSocket('udp4');
  cleanups.push(() => socket.close());
  const bound = await new Promise<boolean>((resolve) => {
    socket.once('error', () => resolve(false)).bind(53, '127.0.0.53', () => resolve(true));
  });
  const file = join(folder, 'resolv.conf');
  writeFileSync(file, 'nameserver 127.0.0.53\n');
  const wrapper = ['unshare', '-m', 'sh', '-c', `mount --bind ${file} /etc/resolv.conf && exec "$@"`, 'sh'];
  try {
    if (bound) execFileSync(wrapper[0]!, [...wrapper.slice(1), 'true'], { stdio: 'ignore' });
    return bound ? wrapper : undefined;
  } catch {
    return undefined;
  }
}

test('SIGTERM while a DNS server is silent, which keeps lookups open: it ends within 8 s with exit code 0', async ({
  skip,
}) => {
  const wrapper = await silentNames();
  if (wrapper === undefined) return skip('no right to mount');
  const servers = { lakefs: 'http://lakefs:8000', mlflow: 'http://mlflow:5000' };
  const endings = await each(kinds, async (kind) => {
    const running = await serve({
      queueUrl: await queueOn(kind),
      dataDir: await dataFolder(),
      ...servers,
      wrapper,
    });
    await moments['when it has started'](running);
    return end(kind, running);
  });
  expect(endings).toEqual(kinds.map(well));
});
