import express, { type Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDashboard } from '../../../src/dashboard/board.js';
import { createQueues, type OpenQueues } from '../../../src/queue/create-queues.js';
import type { Viewer } from '../../../src/server/access.js';
import type { Log } from '../../../src/telemetry/log.js';
import { waitFor } from '../../support/servers/process.js';
import { realServers } from '../../support/servers/real-servers.js';

const redis = realServers().redis;
const commit = '3afddad4fef987b4919f5e82f16682c018e59ed2ff003a6a81adf72edaad23c3';
const run = 'a'.repeat(32);
const runPage = `https://mlflow.example/#/experiments/1/runs/${run}`;

describe.skipIf(redis === null)('the dashboard, on a real Redis', () => {
  let queues: OpenQueues;
  let viewer: Viewer | undefined;
  let problem: string | undefined;
  let app: Express;
  const audit: object[] = [];
  const log: Log = { debug() {}, info: (data) => void audit.push(data), warn() {}, error() {} };

  beforeAll(async () => {
    queues = await createQueues({
      queueUrl: `${redis!.url}/8`,
      dataDir: '/nowhere',
      log,
      prefix: '{dashboard-test}',
    });
    await waitFor('the queue', async () => (await queues.problem()) === undefined);
    app = express().use(
      '/queues',
      createDashboard({
        queues: queues.bullQueues().map((queue) => ({ queue, description: `about ${queue.name}` })),
        problem: async () => problem,
        viewerOf: () => viewer,
        pages: { default: { lakefs: 'https://lakefs.example', mlflow: 'https://mlflow.example' } },
        publicPath: '',
        addressOf: () => '10.0.0.7',
        log,
      }),
    );
    const workers = queues.startWorkers({
      'register-commit': async () => {
        throw Object.assign(new Error('lakeFS answered 404'), { failure: { kind: 'permanent' } });
      },
      'link-run': async (_payload, context) => {
        await context.log(`linked, see ${runPage}`);
        return { summary: 'linked', links: { mlflow: runPage } };
      },
      'sweep-runs': async () => ({ summary: 'nothing new' }),
      'reconcile-repository': async () => ({ summary: 'nothing new' }),
    });
    const payload = { v: 1, installation: 'default', repository: 'mlflow-tracking', commit } as const;
    await queues.add({ name: 'register-commit', payload, cause: 'hook' });
    await queues.add({ name: 'link-run', payload: { v: 1, server: 'default', run }, cause: 'sweep' });
    await waitFor('both jobs to end', async () => {
      const counts = await queues.counts();
      return counts['register-commit'].failed === 1 && counts['link-run'].completed === 1;
    });
    await workers.close(5_000);
  });

  afterAll(async () => {
    await Promise.all(queues.bullQueues().map((queue) => queue.obliterate({ force: true })));
    await queues.close();
  });

  function as(role: Viewer['role'] | undefined): void {
    viewer = role === undefined ? undefined : { name: 'ada', role, by: 'password' };
  }

  async function jobsOf(
    queue: string,
  ): Promise<{ id: string; name: string; externalUrl: { href: string } }[]> {
    const answer = await request(app).get(`/queues/api/queues?activeQueue=${queue}&page=1&jobsPerPage=10`);
    expect(answer.status).toBe(200);
    return answer.body.queues.find(({ name }: { name: string }) => name === queue).jobs;
  }

  test('jobs have names that people read, and links to lakeFS and MLflow', async () => {
    as('viewer');
    const [registered] = await jobsOf('register-commit');
    expect(registered).toMatchObject({
      name: 'register-commit mlflow-tracking @ 3afddad4fef9',
      externalUrl: { href: `https://lakefs.example/repositories/mlflow-tracking/commits/${commit}` },
    });
    const [linked] = await jobsOf('link-run');
    expect(linked).toMatchObject({
      name: `link-run run ${run.slice(0, 12)}`,
      externalUrl: { href: runPage, displayText: 'Open in MLflow' },
    });
  });

  test('its page loads nothing from other hosts, and brings our links', async () => {
    as('viewer');
    const page = await request(app).get('/queues/');
    expect(page.text).toContain('lakefs-mlflow');
    const loaded = [...page.text.matchAll(/<(?:link|script)[^>]*(?:href|src)="([^"]*)"/g)].map(
      (match) => match[1],
    );
    expect(loaded).toContain('clickable-links.js');
    expect(loaded.filter((address) => /^(https?:)?\/\//.test(address!))).toEqual([]);
    const script = await request(app).get('/queues/clickable-links.js');
    expect([script.status, script.type]).toEqual([200, 'text/javascript']);
    expect(() => new Function(script.text)).not.toThrow();
  });

  test('its page brings a banner, which says what is wrong with the queue', async () => {
    as('viewer');
    expect((await request(app).get('/queues/')).text).toContain('<script defer src="queue-banner.js">');
    const script = await request(app).get('/queues/queue-banner.js');
    expect([script.status, script.type]).toEqual([200, 'text/javascript']);
    expect(() => new Function(script.text)).not.toThrow();
    expect((await request(app).get('/queues/queue-state.json')).body).toEqual({ text: '' });
    problem = 'its memory is full';
    expect((await request(app).get('/queues/queue-state.json')).body.text).toBe(
      'Queue not working: its memory is full. Events are refused until it works again; nothing is lost in lakeFS or MLflow.',
    );
    problem = undefined;
  });

  test('a viewer changes nothing', async () => {
    as('viewer');
    const [failed] = await jobsOf('register-commit');
    const answer = await request(app).put(`/queues/api/queues/register-commit/${failed!.id}/retry`);
    expect(answer.status).toBe(403);
    expect((await queues.counts())['register-commit'].failed).toBe(1);
    const { body } = await request(app).get('/queues/api/queues');
    expect(body.queues.every(({ readOnlyMode }: { readOnlyMode: boolean }) => readOnlyMode)).toBe(true);
  });

  test('nobody adds or edits jobs or sets the concurrency', async () => {
    as('operator');
    const before = await queues.counts();
    const [failed] = await jobsOf('register-commit');
    const base = '/queues/api/queues/register-commit';
    expect((await request(app).post(`${base}/add`).send({ name: 'x', data: {} })).status).toBe(403);
    expect((await request(app).put(`${base}/concurrency`).send({ concurrency: 1 })).status).toBe(403);
    expect((await request(app).patch(`${base}/${failed!.id}/update-data`).send({ jobData: {} })).status).toBe(
      403,
    );
    expect((await request(app).put(`${base}/obliterate`).send({ force: true })).status).toBe(403);
    expect(await queues.counts()).toEqual(before);
  });

  test('nobody at all sees nothing', async () => {
    as(undefined);
    expect((await request(app).get('/queues/api/queues')).status).toBe(403);
    expect((await request(app).get('/queues/queue-state.json')).status).toBe(403);
  });

  test('an operator retries, and the log says who did', async () => {
    as('operator');
    const [failed] = await jobsOf('register-commit');
    audit.length = 0;
    const answer = await request(app).put(`/queues/api/queues/register-commit/${failed!.id}/retry/`);
    expect(answer.status).toBe(204);
    expect((await queues.counts())['register-commit'].failed).toBe(0);
    expect(audit).toEqual([
      expect.objectContaining({ user: 'ada', role: 'operator', jobId: failed!.id, allowed: true }),
    ]);
  });

  test('a job of any shape does not break the list', async () => {
    as('viewer');
    const queue = queues.bullQueues().find(({ name }) => name === 'register-commit')!;
    await queue.add('', null);
    await queue.add('odd', { repository: 5, commit: [] });
    expect(await jobsOf('register-commit')).toHaveLength(3);
  });
});
