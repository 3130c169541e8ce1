import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Failure } from '../../../src/domain/common/failure.js';
import { createQueues, type OpenOptions, type OpenQueues } from '../../../src/queue/create-queues.js';
import type { JobContext, JobHandlers, JobPayloads, NewJob, Workers } from '../../../src/queue/types.js';
import { embeddedBackend, postgresBackend, redisBackend } from '../../support/queue/backends.js';
import { idleHandlers } from '../../support/queue/handlers.js';
import { waitFor } from '../../support/servers/process.js';

class Failing extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, message = 'it does not work') {
    super(message);
    this.failure = failure;
  }
}

function link(run: string, cause: NewJob['cause'] = 'hook'): NewJob<'link-run'> {
  return { name: 'link-run', payload: { v: 1, server: 'default', run }, cause };
}

type LinkRun = (payload: JobPayloads['link-run'], context: JobContext) => Promise<void>;

function handlers(linkRun: LinkRun): JobHandlers {
  return idleHandlers({
    'link-run': async (payload, context) => {
      await linkRun(payload, context);
      return { summary: 'done' };
    },
  });
}

/** A door that handlers wait at. */
function door(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe.each([redisBackend(), embeddedBackend(), postgresBackend()])('the queue on $name', (backend) => {
  if (backend.missing !== undefined) test.skip(`is not tested here: ${backend.missing}`);

  describe.skipIf(backend.missing !== undefined)('keeps its contract:', () => {
    let options: OpenOptions;
    let queues: OpenQueues;
    let workers: Workers[];

    beforeAll(() => backend.prepare());
    afterAll(() => backend.end());

    beforeEach(async () => {
      options = await backend.fresh();
      workers = [];
      await open();
    });

    afterEach(async () => {
      await closeWorkers();
      await queues.close();
    });

    async function open(): Promise<void> {
      queues = await createQueues(options);
      await waitFor('the queue', async () => (await queues.problem()) === undefined);
    }

    async function closeWorkers(): Promise<void> {
      await Promise.all(workers.splice(0).map((running) => running.close(500)));
    }

    function work(linkRun: LinkRun, concurrency = 8): void {
      workers.push(queues.startWorkers(handlers(linkRun), { concurrency: { 'link-run': concurrency } }));
    }

    function workCommits(registerCommit: (payload: JobPayloads['register-commit']) => Promise<void>): void {
      const register: JobHandlers['register-commit'] = async (payload) => {
        await registerCommit(payload);
        return { summary: 'done' };
      };
      const all = { ...handlers(async () => undefined), 'register-commit': register };
      workers.push(queues.startWorkers(all, {}));
    }

    const linkQueue = () => queues.bullQueues().find(({ name }) => name === 'link-run')!;
    const counts = async () => (await queues.counts())['link-run'];
    const finished = (what: Partial<Awaited<ReturnType<typeof counts>>>) =>
      waitFor(`counts ${JSON.stringify(what)}`, async () => {
        const now = await counts();
        return Object.entries(what).every(([state, count]) => now[state as keyof typeof now] === count);
      });

    test('a job runs with its payload, writes its log and keeps its outcome', async () => {
      const seen: { payload: JobPayloads['link-run']; id: string; attempt: number }[] = [];
      work(async (payload, context) => {
        seen.push({ payload, id: context.id, attempt: context.attempt });
        await context.log('3 runs consumed it');
        await context.progress(50);
      });
      const { id, duplicate } = await queues.add(link('r1'));
      await finished({ completed: 1 });
      expect(duplicate).toBe(false);
      expect(seen).toEqual([{ payload: { v: 1, server: 'default', run: 'r1' }, id, attempt: 1 }]);
      const job = await linkQueue().getJob(id);
      expect(job?.returnvalue).toEqual({ summary: 'done' });
      expect(job?.progress).toBe(50);
      expect((await linkQueue().getJobLogs(id)).logs).toEqual(['3 runs consumed it']);
    });

    test('a second job of a waiting key is a duplicate, and the key runs once', async () => {
      const first = await queues.add(link('r1'));
      const second = await queues.add(link('r1', 'sweep'));
      expect(second).toEqual({ id: first.id, duplicate: true });
      let runs = 0;
      work(async () => {
        runs += 1;
      });
      await finished({ completed: 1, waiting: 0 });
      expect(runs).toBe(1);
    });

    test('a waiting job takes on what a later one with its key asks for in addition', async () => {
      const wide = { v: 1, installation: 'default', repository: 'repo', commit: 'a'.repeat(64) } as const;
      const narrow = { ...wide, branch: 'main', news: 'commit' };
      const first = await queues.add({ name: 'register-commit', payload: narrow, cause: 'hook' });
      expect(await queues.add({ name: 'register-commit', payload: wide, cause: 'sweep' })).toEqual({
        id: first.id,
        duplicate: true,
      });
      expect(
        await queues.addMany([{ name: 'register-commit', payload: narrow, cause: 'hook' }]),
      ).toMatchObject([{ id: first.id, duplicate: true }]);
      const ran: JobPayloads['register-commit'][] = [];
      workCommits(async (payload) => void ran.push(payload));
      await waitFor('the job', async () => (await queues.counts())['register-commit'].completed === 1);
      expect(ran).toEqual([wide]);
    });

    test('a job that asks for more runs unchanged after a running one that asks for less', async () => {
      const wide = { v: 1, installation: 'default', repository: 'repo', commit: 'a'.repeat(64) } as const;
      const { opened, open: release } = door();
      const ran: JobPayloads['register-commit'][] = [];
      workCommits(async (payload) => {
        ran.push(payload);
        await opened;
      });
      const narrow = { ...wide, news: 'commit' };
      await queues.add({ name: 'register-commit', payload: narrow, cause: 'hook' });
      await waitFor('the job', async () => ran.length === 1);
      await queues.addMany([{ name: 'register-commit', payload: wide, cause: 'sweep' }]);
      release();
      await waitFor('the next', async () => (await queues.counts())['register-commit'].completed === 2);
      expect(ran).toEqual([narrow, wide]);
    });

    test('what comes after a running job asks for all, though less is asked for last', async () => {
      const wide = { v: 1, installation: 'default', repository: 'repo', commit: 'a'.repeat(64) } as const;
      const narrow = { ...wide, branch: 'main', news: 'commit' };
      for (const running of [wide, narrow]) {
        const { opened, open: release } = door();
        const ran: JobPayloads['register-commit'][] = [];
        workCommits(async (payload) => {
          ran.push(payload);
          await opened;
        });
        await queues.add({ name: 'register-commit', payload: running, cause: 'hook' });
        await waitFor('the job', async () => ran.length === 1);
        await queues.add({ name: 'register-commit', payload: wide, cause: 'sweep' });
        await queues.add({ name: 'register-commit', payload: narrow, cause: 'hook' });
        await queues.addMany([{ name: 'register-commit', payload: narrow, cause: 'hook' }]);
        release();
        await waitFor('the next', async () => {
          const { waiting, active } = (await queues.counts())['register-commit'];
          return ran.length === 2 && waiting + active === 0;
        });
        expect(ran[1]).not.toHaveProperty('news');
        await closeWorkers();
      }
    });

    test('twenty lines that a job logs at once are all kept, in order', async () => {
      const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
      work(async (_payload, context) => {
        await Promise.all(lines.map((line) => context.log(line)));
      });
      const { id } = await queues.add(link('r1'));
      await finished({ completed: 1 });
      expect((await linkQueue().getJobLogs(id)).logs).toEqual(lines);
    });

    test('jobs added while one of their key runs make exactly one follow-up, after it', async () => {
      const entered = door();
      const go = door();
      let atOnce = 0;
      let most = 0;
      let runs = 0;
      work(async () => {
        runs += 1;
        most = Math.max(most, ++atOnce);
        entered.open();
        await go.opened;
        atOnce -= 1;
      });
      const first = await queues.add(link('r1'));
      await entered.opened;
      for (let i = 0; i < 3; i += 1) expect((await queues.add(link('r1'))).duplicate).toBe(true);
      go.open();
      await finished({ completed: 2, active: 0, waiting: 0 });
      expect([runs, most]).toEqual([2, 1]);
      expect((await queues.add(link('r1'))).id).not.toBe(first.id);
    });

    test('many jobs are added at once, duplicates among them recognised, answers in order', async () => {
      const commit = 'a'.repeat(64);
      const added = await queues.addMany([
        link('r1'),
        {
          name: 'register-commit',
          payload: { v: 1, installation: 'default', repository: 'repo', commit },
          cause: 'reconcile',
        },
        link('r2'),
        link('r1'),
      ]);
      expect(added.map(({ duplicate }) => duplicate)).toEqual([false, false, false, true]);
      expect(added[3]?.id).toBe(added[0]?.id);
      expect(added[1]?.id).toMatch(/^register-commit_/);
      expect((await counts()).waiting).toBe(2);
      expect((await queues.counts())['register-commit'].waiting).toBe(1);
    });

    test('hooks go before reconciling, sweeping and backfilling', async () => {
      for (const cause of ['backfill', 'sweep', 'reconcile', 'hook'] as const) {
        await queues.add(link(`${cause}-1`, cause));
        await queues.add(link(`${cause}-2`, cause));
      }
      const order: string[] = [];
      work(async ({ run }) => {
        order.push(run);
      }, 1);
      await finished({ completed: 8 });
      expect(order).toEqual(
        ['hook', 'reconcile', 'sweep', 'backfill'].flatMap((cause) => [`${cause}-1`, `${cause}-2`]),
      );
    });

    test('a permanent failure fails at once with its reason, and its key can be added again', async () => {
      work(async () => {
        throw new Failing({ kind: 'permanent' }, 'lakeFS answered 400 for repository "x"');
      });
      const { id } = await queues.add(link('r1'));
      await finished({ failed: 1 });
      const job = await linkQueue().getJob(id);
      expect(job).toMatchObject({ failedReason: 'lakeFS answered 400 for repository "x"', attemptsMade: 1 });
      const again = await queues.add(link('r1'));
      expect(again.duplicate).toBe(false);
      await finished({ failed: 2 });
    });

    test('an error that no store accepts unchanged fails its job within 15 s, with its reason', async () => {
      const unfit = 'MLflow said: \u0000 caf\u00e9 \ud83d';
      work(async (_payload, context) => {
        await context.log(`line ${unfit}`);
        throw new Failing({ kind: 'permanent' }, unfit);
      });
      const from = performance.now();
      const { id } = await queues.add(link('r1'));
      await finished({ failed: 1, active: 0 });
      expect(performance.now() - from).toBeLessThan(15_000);
      const job = await linkQueue().getJob(id);
      expect(job?.failedReason).toBe('MLflow said:   caf\u00e9 \ufffd');
      expect(job?.stacktrace?.[0]).toMatch(/^Error: MLflow said: {3}caf\u00e9 \ufffd\n/);
      expect((await linkQueue().getJobLogs(id)).logs).toEqual(['line MLflow said:   caf\u00e9 \ufffd']);
    });

    test('nor is a job lost by an unforeseen error, an outcome or a payload of that kind', async () => {
      const unfit = 'a\u0000b\ud83d';
      let broken = true;
      const ran: unknown[] = [];
      const register: JobHandlers['register-commit'] = async (payload) => {
        ran.push(payload);
        if (broken) throw new TypeError(unfit);
        return { summary: unfit, links: { [unfit]: unfit } };
      };
      const all = { ...handlers(async () => undefined), 'register-commit': register };
      const payload = {
        v: 1,
        installation: 'default',
        repository: 'repo',
        commit: 'a'.repeat(64),
        branch: unfit,
      } as const;
      const { id } = await queues.add({ name: 'register-commit', payload, cause: 'hook' });
      workers.push(queues.startWorkers(all, {}));
      const queue = queues.bullQueues().find(({ name }) => name === 'register-commit')!;
      await waitFor('the first try', async () => (await queue.getJob(id))?.stacktrace?.[0] !== undefined);
      expect((await queue.getJob(id))?.failedReason).toBe('a b\ufffd');
      broken = false;
      await (await queue.getJob(id))?.promote();
      await waitFor('the second', async () => (await queues.counts())['register-commit'].completed === 1);
      expect(ran).toEqual(Array(2).fill({ ...payload, branch: 'a b\ufffd' }));
      expect((await queue.getJob(id))?.returnvalue).toEqual({
        summary: 'a b\ufffd',
        links: { 'a b\ufffd': 'a b\ufffd' },
      });
    });

    test('a success removes what failed under its key, and nothing else', async () => {
      let broken = true;
      work(async () => {
        if (broken) throw new Failing({ kind: 'permanent' });
      });
      await queues.addMany([link('r1'), link('r2')]);
      await finished({ failed: 2 });
      expect(await queues.hasFailed('link-run', link('r1').payload)).toBe(true);
      expect(await queues.hasFailed('link-run', link('other').payload)).toBe(false);
      broken = false;
      await queues.add(link('r1'));
      await finished({ failed: 1, completed: 1 });
      await waitFor(
        'r1 to be forgotten',
        async () => !(await queues.hasFailed('link-run', link('r1').payload)),
      );
      expect(await queues.hasFailed('link-run', link('r2').payload)).toBe(true);
    });

    test('an unavailable server spends no attempts, however often', async () => {
      const attempts: number[] = [];
      work(async (_payload, { attempt }) => {
        attempts.push(attempt);
        if (attempts.length <= 10)
          throw new Failing({ kind: 'unavailable', retryAfterMs: 20 }, 'MLflow is down');
      });
      const { id } = await queues.add(link('r1'));
      await finished({ completed: 1 });
      expect(attempts).toEqual(Array(11).fill(1));
      expect((await linkQueue().getJobLogs(id)).logs[0]).toContain('MLflow is down');
    });

    test('a job that waits for a server is delayed, and its key stays taken', async () => {
      work(async () => {
        throw new Failing({ kind: 'unavailable', retryAfterMs: 60_000 });
      });
      const { id } = await queues.add(link('r1'));
      await finished({ delayed: 1, active: 0 });
      expect(await queues.add(link('r1'))).toEqual({ id, duplicate: true });
    });

    test('a transient failure is tried again and spends an attempt', async () => {
      const attempts: number[] = [];
      work(async (_payload, { attempt }) => {
        attempts.push(attempt);
        if (attempt === 1) throw new Failing({ kind: 'transient' });
      });
      await queues.add(link('r1'));
      await finished({ completed: 1 });
      expect(attempts).toEqual([1, 2]);
    });

    test('an error that nobody foresaw waits ten seconds at most, is tried again and spends an attempt', async () => {
      const attempts: number[] = [];
      work(async (_payload, { attempt }) => {
        attempts.push(attempt);
        if (attempt === 1) throw new TypeError('x is undefined');
      });
      const { id } = await queues.add(link('r1'));
      await finished({ delayed: 1, active: 0 });
      const job = await linkQueue().getJob(id);
      expect(job?.delay).toBeGreaterThan(0);
      expect(job?.delay).toBeLessThanOrEqual(10_000);
      await job?.promote();
      await finished({ completed: 1 });
      expect(attempts).toEqual([1, 2]);
    });

    test('a failed job can be tried again by hand', async () => {
      let broken = true;
      work(async () => {
        if (broken) throw new Failing({ kind: 'permanent' });
      });
      const { id } = await queues.add(link('r1'));
      await finished({ failed: 1 });
      broken = false;
      await (await linkQueue().getJob(id))?.retry('failed');
      await finished({ failed: 0, completed: 1 });
    });

    test('a failed job that is tried again by hand does not run beside a new one of its key', async () => {
      let broken = true;
      let atOnce = 0;
      let most = 0;
      const entered = door();
      const go = door();
      work(async () => {
        if (broken) throw new Failing({ kind: 'permanent' });
        most = Math.max(most, ++atOnce);
        entered.open();
        await go.opened;
        atOnce -= 1;
      });
      const { id } = await queues.add(link('r1'));
      await finished({ failed: 1 });
      broken = false;
      await queues.add(link('r1'));
      await entered.opened;
      await (await linkQueue().getJob(id))?.retry('failed');
      await finished({ active: 2 });
      go.open();
      await finished({ failed: 0, active: 0, completed: 2 });
      expect(most).toBe(1);
    });

    test('two workers never run one key at the same time, and run different keys side by side', async () => {
      const active = new Map<string, number>();
      let clashes = 0;
      let most = 0;
      let runs = 0;
      const linkRun: LinkRun = async ({ run }) => {
        const now = (active.get(run) ?? 0) + 1;
        active.set(run, now);
        if (now > 1) clashes += 1;
        most = Math.max(most, [...active.values()].filter((count) => count > 0).length);
        await new Promise((resolve) => setTimeout(resolve, 5));
        active.set(run, (active.get(run) ?? 0) - 1);
        runs += 1;
      };
      work(linkRun);
      work(linkRun);
      for (let round = 0; round < 20; round += 1) {
        await queues.addMany(['a', 'b', 'c', 'd'].map((run) => link(run)));
      }
      await finished({ waiting: 0, active: 0, delayed: 0 });
      expect(clashes).toBe(0);
      expect(most).toBeGreaterThan(1);
      expect(runs).toBeGreaterThanOrEqual(4);
    });

    test('jobs outlive a restart, waiting and delayed ones alike', async () => {
      work(async () => {
        throw new Failing({ kind: 'unavailable', retryAfterMs: 300 });
      });
      await queues.add(link('delayed'));
      await finished({ delayed: 1, active: 0 });
      await closeWorkers();
      await queues.add(link('waiting'));
      await queues.close();
      await open();
      const ran: string[] = [];
      work(async ({ run }) => {
        ran.push(run);
      });
      await finished({ completed: 2 });
      expect(ran.sort()).toEqual(['delayed', 'waiting']);
    });

    test.each([
      ['of a newer version', { v: 2, server: 's', run: 'r' }, /knows version 1 .* is version 2: upgrade/],
      ['without a field', { v: 1, server: 's' }, /must have required property 'run'/],
      ['that is no object', 'text', /payload must be object/],
    ])('a payload %s fails at once with the reason', async (_what, payload, reason) => {
      work(async () => undefined);
      const job = await linkQueue().add('link-run', payload, { attempts: 8 });
      await finished({ failed: 1 });
      expect((await linkQueue().getJob(job.id!))?.failedReason).toMatch(reason);
    });

    test('a payload that no worker would take is not added', async () => {
      await expect(queues.add(link(''))).rejects.toMatchObject({
        name: 'InvalidPayloadError',
        failure: { kind: 'permanent' },
      });
      expect((await counts()).waiting).toBe(0);
    });

    test('closing lets a running job finish and takes no new one', async () => {
      const entered = door();
      let runs = 0;
      work(async () => {
        runs += 1;
        entered.open();
        await new Promise((resolve) => setTimeout(resolve, 150));
      }, 1);
      await queues.add(link('r1'));
      await entered.opened;
      await queues.add(link('r2'));
      await Promise.all(workers.splice(0).map((running) => running.close(10_000)));
      expect(runs).toBe(1);
      expect(await counts()).toMatchObject({ completed: 1, waiting: 1, active: 0 });
    });

    test('at the deadline a running job is handed back, and no attempt is spent', async () => {
      const entered = door();
      work(async (_payload, { signal }) => {
        entered.open();
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        });
      });
      await queues.add(link('r1', 'backfill'));
      await entered.opened;
      await Promise.all(workers.splice(0).map((running) => running.close(50)));
      expect(await counts()).toMatchObject({ waiting: 1, active: 0, delayed: 0, failed: 0 });
      const attempts: number[] = [];
      work(async (_payload, { attempt }) => {
        attempts.push(attempt);
      });
      await finished({ completed: 1 });
      expect(attempts).toEqual([1]);
    });

    test('a job that is handed back is not taken up again by the worker that closes', async () => {
      const entered = door();
      let runs = 0;
      work(async (_payload, { signal }) => {
        runs += 1;
        entered.open();
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        });
      });
      await queues.add(link('r1'));
      await entered.opened;
      // With no time left, the worker's last look for jobs comes after the job has gone back.
      await Promise.all(workers.splice(0).map((running) => running.close(0)));
      expect(runs).toBe(1);
      expect(await counts()).toMatchObject({ waiting: 1, active: 0, delayed: 0, failed: 0 });
    });

    test('after closing, adding is refused as unavailable', async () => {
      await queues.close();
      await expect(queues.add(link('r1'))).rejects.toMatchObject({
        name: 'QueueUnavailableError',
        failure: { kind: 'unavailable' },
      });
      expect(await queues.problem()).toContain('closed');
      await open();
    });
  });
});
