import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createStanding } from '../../../src/http/standing.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { createPayloadReader } from '../../../src/queue/payloads.js';
import { createOneAtATime, runJob } from '../../../src/queue/run-job.js';
import type { JobHandlers } from '../../../src/queue/types.js';
import { type Answer, type Scripted, scripted } from '../../support/servers/scripted-server.js';
import { silentLog } from '../../support/silent-log.js';

/** What became of a try: it waits so many ms without having spent an attempt, or it has failed, for good or not. */
type End =
  | { readonly kind: 'waits'; readonly ms: number }
  | { readonly kind: 'spends an attempt' | 'fails for good'; readonly reason: string }
  | { readonly kind: 'done' };

const html = { 'content-type': 'text/html' };
const page = (status: number, body = '<h1>no</h1>', headers = {}): Answer => ({
  status,
  body,
  headers: { ...html, ...headers },
});
const json = (status: number, body: object): Answer => ({ status, body: JSON.stringify(body) });

/** Requests of the job go to `/…set-tag` or a branch; the small question is a search or a listing. */
let clock: number;
let toJob: Answer;
let toQuestion: Answer;
let lines: string[];

const well = { lakeFS: json(200, { id: 'main', commit_id: 'c' }), MLflow: json(200, {}) };
const answered = {
  lakeFS: json(200, {
    results: [],
    pagination: { has_more: false, next_offset: '', results: 0, max_per_page: 1 },
  }),
  MLflow: json(200, { experiments: [] }),
};

beforeEach(() => {
  clock = 1_800_000_000_000;
  lines = [];
});

async function server(): Promise<Scripted> {
  return scripted((seen, response) => {
    const question = /experiments\/search|\/repositories\?/.test(seen.url);
    const answer = question ? toQuestion : toJob;
    if (answer === 'reset') response.destroy();
    else if (answer !== 'silence' && typeof answer === 'object')
      response
        .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
        .end(answer.body);
  });
}

type Name = 'lakeFS' | 'MLflow';

/** A job whose work is one request to the server, with the attempts that it has spent so far. */
async function worker(
  name: Name,
  timeoutMs = 10_000,
): Promise<(attemptsMade?: number, started?: number, ageMs?: number) => Promise<End>> {
  const { url } = await server();
  const now = (): number => clock;
  const retry = { retries: 0 };
  const keys = { accessKeyId: 'a', secretAccessKey: 'b' };
  const asking = {
    lakeFS: async () => {
      for await (const one of createLakefsClient({
        endpoint: url,
        ...keys,
        retry,
        timeoutMs: 300,
      }).repositories())
        return one;
      return undefined;
    },
    MLflow: () =>
      createMlflowClients(url, { connections: 'new', retry, timeoutMs }).experiments.searchExperiment(
        undefined,
        1,
      ),
  };
  const standing = createStanding({ ask: asking[name], now, onSign: () => undefined });
  const options = { standing, retry, timeoutMs };
  const work = {
    lakeFS: () => createLakefsClient({ endpoint: url, ...keys, ...options }).getBranch('images', 'main'),
    MLflow: () => createMlflowClients(url, { connections: 'new', ...options }).runs.setTag('r', 'k', 'v'),
  };
  const handler = async () => {
    await work[name]();
    return { summary: 'done' };
  };
  const handlers: JobHandlers = {
    'register-commit': handler,
    'sweep-runs': handler,
    'reconcile-repository': handler,
    'link-run': handler,
  };
  return async (attemptsMade = 0, started = attemptsMade + 1, ageMs = 0) => {
    let ms = -1;
    const job = {
      ...{ id: 'link-run_x', data: { v: 1, server: 'default', run: 'r' }, opts: { attempts: 8 } },
      ...{ attemptsMade, attemptsStarted: started, timestamp: Date.now() - ageMs },
      log: async (line: string) => void lines.push(line),
      moveToDelayed: async (at: number) => {
        ms = at - Date.now();
      },
    } as unknown as Job;
    try {
      await runJob('link-run', job, 'token', new AbortController().signal, {
        handlers,
        payloads: createPayloadReader(),
        log: silentLog,
        oneAtATime: createOneAtATime(),
        handingBack: () => false,
        removeFailed: async () => undefined,
      });
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof DelayedError) return { kind: 'waits', ms };
      const reason = error instanceof Error ? error.message : String(error);
      const forGood = error instanceof UnrecoverableError || attemptsMade + 1 >= 8;
      return { kind: forGood ? 'fails for good' : 'spends an attempt', reason };
    } finally {
      // The next try comes later than what was learned in this one counts.
      clock += 2_000;
    }
  };
}

/** Where silence is waited for, little is enough; elsewhere a busy machine must not look like silence. */
const patienceFor = (answer: Answer): number => (answer === 'silence' ? 100 : 10_000);

