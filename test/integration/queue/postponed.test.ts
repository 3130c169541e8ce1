import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Failure } from '../../../src/domain/common/failure.js';
import { createQueues, type OpenQueues } from '../../../src/queue/create-queues.js';
import type { JobHandlers, JobName, NewJob, Workers } from '../../../src/queue/types.js';
import { embeddedBackend, postgresBackend, redisBackend } from '../../support/queue/backends.js';
import { waitFor } from '../../support/servers/process.js';

class Failing extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, message = 'MLflow answered 429') {
    super(message);
    this.failure = failure;
  }
}

/** What a proxy once answered: a day. */
const aDay: Failure = { kind: 'unavailable', retryAfterMs: 86_400_000 };

function link(run: string, cause: NewJob['cause'] = 'sweep'): NewJob<'link-run'> {
  return { name: 'link-run', payload: { v: 1, server: 'default', run }, cause };
}

describe.each([redisBackend(), embeddedBackend(), postgresBackend()])('on $name', (backend) => {
  if (backend.missing !== undefined) test.skip(`is not tested here: ${backend.missing}`);

  describe.skipIf(backend.missing !== undefined)('a job that a server is to blame for', () => {
    let queues: OpenQueues;
    let workers: Workers;
    let trouble: Error | undefined;
    let ran: string[];

    beforeAll(() => backend.prepare());
    afterAll(() => backend.end());

    beforeEach(async () => {
      queues = await createQueues(await backend.fresh());
      await waitFor('the queue', async () => (await queues.problem()) === undefined);
      ran = [];
      trouble = undefined;
      const handle = (name: JobName) => async () => {
        ran.push(name);
        if (trouble !== undefined) throw trouble;
        return { summary: 'done' };
      };
      const handlers: JobHandlers = {
        'register-commit': handle('register-commit'),
        'sweep-runs': handle('sweep-runs'),
        'reconcile-repository': handle('reconcile-repository'),
        'link-run': handle('link-run'),
      };
      workers = queues.startWorkers(handlers);
    });

    afterEach(async () => {
      await workers.close(500);
      await queues.close();
    });

    const counts = async (name: JobName = 'link-run') => (await queues.counts())[name];

    async function putOff(): Promise<string> {
      trouble = new Failing(aDay);
      const { id } = await queues.add(link('r1'));
      await waitFor('the job to be put off', async () => (await counts()).delayed === 1);
      trouble = undefined;
      return id;
    }

    const done = () => waitFor('the job', async () => (await counts()).completed === 1, 10_000);

    test('waits five minutes where the server asks for a day', async () => {
      const id = await putOff();
      const log = (await queues.admin.find('link-run', id))?.log.join('\n') ?? '';
      const seconds = Number(/next attempt in (\d+) s/.exec(log)?.[1]);
      expect(seconds).toBeGreaterThan(200);
      expect(seconds).toBeLessThanOrEqual(300);
    });

    test('runs at once when a hook asks for the same', async () => {
      const id = await putOff();
      expect(await queues.add(link('r1', 'hook'))).toEqual({ id, duplicate: true });
      await done();
    });

    test('stays put off when a sweep asks for the same', async () => {
      await putOff();
      await queues.add(link('r1', 'sweep'));
      await queues.add(link('r2', 'sweep'));
      await done();
      expect(await counts()).toMatchObject({ delayed: 1, waiting: 0 });
    });

    test('runs at once when it is replayed by its id, or with all', async () => {
      const id = await putOff();
      expect(await queues.admin.replay(id)).toBe(true);
      await done();
      await putOff();
      expect(await queues.admin.replayAll()).toEqual({ replayed: [], broughtForward: 1 });
      await waitFor('the job', async () => (await counts()).completed === 2, 10_000);
    });

    test('comes back when the server does, also out of failed, where its reason says so', async () => {
      await putOff();
      trouble = new Failing({ kind: 'permanent' }, 'MLflow answered 401 to POST http://x: check the keys');
      await queues.add(link('r2'));
      trouble = new Failing({ kind: 'permanent' }, 'MLflow answered 401 to POST http://x: check the keys');
      await waitFor('it to fail', async () => (await counts()).failed === 1);
      trouble = new Failing(
        { kind: 'permanent' },
        'no such thing (404 RESOURCE_DOES_NOT_EXIST, POST http://x)',
      );
      await queues.add(link('r3'));
      await waitFor('it to fail', async () => (await counts()).failed === 2);
      trouble = undefined;
      const brought = await queues.bringForward({
        delayed: () => true,
        failed: (_name, _payload, reason) => reason.includes('401'),
      });
      expect(brought).toEqual({ delayed: 1, failed: 1 });
      await waitFor('both', async () => (await counts()).completed === 2, 10_000);
      expect(await counts()).toMatchObject({ delayed: 0, failed: 1 });
    });

    test('stays where it is when the server is back, where it has not begun: it was asked for later', async () => {
      await queues.add({ ...link('r1'), delayMs: 60_000 });
      expect(await queues.bringForward({ delayed: () => true, failed: () => false })).toMatchObject({
        delayed: 0,
      });
      await queues.admin.replayAll();
      expect(await counts()).toMatchObject({ delayed: 1, waiting: 0, completed: 0 });
    });

    test('is kept once in failed where it is asked for every minute', async () => {
      trouble = new Failing({ kind: 'permanent' }, 'lakeFS answered 401: insufficient permissions');
      for (let n = 1; n <= 3; n += 1) {
        await queues.add({
          name: 'reconcile-repository',
          payload: { v: 1, installation: 'default', repository: 'images' },
          cause: 'reconcile',
        });
        await waitFor(
          'it to fail',
          async () => ran.length === n && (await counts('reconcile-repository')).active === 0,
        );
      }
      await waitFor('one', async () => (await counts('reconcile-repository')).failed === 1);
    });
  });
});
