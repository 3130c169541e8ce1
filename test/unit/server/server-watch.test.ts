import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HttpFailureFacts } from '../../../src/http/classify.js';
import { HttpError } from '../../../src/http/error.js';
import { createServerWatch, type ServerName, type ServerWatch } from '../../../src/server/server-watch.js';

const server: ServerName = { kind: 'MLflow', installation: 'default' };
let lines: [string, string, object][];
let back: number;
let asked: number;
let trouble: Partial<HttpFailureFacts> | undefined;
let queueTrouble: Error | undefined;
let watch: ServerWatch;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  [lines, back, asked, trouble, queueTrouble] = [[], 0, 0, undefined, undefined];
  const write = (level: string) => (facts: object, text: string) => void lines.push([level, text, facts]);
  watch = createServerWatch({
    now: Date.now,
    log: { debug: () => undefined, info: write('info'), warn: write('warn'), error: write('error') },
    onBack: async () => {
      if (queueTrouble !== undefined) throw queueTrouble;
      back += 1;
      return { waited: 300 };
    },
  });
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

function begin() {
  const standing = watch.standingOf(server, async () => {
    asked += 1;
    if (trouble !== undefined)
      throw new HttpError({ name: 'MLflow', method: 'GET', url: 'http://m/x', ...trouble });
  });
  watch.start();
  return standing;
}

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const state = () => watch.reports()[0];

test('trouble shows within a minute with its reason, although no job runs', async () => {
  begin();
  await after(1_000);
  expect(state()).toMatchObject({ condition: 'up', lastSuccess: 1_000_000 });
  trouble = { code: 'ECONNREFUSED' };
  await after(60_000);
  expect(state()?.condition).toBe('down');
  expect(state()?.lastError?.text).toContain('ECONNREFUSED');
  expect(lines).toHaveLength(1);
  expect(lines[0]?.[0]).toBe('warn');
  expect(JSON.stringify(lines[0])).toContain('ECONNREFUSED');
});

test('a first answer while the queue is away is not called a return', async () => {
  queueTrouble = new Error('the queue is unavailable');
  begin();
  await after(1_000);
  expect(lines).toEqual([
    [
      'warn',
      'the server answers, but jobs that wait for it could not be brought forward',
      { server: 'MLflow', installation: 'default', why: 'the queue is unavailable' },
    ],
  ]);
});

test('an outage of 24 minutes is two lines of log, the second with its length and with the jobs that waited', async () => {
  begin();
  await after(1_000);
  trouble = { status: 502 };
  await after(24 * 60_000);
  expect(lines).toHaveLength(1);
  trouble = undefined;
  await after(60_000);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatchObject(['info', 'the server answers again', { waited: 300 }]);
  const { awayForSeconds } = (lines[1]?.[2] ?? {}) as { awayForSeconds?: number };
  expect(awayForSeconds).toBeGreaterThan(23 * 60);
});

test('it asks at most every 30 s, and not at all where other requests tell', async () => {
  const standing = begin();
  await after(10 * 60_000);
  expect(asked).toBeLessThanOrEqual(21);
  const before = asked;
  for (let n = 0; n < 60; n += 1) {
    standing.answered(Date.now());
    await after(10_000);
  }
  expect(asked).toBe(before);
});

test.each([401, 403, 302, 200, 404])('%i to everything is called a refusal', async (status) => {
  trouble = { status };
  begin();
  await after(1_000);
  expect(state()?.condition).toBe('refusing');
  expect(lines[0]?.[1]).toContain('refuses');
});

test.each([429, 500, 502, 503, 504])('%i to everything is called an outage', async (status) => {
  trouble = { status };
  begin();
  await after(1_000);
  expect(state()?.condition).toBe('down');
});

test('jobs are brought forward when the server is met after a start, and whenever it is back', async () => {
  begin();
  await after(1_000);
  expect(back).toBe(1);
  for (const times of [2, 3]) {
    trouble = { status: 401 };
    await after(60_000);
    trouble = undefined;
    await after(60_000);
    expect(back).toBe(times);
  }
});