const ofEverything: readonly (readonly [string, Answer])[] = [
  ['a reset', 'reset'],
  ['a timeout', 'silence'],
  ['429', page(429)],
  ['500', page(500)],
  ['502', page(502)],
  ['503', page(503)],
  ['504', page(504)],
  ['401', page(401, 'You are not authenticated.')],
  ['403 for the Host', page(403, 'Invalid Host header - possible DNS rebinding attack detected')],
  ['403 of a proxy', page(403)],
  ['302', page(302, '', { location: 'https://login.example' })],
  ['a login page', page(200, '<html>Log in</html>')],
  ['404 of a proxy', page(404)],
];

describe.each(['lakeFS', 'MLflow'] as const)('%s', (name) => {
  test.each(ofEverything)(
    'answers %s to everything, more often than a job has attempts: it waits, spends no attempt, and goes on when it is back',
    async (_what, answer) => {
      const run = await worker(name, patienceFor(answer));
      [toJob, toQuestion] = [answer, answer];
      const times = answer === 'silence' ? 9 : 12;
      for (let n = 1; n <= times; n += 1) {
        const end = await run(0, n);
        expect(end.kind).toBe('waits');
        expect(end.kind === 'waits' && end.ms).toBeLessThanOrEqual(300_000);
      }
      [toJob, toQuestion] = [well[name], answered[name]];
      await vi.waitFor(async () => expect(await run(0, times + 1)).toEqual({ kind: 'done' }), 10_000);
    },
  );

  test.each(ofEverything.filter(([what]) => what !== '429'))(
    'answers %s to one request and others as usual: the job spends its attempts and fails with the reason',
    async (_what, answer) => {
      const run = await worker(name, patienceFor(answer));
      [toJob, toQuestion] = [answer, answered[name]];
      const ends: End[] = [];
      for (let attempt = 0; attempt < 8; attempt += 1) ends.push(await run(attempt));
      expect(ends.map(({ kind }) => kind)).toEqual([...Array(7).fill('spends an attempt'), 'fails for good']);
      const last = ends.at(-1);
      expect(last !== undefined && 'reason' in last && last.reason).toContain(name);
    },
  );

  test.each([
    [429, '120', 120_000],
    [503, '120', 120_000],
    [503, '86400', 300_000],
    [429, '99999999999999999999', 300_000],
  ])(
    'answers %i with Retry-After %s: the job waits as long, at most five minutes',
    async (status, asked, ms) => {
      const run = await worker(name);
      [toJob, toQuestion] = [page(status, '', { 'retry-after': asked }), answered[name]];
      const end = await run();
      expect(end.kind).toBe('waits');
      expect(end.kind === 'waits' && end.ms).toBeGreaterThan(Math.min(ms, 270_000) - 1_000);
      expect(end.kind === 'waits' && end.ms).toBeLessThanOrEqual(Math.min(ms * 1.1, 300_000));
    },
  );

  test.each([
    ['429', page(429)],
    ['503 with Retry-After', page(503, '', { 'retry-after': '1' })],
  ])(
    'answers %s to one request for ever and others as usual: after two hours of waiting it spends attempts, and fails with the reason',
    async (_what, answer) => {
      const run = await worker(name);
      const hours = (n: number): number => n * 3_600_000;
      [toJob, toQuestion] = [answer, answered[name]];
      expect((await run(0, 200, hours(1))).kind).toBe('waits');
      expect((await run(0, 2, hours(20))).kind).toBe('waits');
      expect((await run(0, 25, hours(3))).kind).toBe('spends an attempt');
      const last = await run(7, 40, hours(4));
      expect(last.kind).toBe('fails for good');
      expect('reason' in last && last.reason).toContain(name);
      [toJob, toQuestion] = [answer, answer];
      expect((await run(7, 40, hours(4))).kind).toBe('waits');
    },
  );

  const own = {
    lakeFS: [
      json(400, { message: 'bad ref' }),
      json(401, { message: 'insufficient permissions: fs:ReadBranch' }),
      json(404, { message: 'branch not found' }),
      json(409, { message: 'conflict' }),
    ],
    MLflow: [
      json(400, { error_code: 'INVALID_PARAMETER_VALUE', message: 'no' }),
      json(403, { error_code: 'PERMISSION_DENIED', message: 'no' }),
      json(404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'no' }),
      page(403, 'Permission denied'),
    ],
  };
  test.each(own[name])('blames the request itself with %j: the job fails at once', async (answer) => {
    const run = await worker(name);
    [toJob, toQuestion] = [answer, answered[name]];
    expect((await run()).kind).toBe('fails for good');
  });

  test('says of everything that our user may not: the job waits', async () => {
    const run = await worker(name);
    const answer =
      name === 'MLflow'
        ? page(403, 'Permission denied')
        : json(401, { message: 'error authenticating request' });
    [toJob, toQuestion] = [answer, answer];
    expect((await run()).kind).toBe('waits');
  });
});
