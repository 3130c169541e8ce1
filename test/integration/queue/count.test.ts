import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createInstallations } from '../../../src/config/installations.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import { createQueues, type OpenQueues } from '../../../src/queue/create-queues.js';
import type { Cause, Workers } from '../../../src/queue/types.js';
import { startSandbox } from '../../../src/sandbox/index.js';
import { createJobs, type Jobs } from '../../../workers/index.js';
import { pandas, writeInput } from '../../corpus/harness/inputs.js';
import { commitObject, newRepository } from '../../support/lakefs/lakefs.js';
import { memoryMlflow } from '../../support/mlflow/memory-mlflow.js';
import { embeddedBackend, postgresBackend, redisBackend } from '../../support/queue/backends.js';
import { jobContext } from '../../support/queue/doubles.js';
import { waitFor } from '../../support/servers/process.js';
import { installationFor } from '../../support/service/settings.js';
import { silentLog } from '../../support/silent-log.js';

const sandbox = await startSandbox();
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());

/** Whoever comes to it waits there until it is opened. */
function door() {
  let open = (): void => undefined;
  let arrive = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  async function pass(): Promise<void> {
    arrive();
    await opened;
  }
  return { open, reached, pass };
}

type Door = ReturnType<typeof door>;

describe.each([redisBackend(), embeddedBackend(), postgresBackend()])('on $name', (backend) => {
  if (backend.missing !== undefined) test.skip(`is not tested here: ${backend.missing}`);

  describe.skipIf(backend.missing !== undefined)('the count of the runs that consumed a commit', () => {
    let queues: OpenQueues;
    let workers: Workers;
    let mlflow: ReturnType<typeof memoryMlflow>;
    let repository: string;
    let commit: string;
    /** The process that has the workers, and one that links beside it: each with a memory of its own. */
    let working: Jobs;
    let other: Jobs;
    /** Doors that requests of a kind come to. */
    let doors: { look?: Door; catalog?: Door; run?: Door };

    /** Jobs that were completed before this test. */
    let earlier: number;

    beforeAll(async () => {
      await backend.prepare();
      queues = await createQueues(await backend.fresh());
      await waitFor('the queue', async () => (await queues.problem()) === undefined, 20_000);
      // Sweeps and looks at the branches would find by chance what a look at the commit has missed.
      const nothing = async () => ({ summary: 'left out' });
      workers = queues.startWorkers({
        'register-commit': (...asked) => working.handlers['register-commit'](...asked),
        'link-run': nothing,
        'sweep-runs': nothing,
        'reconcile-repository': nothing,
      });
    });

    afterAll(async () => {
      await workers.close(500);
      await queues.close();
      await backend.end();
    });

    beforeEach(async () => {
      doors = {};
      mlflow = memoryMlflow();
      repository = await newRepository(client);
      commit = await commitObject(client, repository, 'main', 'gold/train.csv', 'id\n1\n');
      await mlflow.clients.experiments.createExperiment('training');
      working = jobsOf(queues);
      other = jobsOf(queues);
      earlier = (await queues.counts())['register-commit'].completed;
      await tell('hook');
      await waitFor('the registration', async () => (await commits()).completed === 1, 20_000);
    });

    afterEach(() => {
      for (const one of Object.values(doors)) one.open();
    });

    async function commits() {
      const { completed, ...counts } = (await queues.counts())['register-commit'];
      return { ...counts, completed: completed - earlier };
    }

    /** A process for which no time goes by: what it remembers does not grow old. */
    function jobsOf(stored: OpenQueues): Jobs {
      const { runs } = mlflow.clients;
      const isRun = (id: string) => mlflow.runs.get(id)?.info.experiment_id === '1';
      const settings = installationFor(sandbox, 'http://127.0.0.1:9', {
        repositories: [repository],
        experiments: ['training'],
      });
      const slow: typeof runs = {
        ...runs,
        searchRuns: async (...asked) => {
          const answer = await runs.searchRuns(...asked);
          if (asked[1]?.includes(`tags.lakefs_commit = '${commit}'`) === true) await doors.look?.pass();
          return answer;
        },
        logBatch: async (id, ...given) => {
          await (isRun(id) ? doors.run : doors.catalog)?.pass();
          return runs.logBatch(id, ...given);
        },
      };
      const startedAt = Date.now();
      return createJobs({
        servers: [
          {
            name: 'default',
            mlflow: { ...mlflow.clients, runs: slow },
            installations: createInstallations([{ settings, lakefs: client }]),
          },
        ],
        queues: stored,
        log: silentLog,
        now: () => startedAt,
        publicUrl: 'http://127.0.0.1:8321',
        sweepIntervalMs: 30_000,
        reconcileIntervalMs: 60_000,
        lapIntervalMs: 24 * 3_600_000,
      });
    }

    const tell = (cause: Cause) =>
      queues.add({
        name: 'register-commit',
        payload: {
          ...{ v: 1, installation: 'default', repository, commit },
          ...(cause === 'hook' ? { news: 'commit' } : {}),
        },
        cause,
      });

    /** A run reads the commit, and is linked by that process. */
    async function link(process: Jobs, name: string): Promise<void> {
      const id = Buffer.from(name).toString('hex').padStart(32, '0');
      mlflow.runs.set(id, {
        info: {
          ...{ run_id: id, run_name: name, experiment_id: '1', status: 'FINISHED' },
          ...{ start_time: Date.now() - 1_000, end_time: Date.now(), lifecycle_stage: 'active' },
        },
        data: {},
        inputs: {
          dataset_inputs: [writeInput(pandas(`s3://${repository}/${commit}/gold/train.csv`), (text) => text)],
        },
      });
      await process.handlers['link-run']({ v: 1, server: 'default', run: id }, jobContext());
    }

    function counted(): string | undefined {
      const run = [...mlflow.runs.values()].find(({ data }) =>
        data.tags?.some(({ key, value }) => key === 'lakefs.kind' && value === 'commit'),
      );
      return run?.data.tags?.find(({ key }) => key === 'lakefs.consumers')?.value;
    }

    /** What was asked for is there, and counts all: a hook only saves us the wait. */
    async function expectToBeCounted(runs: number): Promise<void> {
      await waitFor('a look that waits', async () => (await commits()).delayed === 1, 5_000);
      await tell('hook');
      await waitFor(`${runs} runs`, async () => counted() === String(runs), 10_000);
      await waitFor('rest', async () => (await commits()).active === 0);
    }

    /** A run was linked, and a hook lets the look at its commit begin before it is due. */
    async function hastened(process: Jobs): Promise<void> {
      await link(process, 'first');
      expect(await commits()).toMatchObject({ delayed: 1 });
      await tell('hook');
    }

    test.each<Cause>(['hook', 'reconcile', 'sweep'])(
      'is right where a %s asks for the commit during an early check while another process links',
      async (cause) => {
        doors.catalog = door();
        await hastened(other);
        await doors.catalog.reached;
        await tell(cause);
        doors.catalog.open();
        await waitFor('both', async () => (await commits()).completed === 3, 10_000);
        expect(counted()).toBe('1');
        await link(other, 'second');
        await expectToBeCounted(2);
      },
    );

    test.each<Cause>(['hook', 'reconcile', 'sweep'])(
      'is right where a %s asks for the commit during a check that has missed a run tagged after it',
      async (cause) => {
        const look = door();
        doors.look = look;
        await hastened(working);
        await look.reached;
        const run = door();
        doors.run = run;
        const linking = link(working, 'second');
        await run.reached;
        doors.catalog = door();
        look.open();
        await doors.catalog.reached;
        await tell(cause);
        doors.catalog.open();
        await waitFor('both', async () => (await commits()).completed === 3, 10_000);
        expect(counted()).toBe('1');
        run.open();
        await linking;
        await expectToBeCounted(2);
      },
    );
  });
});
