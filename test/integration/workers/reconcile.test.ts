import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { createWatcher, lookOf, reachable, readingRun } from '../../support/jobs/own-service.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../../support/lakefs/lakefs.js';
import { realServers } from '../../support/servers/real-servers.js';
import { catalogRuns, tagsOf } from '../../support/service/bridge.js';

vi.setConfig({ testTimeout: 120_000 });

const { mlflow } = realServers();
const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

describe.each(lakefsServers)('without any event from $kind lakeFS', (server) => {
  const lakefs = clientFor(server);
  const head = async (repository: string, branch = 'main'): Promise<string> =>
    (await lakefs.getBranch(repository, branch)).commit_id;
  const commit = (repository: string, name: string, branch = 'main'): Promise<string> =>
    commitObject(lakefs, repository, branch, `gold/${name}.csv`, name);

  /** A repository with three commits on main and a branch with one of its own, which a service follows from here on. */
  async function followed() {
    const repository = await newRepository(lakefs, 'reconcile');
    const old = [
      await commit(repository, 'one'),
      await commit(repository, 'two'),
      await commit(repository, 'three'),
    ];
    await lakefs.createBranch(repository, { name: 'exp', source: 'main' });
    const side = await commit(repository, 'side', 'exp');
    const watcher = createWatcher(server, mlflow.url);
    const first = await watcher.reconcile(repository);
    await watcher.settle(repository);
    return { repository, watcher, old, side, first };
  }

  test('a repository is followed from the heads of its branches on, and says how to get the rest', async () => {
    const { repository, watcher, old, side, first } = await followed();
    const entries = await watcher.entries(repository);
    expect(new Set(entries.keys())).toEqual(new Set([old[2], side]));
    for (const run of entries.values()) expect(tagsOf(run)['lakefs.history']).toBe('complete');
    expect(lookOf(first).log.join('\n')).toContain(`lakefs-mlflow backfill ${repository}`);
    expect(lookOf(first).outcome).toMatchObject({ counts: { branches: 2, queued: 2 } });
  });

  test('commits, merges of merges, reverts, cherry-picks and squash merges come in, oldest first', async () => {
    const { repository, watcher } = await followed();
    const before = await reachable(lakefs, repository);
    await commit(repository, 'four');
    await lakefs.createBranch(repository, { name: 'deep', source: 'exp' });
    await commit(repository, 'deep', 'deep');
    await lakefs.merge(repository, 'deep', 'exp');
    await lakefs.deleteBranch(repository, 'deep');
    await commit(repository, 'side-two', 'exp');
    await lakefs.merge(repository, 'exp', 'main');
    await lakefs.revert(repository, 'main', { ref: 'main', parent_number: 1 });
    await lakefs.createBranch(repository, { name: 'squashed', source: 'main' });
    const plain = await commit(repository, 'plain', 'squashed');
    await lakefs.merge(repository, 'squashed', 'main', { squash_merge: true });
    await lakefs.cherryPick(repository, 'exp', { ref: plain });
    const done = await watcher.reconcile(repository);
    const jobs = done.flatMap(({ job }) => ('commit' in job.payload ? [job.payload.commit] : []));
    await watcher.settle(repository);
    const made = [...(await reachable(lakefs, repository))].filter((id) => !before.has(id));
    // Commits that a later one concerns are looked at again after it.
    const order = [...new Set(jobs)].filter((id) => made.includes(id));
    expect(new Set(order)).toEqual(new Set(made));
    for (const [at, id] of order.entries()) {
      const { parents } = await lakefs.getCommit(repository, id);
      for (const parent of parents.filter((one) => made.includes(one)))
        expect(order.indexOf(parent)).toBeLessThan(at);
    }
    const entries = await watcher.entries(repository);
    expect(made.filter((id) => !entries.has(id))).toEqual([]);
    expect(tagsOf(entries.get(await head(repository)))['lakefs.history']).toBe('complete');
    expect(tagsOf(entries.get(plain)).lakefs_branch).toBe('squashed');
  });

  test('a check of unmoved branches queues nothing', async () => {
    const { repository, watcher } = await followed();
    const quiet = await watcher.reconcile(repository);
    expect(quiet.map(({ job }) => job.name)).toEqual(['reconcile-repository']);
    expect(lookOf(quiet).outcome?.summary).toBe('checked 2 branch heads: nothing is missing');
  });

  test('a hard reset, and what is committed from there, is followed', async () => {
    const { repository, watcher, old } = await followed();
    await commit(repository, 'lost');
    await lakefs.hardReset(repository, 'main', old[1] ?? '');
    const kept = await commit(repository, 'kept');
    const look = lookOf(await watcher.reconcile(repository));
    await watcher.settle(repository);
    const entries = await watcher.entries(repository);
    // What main was reset to is below the horizon, and what it lost no branch holds.
    expect(entries.has(kept)).toBe(true);
    expect(entries.has(old[1] ?? '')).toBe(false);
    expect(entries.size).toBe(3);
    expect(look.log).toEqual(
      expect.arrayContaining(['moved: main', 'commits may have been lost with these branches: main']),
    );
    expect(tagsOf(entries.get(kept))['lakefs.history']).toBe('complete');
  });

  test('a branch that is deleted and recreated under its name is followed', async () => {
    const { repository, watcher } = await followed();
    await lakefs.deleteBranch(repository, 'exp');
    const gone = lookOf(await watcher.reconcile(repository));
    expect(gone.log).toEqual(
      expect.arrayContaining(['deleted: exp', 'commits may have been lost with these branches: exp']),
    );
    await lakefs.createBranch(repository, { name: 'exp', source: 'main' });
    const again = await commit(repository, 'again', 'exp');
    await watcher.settle(repository);
    expect((await watcher.entries(repository)).has(again)).toBe(true);
  });

  test('what a run read on a deleted branch is orphaned after one check', async () => {
    const { repository, watcher, side } = await followed();
    const run = await readingRun(watcher, { repository, commit: side });
    await watcher.sweep();
    const status = async (): Promise<string | undefined> =>
      tagsOf(await watcher.mlflow.runs.getRun(run))['lakefs.status'];
    expect(await status()).toBe('current');
    await lakefs.deleteBranch(repository, 'exp');
    watcher.skip(60_000);
    const look = lookOf(await watcher.reconcile(repository));
    expect(look.log.join('\n')).toContain('1 consumed commit to be rechecked');
    expect(await status()).toBe('orphaned');
  });

  test('a branch made from a commit below the horizon brings in nothing but what is new on it', async () => {
    const { repository, watcher, old } = await followed();
    await lakefs.createBranch(repository, { name: 'from-old', source: old[0] ?? '' });
    await watcher.settle(repository);
    expect((await watcher.entries(repository)).size).toBe(2);
    const fresh = await commit(repository, 'fresh', 'from-old');
    await watcher.settle(repository);
    const entries = await watcher.entries(repository);
    expect([entries.size, entries.has(fresh)]).toEqual([3, true]);
  });

  test('a short-lived tx- branch is not watched; what it merged comes in', async () => {
    const { repository, watcher } = await followed();
    await lakefs.createBranch(repository, { name: 'tx-1', source: 'main' });
    const inside = await commit(repository, 'inside', 'tx-1');
    await watcher.settle(repository);
    expect((await watcher.entries(repository)).has(inside)).toBe(false);
    const merge = await lakefs.merge(repository, 'tx-1', 'main');
    await lakefs.deleteBranch(repository, 'tx-1');
    await watcher.settle(repository);
    const entries = await watcher.entries(repository);
    expect([inside, merge].map((id) => entries.has(id))).toEqual([true, true]);
  });

  test('ten writes of delta-rs, each by a branch that it merges and deletes, are ten entries', async () => {
    const { repository, watcher } = await followed();
    const before = (await watcher.entries(repository)).size;
    const merges: string[] = [];
    for (let number = 0; number < 10; number += 1) {
      const branch = `delta-tx-${randomUUID()}`;
      await lakefs.createBranch(repository, { name: branch, source: 'main' });
      await commit(repository, `version-${number}`, branch);
      // A look may come in the middle of a write.
      if (number % 4 === 0) await watcher.settle(repository);
      merges.push(await lakefs.merge(repository, branch, 'main', { squash_merge: true }));
      // Some branches are left behind.
      if (number % 5 !== 0) await lakefs.deleteBranch(repository, branch);
    }
    await watcher.settle(repository);
    const entries = await watcher.entries(repository);
    expect(merges.every((id) => entries.has(id))).toBe(true);
    expect(entries.size - before).toBe(10);
  });

  test('an entry that a person deleted stays deleted, and holds nothing back', async () => {
    const { repository, watcher } = await followed();
    const hidden = await commit(repository, 'hidden');
    await watcher.settle(repository);
    await watcher.mlflow.runs.deleteRun((await watcher.entries(repository)).get(hidden)?.info.run_id ?? '');
    watcher.restart();
    const later = await commit(repository, 'later');
    await watcher.settle(repository);
    const entries = await watcher.entries(repository);
    expect([entries.has(hidden), tagsOf(entries.get(later))['lakefs.history']]).toEqual([false, 'complete']);
  });

  test('two entries of one commit become one after one check, and a half-written entry is finished', async () => {
    const { repository, watcher, side } = await followed();
    const run = (await watcher.entries(repository)).get(side);
    const begun = await watcher.mlflow.runs.createRun(run?.info.experiment_id ?? '', 'double', 1, [
      { key: 'lakefs.kind', value: 'commit' },
      { key: 'lakefs_commit', value: side },
    ]);
    watcher.restart();
    await watcher.reconcile(repository);
    const all = await catalogRuns(watcher.mlflow, watcher.catalog, repository);
    const both = all.filter((one) => tagsOf(one).lakefs_commit === side);
    expect(both.map(({ info }) => info.lifecycle_stage).sort()).toEqual(['active', 'deleted']);
    const kept = both.find(({ info }) => info.lifecycle_stage === 'active');
    expect(kept?.info.run_id).toBe([run?.info.run_id ?? '', begun.info.run_id].sort()[0]);
    expect(kept?.info.status).toBe('FINISHED');
  });

  test('an empty repository, a branch without a commit of its own and a repository that is gone are no trouble', async () => {
    const repository = await newRepository(lakefs, 'empty');
    await lakefs.createBranch(repository, { name: 'twin', source: 'main' });
    const watcher = createWatcher(server, mlflow.url);
    await watcher.settle(repository);
    expect([...(await watcher.entries(repository)).keys()]).toEqual([await head(repository)]);
    await lakefs.deleteRepository(repository);
    const look = lookOf(await watcher.reconcile(repository));
    expect(look.outcome?.summary).toContain('there is nothing to do');
  });

  test('where a person deleted the catalog its repository pauses, and goes on once it is restored', async () => {
    const { repository, watcher } = await followed();
    const [run] = [...(await watcher.entries(repository)).values()];
    const experiment = run?.info.experiment_id ?? '';
    await watcher.mlflow.experiments.deleteExperiment(experiment);
    watcher.skip(60_000);
    const missed = await commit(repository, 'missed');
    const paused = lookOf(await watcher.reconcile(repository));
    expect(paused.error).toBeUndefined();
    expect(paused.outcome?.summary).toMatch(/^paused: the catalog experiment .* is deleted in MLflow/);
    await watcher.mlflow.experiments.restoreExperiment(experiment);
    watcher.skip(60_000);
    await watcher.settle(repository);
    expect((await watcher.entries(repository)).has(missed)).toBe(true);
  });

  test('a repository that is recreated under its name is followed from its own heads on', async () => {
    const { repository, watcher, side } = await followed();
    const { creation_date } = await lakefs.getRepository(repository);
    await lakefs.deleteRepository(repository);
    // A repository is told from its predecessor by its creation, in whole seconds.
    await vi.waitUntil(() => Math.floor(Date.now() / 1_000) > creation_date, { timeout: 5_000 });
    const created = async (): Promise<void> => {
      const name = `${repository}-${Date.now()}`;
      await lakefs.createRepository({ name: repository, storage_namespace: `local://${name}` });
    };
    // A real one remembers a deleted repository for some seconds.
    await vi.waitFor(created, { timeout: 30_000, interval: 500 });
    await vi.waitFor(() => lakefs.getRepository(repository), { timeout: 30_000, interval: 500 });
    const one = await commit(repository, 'anew');
    watcher.skip(60_000);
    await watcher.settle(repository);
    const two = await commit(repository, 'anew-two');
    await watcher.settle(repository);
    const entries = await watcher.entries(repository);
    expect([one, two].map((id) => tagsOf(entries.get(id))['lakefs.history'])).toEqual([
      'complete',
      'complete',
    ]);
    expect(tagsOf(entries.get(side))['lakefs.history']).not.toBe('complete');
    expect(tagsOf(entries.get(side))['lakefs.status']).toBe('gone');
  });
});
