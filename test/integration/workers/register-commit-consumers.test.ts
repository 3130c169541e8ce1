import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { newBench, newConsumer, oneCommit } from '../../support/jobs/register-commit.js';
import { watched } from '../../support/jobs/watched.js';
import { clientFor, lakefsUnderTest, newRepository } from '../../support/lakefs/lakefs.js';
import { realServers } from '../../support/servers/real-servers.js';
import { tagsOf } from '../../support/service/bridge.js';

const servers = realServers();
const mlflow = createMlflowClients(servers.mlflow.url);

describe.each(await lakefsUnderTest())('on $kind lakeFS', (server) => {
  const lakefs = clientFor(server);

  test('runs that consumed the commit are counted, whatever tag they are found by', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const consumer = await newConsumer(mlflow, repository, commit, ['gold/train/b.csv']);
    const tag = `lakefs.input.${repository}.${commit.slice(0, 12)}`;
    const { experiment_id } = await mlflow.experiments.getExperimentByName(consumer.experiment);
    await mlflow.runs.createRun(experiment_id, 'by input', 1, [{ key: tag, value: commit }]);
    const bench = newBench(lakefs, mlflow, { experiments: [consumer.experiment] });
    const outcome = await bench.register({ repository, commit });
    const hash = createHash('sha256').update('gold/train/b.csv').digest('hex').slice(0, 12);
    expect(tagsOf((await bench.runs(repository))[0])).toMatchObject({
      'lakefs.consumed': 'yes',
      'lakefs.consumers': '2',
      [`lakefs.read.${hash}`]: 'gold/train/b.csv',
    });
    expect(outcome.summary).toMatch(/consumed by 2 runs$/);
    expect(bench.lines.at(-1)).toMatch(/^2 runs consumed it: http/);
  });

  test('a commit from a hook is registered without searching for consumers; the next check counts them', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const { experiment } = await newConsumer(mlflow, repository, commit, ['gold/train/b.csv']);
    const searched: string[] = [];
    const counting = watched(mlflow, (method) => void (method === 'searchRuns' && searched.push(method)));
    const bench = newBench(lakefs, counting, { experiments: [experiment] });
    await bench.register({ repository, commit, branch: 'main', news: 'commit' });
    // One for the commit's own run, one for those whose data it may have changed.
    expect(searched).toHaveLength(2);
    const [run] = await bench.runs(repository);
    expect(run?.info.status).toBe('FINISHED');
    expect(run?.inputs?.dataset_inputs).toHaveLength(2);
    expect(tagsOf(run)).not.toHaveProperty('lakefs.consumers');
    // A second delivery may come after a link that nobody counted.
    await bench.register({ repository, commit, branch: 'main', news: 'commit' });
    expect(tagsOf((await bench.runs(repository))[0])['lakefs.consumers']).toBe('1');
  });

  test('one of many old commits costs no search for those whose data it may have changed', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    let searches = 0;
    const counting = watched(mlflow, (method) => {
      if (method === 'searchRuns') searches += 1;
    });
    const cost = async (news?: string): Promise<number> => {
      searches = 0;
      await newBench(lakefs, counting).register({ repository, commit, ...(news !== undefined && { news }) });
      return searches;
    };
    const followed = await cost();
    expect(await cost('history')).toBe(followed - 1);
  });

  test('in observe mode, where nobody links, a hook counts the runs that name the commit themselves', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const { experiment } = await newConsumer(mlflow, repository, commit, []);
    const bench = newBench(lakefs, mlflow, { experiments: [experiment], mode: 'observe' });
    await bench.register({ repository, commit, branch: 'main', news: 'commit' });
    expect(tagsOf((await bench.runs(repository))[0])['lakefs.consumers']).toBe('1');
  });

  test('two repositories with the same commit id have an entry and consumers each', async () => {
    const { commit, repositories } = await twins(lakefs);
    const [one = '', two = ''] = repositories;
    const consumer = await newConsumer(mlflow, one, commit, []);
    const bench = newBench(lakefs, mlflow, { experiments: [consumer.experiment] });
    await bench.register({ repository: one, commit });
    await bench.register({ repository: two, commit });
    expect(tagsOf((await bench.runs(one))[0])['lakefs.consumers']).toBe('1');
    expect(tagsOf((await bench.runs(two))[0])).not.toHaveProperty('lakefs.consumers');
  });

  test('when a repository was recreated under its name, its earlier entries are gone', async () => {
    const { repository, commit } = await oneCommit(lakefs);
    const bench = newBench(lakefs, mlflow);
    await bench.register({ repository, commit });
    const [run] = await bench.runs(repository);
    const experiment = run?.info.experiment_id ?? '';
    const old = await mlflow.runs.createRun(experiment, 'old', 1_000, [
      { key: 'lakefs.kind', value: 'commit' },
      { key: 'lakefs_commit', value: 'e'.repeat(64) },
      { key: 'lakefs.status', value: 'current' },
    ]);
    await mlflow.experiments.setExperimentTag(experiment, 'lakefs.repository_created', '1');
    await bench.register({ repository, commit });
    const runs = await bench.runs(repository);
    const statusOf = (id: string | undefined): string | undefined =>
      tagsOf(runs.find(({ info }) => info.run_id === id))['lakefs.status'];
    expect(statusOf(old.info.run_id)).toBe('gone');
    expect(statusOf(run?.info.run_id)).toBe('current');
  });
});

/** Two repositories that were made in the same second have the same first commit. */
async function twins(lakefs: LakefsClient): Promise<{ commit: string; repositories: string[] }> {
  for (;;) {
    const repositories = await Promise.all([newRepository(lakefs), newRepository(lakefs)]);
    const heads = await Promise.all(repositories.map((name) => lakefs.getBranch(name, 'main')));
    const [one, two] = heads.map(({ commit_id }) => commit_id);
    if (one !== undefined && one === two) return { commit: one, repositories };
  }
}
