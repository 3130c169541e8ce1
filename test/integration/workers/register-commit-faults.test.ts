import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../src/domain/common/failure.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import { LakefsError } from '../../../src/lakefs/errors.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { newBench, newConsumer, oneCommit } from '../../support/jobs/register-commit.js';
import { watched } from '../../support/jobs/watched.js';
import { clientFor, commitObject, lakefsUnderTest } from '../../support/lakefs/lakefs.js';
import { realServers } from '../../support/servers/real-servers.js';
import { tagsOf } from '../../support/service/bridge.js';

const servers = realServers();
const mlflow = createMlflowClients(servers.mlflow.url);
const writes = ['createExperiment', 'setExperimentTag', 'createRun', 'logInputs', 'logBatch', 'updateRun'];

describe.each(await lakefsUnderTest())('on $kind lakeFS', (server) => {
  const lakefs = clientFor(server);

  test('a second delivery writes nothing and asks for nothing', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const first = newBench(lakefs, mlflow);
    await first.register({ repository, commit, branch: 'main' });
    const called: string[] = [];
    const second = newBench(
      lakefs,
      watched(mlflow, (method) => called.push(method)),
      { catalog: first.catalog },
    );
    await second.register({ repository, commit, branch: 'main' });
    expect(called.filter((method) => writes.includes(method))).toEqual([]);
    expect(called.length).toBeLessThanOrEqual(5);
    expect(second.queued).toEqual([]);
  });

  test.each(['before it is sent', 'after its answer is lost'] as const)(
    'a crash of any call to MLflow, %s, is made good by the next try',
    async (when) => {
      const { repository, commit } = await oneCommit(lakefs);
      const consumer = await newConsumer(mlflow, repository, commit, ['gold/train/b.csv']);
      const states: unknown[] = [];
      for (let point = 1; ; point += 1) {
        const crash = (_: string, call: number): void => {
          if (call === point) throw new Error(`crash at call ${point}`);
        };
        const broken =
          when === 'before it is sent' ? watched(mlflow, crash) : watched(mlflow, () => undefined, crash);
        const only = { experiments: [consumer.experiment] };
        const first = newBench(lakefs, broken, only);
        const crashed = await first.register({ repository, commit, branch: 'main' }).then(
          () => false,
          () => true,
        );
        const again = newBench(lakefs, mlflow, { ...only, catalog: first.catalog });
        await again.register({ repository, commit, branch: 'main' });
        states.push((await again.runs(repository)).map(withoutIds));
        if (!crashed) break;
      }
      expect(states.length).toBeGreaterThan(8);
      for (const state of states) expect(state).toEqual(states.at(-1));
      expect(states.at(-1)).toMatchObject([{ status: 'FINISHED', tags: { 'lakefs.consumers': '1' } }]);
    },
  );

  test('two workers at once leave one run', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const one = newBench(lakefs, mlflow);
    const two = newBench(lakefs, mlflow, { catalog: one.catalog });
    const both = [one, two].map((bench) => bench.register({ repository, commit, branch: 'main' }));
    for (const result of await Promise.allSettled(both)) {
      if (result.status === 'rejected') expect(failureOf(result.reason)?.kind).toBe('transient');
    }
    await one.register({ repository, commit, branch: 'main' });
    const runs = await one.runs(repository);
    const active = runs.filter(({ info }) => info.lifecycle_stage === 'active');
    expect(active.map((run) => tagsOf(run)['lakefs.kind'])).toEqual(['commit']);
    expect(active[0]?.inputs?.dataset_inputs?.length).toBe(2);
    const gone = runs.filter(({ info }) => info.lifecycle_stage === 'deleted');
    expect(gone.every((run) => tagsOf(run)['lakefs.kind'] === 'double')).toBe(true);
  });

  test('of doubles found later the smallest id stays', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const bench = newBench(lakefs, mlflow);
    await bench.register({ repository, commit });
    const [first] = await bench.runs(repository);
    const copy = await mlflow.runs.createRun(
      first?.info.experiment_id ?? '',
      'copy',
      1,
      Object.entries(tagsOf(first))
        .map(([key, value]) => ({ key, value }))
        .filter(({ key }) => key !== 'mlflow.runName'),
    );
    await bench.register({ repository, commit });
    const kept = [first?.info.run_id, copy.info.run_id].sort()[0];
    const runs = await bench.runs(repository);
    expect(runs.filter(({ info }) => info.lifecycle_stage === 'active')).toMatchObject([
      { info: { run_id: kept, status: 'FINISHED' } },
    ]);
  });

  test('a catalog run that a person deleted is never recreated', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const bench = newBench(lakefs, mlflow);
    await bench.register({ repository, commit });
    const [run] = await bench.runs(repository);
    await mlflow.runs.deleteRun(run?.info.run_id ?? '');
    const outcome = await bench.register({ repository, commit });
    expect(outcome.summary).toMatch(/^hidden: /);
    expect((await bench.runs(repository)).map(({ info }) => info.lifecycle_stage)).toEqual(['deleted']);
  });

  test('a deleted catalog experiment is not restored; the failure says what to do', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const bench = newBench(lakefs, mlflow);
    await bench.register({ repository, commit });
    const facts = bench.newFacts();
    expect((await facts.experiments.all()).length).toBeGreaterThan(1);
    const name = `${bench.catalog}/${repository}`;
    const { experiment_id } = await mlflow.experiments.getExperimentByName(name);
    await mlflow.experiments.deleteExperiment(experiment_id);
    const later = await commitObject(lakefs, repository, 'main', 'later/x', 'x');
    for (const [id, remembered] of [
      [commit, undefined],
      [commit, facts],
      [later, facts],
    ] as const) {
      const error: unknown = await bench
        .register({ repository, commit: id }, remembered)
        .catch((reason: unknown) => reason);
      expect(failureOf(error)?.kind).toBe('permanent');
      expect(String(error)).toContain(`mlflow experiments restore -x ${experiment_id}`);
    }
    expect((await mlflow.experiments.getExperimentByName(name)).lifecycle_stage).toBe('deleted');
  });

  test('a catalog experiment that is tagged lakefs.ignore is left alone', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const bench = newBench(lakefs, mlflow);
    await mlflow.experiments.createExperiment(`${bench.catalog}/${repository}`, undefined, [
      { key: 'lakefs.ignore', value: 'true' },
    ]);
    await expect(bench.register({ repository, commit })).rejects.toThrow(/lakefs\.ignore/);
    expect(await bench.runs(repository)).toEqual([]);
  });

  test('a commit that lakeFS does not hold is ignored, also where its name is a branch', async () => {
    const bench = newBench(lakefs, mlflow);
    const { repository } = await oneCommit(lakefs);
    for (const commit of ['0'.repeat(64), 'main']) {
      const outcome = await bench.register({ repository, commit, branch: 'nowhere' });
      expect(outcome.summary).toMatch(/^ignored: lakeFS has no commit/);
    }
    expect(bench.queued).toEqual([]);
  });

  test('a commit that a branch lists but that answers 404 is tried again', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const hiding: LakefsClient = {
      ...lakefs,
      getCommit: (name) => lakefs.getCommit(name, '0'.repeat(64)),
    };
    const error = await newBench(hiding, mlflow)
      .register({ repository, commit })
      .catch((reason: unknown) => reason);
    expect(failureOf(error)?.kind).toBe('transient');
  });

  test('a repository that is not watched is ignored', async () => {
    const bench = newBench(lakefs, mlflow, { repositories: ['other-*'] });
    const { repository, commit } = await oneCommit(lakefs);
    expect((await bench.register({ repository, commit })).summary).toMatch(/not watched/);
  });

  test.each([
    ['an installation that nobody configured', { installation: 'nowhere' }, /no installation "nowhere"/],
    ['a repository that is not there', { repository: 'not-there' }, /has no repository "not-there"/],
  ])('%s is a failure that says so', async (_, payload, message) => {
    const error = await newBench(lakefs, mlflow)
      .register({ repository: 'x', commit: '0'.repeat(64), ...payload })
      .catch((reason: unknown) => reason);
    expect(String(error)).toMatch(message);
    expect(failureOf(error)?.kind).toBe('permanent');
  });

  test('wrong keys for lakeFS write nothing, and the job waits', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const { endpoint } = lakefs;
    const refused = createLakefsClient({ endpoint, accessKeyId: 'AKIAWRONG', secretAccessKey: 'wrong' });
    const called: string[] = [];
    const bench = newBench(
      refused,
      watched(mlflow, (method) => called.push(method)),
    );
    const error = await bench.register({ repository, commit }).catch((reason: unknown) => reason);
    expect(failureOf(error)?.kind).toBe('unavailable');
    expect(called).toEqual([]);
  });

  test.each([401, 403, 404, 500, undefined])(
    'whatever lakeFS read fails with %s, no tag and no input of a run that is there changes',
    async (status) => {
      const { repository } = await oneCommit(lakefs);
      // Off the default branch, consumed and superseded: the job needs every kind of read to judge it.
      await lakefs.createBranch(repository, { name: 'side', source: 'main' });
      const commit = await commitObject(lakefs, repository, 'side', 'gold/train/z.csv', '1');
      await commitObject(lakefs, repository, 'side', 'gold/train/z.csv', '2');
      const { experiment } = await newConsumer(mlflow, repository, commit, ['gold/train/z.csv']);
      const good = newBench(lakefs, mlflow, { experiments: [experiment] });
      await good.register({ repository, commit });
      const before = await good.runs(repository);
      const reads = ['getRepository', 'getCommit', 'diff', 'objects', 'branches', 'mergeBase', 'log'];
      for (const read of reads) {
        let reached = 0;
        const fail = () => {
          reached += 1;
          return failing(status);
        };
        const broken = { ...lakefs, [read]: fail };
        const bench = newBench(broken, mlflow, { catalog: good.catalog, experiments: [experiment] });
        await bench.register({ repository, commit }).catch((error: unknown) => {
          expect(failureOf(error)).toBeDefined();
        });
        expect(reached, read).toBeGreaterThan(0);
        expect(await good.runs(repository)).toEqual(before);
      }
    },
  );
});

function withoutIds(run: Parameters<typeof tagsOf>[0]): unknown {
  return {
    name: run?.info.run_name,
    status: run?.info.status,
    start: run?.info.start_time,
    end: run?.info.end_time,
    stage: run?.info.lifecycle_stage,
    tags: tagsOf(run),
    metrics: run?.data.metrics,
    inputs: run?.inputs,
  };
}

/** Rejects, or throws at the first step of a listing. */
function failing(status: number | undefined): Promise<never> & AsyncIterable<never> {
  const error = new LakefsError({
    name: 'lakeFS',
    method: 'GET',
    url: 'http://lakefs.example/api/v1/repositories/x',
    ...(status === undefined ? { code: 'ETIMEDOUT' } : { status, json: { message: 'no' } }),
  });
  const rejected = Promise.reject(error);
  rejected.catch(() => undefined);
  return Object.assign(rejected, {
    [Symbol.asyncIterator]: () => ({ next: () => rejected }),
  });
}
