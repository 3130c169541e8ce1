import express from 'express';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { createHealthRoutes, type HealthDependencies } from '../../../src/server/health.js';

const well: HealthDependencies = {
  queueProblem: async () => undefined,
  warnings: () => [],
  isStopping: () => false,
  paused: () => [],
  reports: () => [],
};

function ask(path: string, deps: Partial<HealthDependencies> = {}) {
  return request(express().use(createHealthRoutes({ ...well, ...deps }))).get(path);
}

describe('/health/live', () => {
  test('answers as long as the process does, whatever the queue does', async () => {
    const answer = await ask('/health/live', { queueProblem: async () => 'down', isStopping: () => true });
    expect(answer.status).toBe(200);
  });
});

describe('/health/ready', () => {
  test('is 200 while all is well', async () => {
    const answer = await ask('/health/ready');
    expect([answer.status, answer.body]).toEqual([200, { status: 'ready' }]);
  });

  test('is 503 with the reason where the queue cannot take jobs', async () => {
    const answer = await ask('/health/ready', { queueProblem: async () => 'Redis cannot be reached' });
    expect([answer.status, answer.body.reasons]).toEqual([503, ['queue: Redis cannot be reached']]);
  });

  test('is 503 within a second where the queue does not answer', async () => {
    const started = performance.now();
    const answer = await ask('/health/ready', { queueProblem: () => new Promise(() => {}) });
    expect([answer.status, answer.body.reasons]).toEqual([503, ['queue: no answer in time']]);
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  test('reveals nothing of an internal error', async () => {
    const answer = await ask('/health/ready', {
      queueProblem: async () => {
        throw new Error('redis://:canary@host');
      },
    });
    expect([answer.status, answer.body.reasons]).toEqual([503, ['queue: cannot be reached']]);
  });

  test('is 200 and names a repository that pauses: the others are followed', async () => {
    const answer = await ask('/health/ready', { paused: () => ['default/images'] });
    expect([answer.status, answer.body]).toEqual([200, { status: 'ready', paused: ['default/images'] }]);
  });

  test('is 200 and says what puts stored events at risk', async () => {
    const risk = 'Redis at redis:6379 has maxmemory-policy "volatile-lru"';
    const answer = await ask('/health/ready', { warnings: () => [risk] });
    expect([answer.status, answer.body]).toEqual([200, { status: 'ready', warnings: [risk] }]);
  });

  const server = { kind: 'MLflow', installation: 'default', since: 0 } as const;
  const lastError = { at: 60_000, text: 'MLflow answered 401 to POST http://m/x' };

  test('is 503 with the reason where a server refuses us: that needs a person', async () => {
    const answer = await ask('/health/ready', {
      reports: () => [{ ...server, condition: 'refusing', lastError }],
    });
    expect(answer.status).toBe(503);
    expect(answer.body.reasons).toEqual([`MLflow (default) refuses our requests: ${lastError.text}`]);
  });

  test('is 200 with the detail where a server is only down: events are stored and jobs wait', async () => {
    const answer = await ask('/health/ready', {
      reports: () => [{ ...server, condition: 'down', lastSuccess: 1_000, lastError }],
    });
    expect([answer.status, answer.body.status]).toEqual([200, 'ready']);
    expect(answer.body.servers).toEqual([
      {
        ...{ server: 'MLflow', installation: 'default', state: 'down', since: '1970-01-01T00:00:00.000Z' },
        lastSuccess: '1970-01-01T00:00:01.000Z',
        lastError: { at: '1970-01-01T00:01:00.000Z', text: lastError.text },
      },
    ]);
  });

  test('is 503 while the process stops', async () => {
    const answer = await ask('/health/ready', { isStopping: () => true });
    expect([answer.status, answer.body.reasons]).toEqual([503, ['stopping']]);
  });
});
