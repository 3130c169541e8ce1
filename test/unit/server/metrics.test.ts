import { expect, test } from 'vitest';
import { measured } from '../../../src/handlers.js';
import type { JobHandlers } from '../../../src/queue/types.js';
import { createMetrics, type Metrics } from '../../../src/telemetry/metrics.js';
import { jobContext } from '../../support/queue/doubles.js';

const none = { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0 };

/** Name with labels → value, of every sample line. */
async function samples(metrics: Metrics): Promise<Map<string, number>> {
  const { text } = await metrics.render();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const match = /^([a-z0-9_]+(?:\{[^}]*\})?) (\S+)/i.exec(line);
      expect(match, line).not.toBeNull();
      return [match![1]!, Number(match![2])];
    }),
  );
}

test('jobs are counted by name and state', async () => {
  const metrics = createMetrics(async () => ({ 'link-run': { ...none, waiting: 3, failed: 1 } }));
  const found = await samples(metrics);
  expect(found.get('lakefs_mlflow_jobs{job="link-run",state="waiting"}')).toBe(3);
  expect(found.get('lakefs_mlflow_jobs{job="link-run",state="failed"}')).toBe(1);
  expect(found.get('lakefs_mlflow_queue_up')).toBe(1);
});

test('a queue that is down is no empty queue', async () => {
  let down = false;
  const metrics = createMetrics(async () => {
    if (down) throw new Error('down');
    return { 'link-run': none };
  });
  await samples(metrics);
  down = true;
  const found = await samples(metrics);
  expect(found.get('lakefs_mlflow_queue_up')).toBe(0);
  expect([...found.keys()].filter((name) => name.startsWith('lakefs_mlflow_jobs{'))).toEqual([]);
});

test('answers to lakeFS are counted by status and by what became of the event', async () => {
  const metrics = createMetrics(async () => ({}));
  metrics.hookAnswered(202, 'accepted');
  metrics.hookAnswered(202, 'accepted');
  metrics.hookAnswered(202, 'ignored');
  metrics.hookAnswered(503, 'refused');
  const found = await samples(metrics);
  expect(found.get('lakefs_mlflow_hook_answers_total{status="202",outcome="accepted"}')).toBe(2);
  expect(found.get('lakefs_mlflow_hook_answers_total{status="202",outcome="ignored"}')).toBe(1);
  expect(found.get('lakefs_mlflow_hook_answers_total{status="503",outcome="refused"}')).toBe(1);
});

test('two registries do not meet', async () => {
  const one = createMetrics(async () => ({}));
  one.hookAnswered(202, 'accepted');
  const found = await samples(createMetrics(async () => ({})));
  expect(found.get('lakefs_mlflow_hook_answers_total{status="202",outcome="accepted"}')).toBeUndefined();
});

test('tries of jobs are timed by outcome, and their results and errors pass through', async () => {
  let now = 0;
  const metrics = createMetrics(async () => ({}));
  const handlers: JobHandlers = {
    'register-commit': async () => {
      now += 400;
      throw new Error('lakeFS is down');
    },
    'link-run': async () => {
      now += 2_000;
      return { summary: 'linked' };
    },
    'sweep-runs': async () => ({ summary: '' }),
    'reconcile-repository': async () => ({ summary: '' }),
  };
  const timed = measured(handlers, metrics, () => now);
  const context = jobContext();
  expect(await timed['link-run']({ v: 1, server: 's', run: 'r' }, context)).toEqual({ summary: 'linked' });
  const commit = { v: 1, installation: 'i', repository: 'r', commit: 'c' } as const;
  await expect(timed['register-commit'](commit, context)).rejects.toThrow('lakeFS is down');
  const found = await samples(metrics);
  expect(found.get('lakefs_mlflow_job_duration_seconds_sum{job="link-run",outcome="done"}')).toBe(2);
  expect(found.get('lakefs_mlflow_job_duration_seconds_sum{job="register-commit",outcome="failed"}')).toBe(
    0.4,
  );
});
