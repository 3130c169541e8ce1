import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMlflowClients } from '../../../src/mlflow/clients.js';
import { createRuntime, type Runtime } from '../../support/jobs/runtime.js';
import { clientFor, lakefsUnderTest } from '../../support/lakefs/lakefs.js';
import { type History, newHistory } from '../../support/lakefs/written-history.js';
import { realServers } from '../../support/servers/real-servers.js';

const { mlflow } = realServers();
const clients = createMlflowClients(mlflow.url, { connections: 'reuse' });
const path = 'gold/train/';

describe.each(await lakefsUnderTest())('the tags of runs follow their data on $kind lakeFS', (lakefs) => {
  let history: History;
  let runtime: Runtime;
  let experiment: string;
  let start: string;

  beforeAll(async () => {
    history = await newHistory(clientFor(lakefs));
    runtime = createRuntime(lakefs, mlflow.url, {
      installation: { repositories: [history.repository], experiments: [`life-${history.repository}`] },
    });
    experiment = await clients.experiments.createExperiment(`life-${history.repository}`);
    start = await history.put('main', `${path}a`, 'first');
    await announce(start, 'main');
  });
  afterAll(() => lakefs.stop());

  /** As the hook does. */
  async function announce(commit: string, branch: string): Promise<void> {
    const payload = {
      v: 1,
      installation: 'default',
      repository: history.repository,
      commit,
      branch,
    } as const;
    runtime.waiting.push({ name: 'register-commit', payload, cause: 'hook' });
    const done = await runtime.drain();
    expect(done.filter(({ error }) => error !== undefined)).toEqual([]);
  }

  /** A finished run that declares its commit, and a sweep that finds it. */
  async function trainOn(commit: string): Promise<string> {
    // The sweeps of a test skip time: later than all that they have seen.
    const startTime = Date.now() + 24 * 3_600_000;
    const { info } = await clients.runs.createRun(experiment, `reads ${commit.slice(0, 6)}`, startTime, [
      { key: 'lakefs_repo', value: history.repository },
      { key: 'lakefs_commit', value: commit },
    ]);
    const source = JSON.stringify({ uri: `s3://${history.repository}/${commit}/${path}` });
    const dataset = { name: 'train', digest: commit.slice(0, 8), source_type: 's3', source };
    await clients.runs.logInputs(info.run_id, [{ dataset, tags: [] }]);
    await clients.runs.updateRun(info.run_id, 'FINISHED', startTime + 1_000);
    await runtime.sweep();
    return info.run_id;
  }

  async function lifeOf(run: string): Promise<Record<string, string | undefined>> {
    return pick((await clients.runs.getRun(run)).data.tags ?? [], ['lakefs.status', 'lakefs.because']);
  }

  async function catalogOf(commit: string): Promise<Record<string, string | undefined>> {
    const catalog = await clients.experiments.getExperimentByName(`lakefs/${history.repository}`);
    const found = await clients.runs.searchRuns([catalog.experiment_id], `tags.lakefs_commit = '${commit}'`);
    const keys = ['lakefs.status', 'lakefs.because', 'lakefs.promoted_to'];
    return pick(found.runs?.[0]?.data.tags ?? [], keys);
  }

  const by = (branch: string, commit: string): string =>
    `${history.repository}/${branch}@${commit.slice(0, 12)}`;

  test('a bad commit, its revert, the revert of that, and a hard reset', async () => {
    const good = await history.put('main', `${path}a`, 'good');
    await announce(good, 'main');
    const run = await trainOn(good);
    expect(await lifeOf(run)).toEqual({ 'lakefs.status': 'current' });
    expect(await catalogOf(good)).toEqual({ 'lakefs.status': 'current', 'lakefs.promoted_to': 'main' });

    const other = await history.put('main', 'silver/x', '1');
    await announce(other, 'main');
    expect(await lifeOf(run)).toEqual({ 'lakefs.status': 'current' });

    const bad = await history.put('main', `${path}a`, 'bad');
    await announce(bad, 'main');
    expect(await lifeOf(run)).toEqual({
      'lakefs.status': 'superseded',
      'lakefs.because': by('main', bad),
    });
    expect(await catalogOf(good)).toMatchObject({
      'lakefs.status': 'superseded',
      'lakefs.because': by('main', bad),
    });

    const onBad = await trainOn(bad);
    const revert = await history.revert('main', bad);
    await announce(revert, 'main');
    expect(await lifeOf(run)).toEqual({ 'lakefs.status': 'current' });
    expect(await lifeOf(onBad)).toEqual({
      'lakefs.status': 'reverted',
      'lakefs.because': by('main', revert),
    });

    const again = await history.revert('main', revert);
    await announce(again, 'main');
    expect(await lifeOf(onBad)).toEqual({ 'lakefs.status': 'current' });
    expect(await lifeOf(run)).toMatchObject({ 'lakefs.status': 'superseded' });
    expect(await catalogOf(bad)).toEqual({ 'lakefs.status': 'current', 'lakefs.promoted_to': 'main' });
  });

  test('a branch that is merged is promoted, and judged on the default branch from then on', async () => {
    await history.branch('merged');
    const commit = await history.put('merged', `${path}b`, 'from merged');
    await announce(commit, 'merged');
    const run = await trainOn(commit);
    expect(await catalogOf(commit)).toEqual({ 'lakefs.status': 'current' });
    const merge = await history.merge('merged', 'main');
    await announce(merge, 'main');
    expect(await catalogOf(commit)).toEqual({ 'lakefs.status': 'current', 'lakefs.promoted_to': 'main' });
    expect(await lifeOf(run)).toEqual({ 'lakefs.status': 'current' });
    const revert = await history.revert('main', merge, 1);
    await announce(revert, 'main');
    expect(await lifeOf(run)).toEqual({
      'lakefs.status': 'reverted',
      'lakefs.because': by('main', revert),
    });
  });

  test.each(['squash', 'cherry-pick'])('a %s promotes by content', async (kind) => {
    const name = kind.replace('-', '');
    await history.branch(name);
    const commit = await history.put(name, `${path}${name}`, 'from there');
    await announce(commit, name);
    await announce(await history.put('main', 'silver/x', `before ${kind}`), 'main');
    const run = await trainOn(commit);
    const taken =
      kind === 'squash' ? await history.merge(name, 'main', 'squash') : await history.pick(commit, 'main');
    await history.drop(name);
    await announce(taken, 'main');
    expect(await lifeOf(run)).toEqual({ 'lakefs.status': 'current' });
    expect(await catalogOf(commit)).toEqual({ 'lakefs.status': 'current', 'lakefs.promoted_to': 'main' });
    const later = await history.put('main', `${path}${name}`, 'later');
    await announce(later, 'main');
    expect(await lifeOf(run)).toEqual({
      'lakefs.status': 'superseded',
      'lakefs.because': by('main', later),
    });
  });

  test('branches that are reset, deleted or restored send no event: the reconciler finds what they carried', async () => {
    const reconcile = async (): Promise<void> => {
      runtime.skip(10 * 60_000);
      const done = await runtime.reconcile(history.repository);
      expect(done.filter(({ error }) => error !== undefined)).toEqual([]);
    };
    const before = await history.put('main', `${path}a`, 'kept');
    await announce(before, 'main');
    const commit = await history.put('main', `${path}a`, 'dropped');
    await announce(commit, 'main');
    await history.branch('gone');
    const there = await history.put('gone', 'silver/c', 'on a branch');
    await announce(there, 'gone');
    const [onMain, onBranch] = [await trainOn(commit), await trainOn(there)];
    await reconcile();

    await history.reset('main', before);
    await reconcile();
    // The other branch was made from there.
    expect(await lifeOf(onMain)).toEqual({ 'lakefs.status': 'current' });
    expect(await lifeOf(onBranch)).toEqual({ 'lakefs.status': 'current' });

    await history.drop('gone');
    await reconcile();
    expect(await lifeOf(onMain)).toEqual({ 'lakefs.status': 'orphaned' });
    expect(await lifeOf(onBranch)).toEqual({ 'lakefs.status': 'orphaned' });
    expect(await catalogOf(commit)).toEqual({ 'lakefs.status': 'orphaned' });

    await history.branch('rescued', there);
    await reconcile();
    expect(await lifeOf(onMain)).toEqual({ 'lakefs.status': 'current' });
    expect(await lifeOf(onBranch)).toEqual({ 'lakefs.status': 'current' });

    await history.reset('main', there);
    await reconcile();
    expect(await catalogOf(commit)).toEqual({ 'lakefs.status': 'current', 'lakefs.promoted_to': 'main' });
  });

  test('a status that another process missed is corrected when the commit is checked', async () => {
    const commit = await history.put('main', `${path}a`, 'missed');
    await announce(commit, 'main');
    const run = await trainOn(commit);
    // Nobody tells of this one.
    const later = await history.put('main', `${path}a`, 'later');
    expect(await lifeOf(run)).toEqual({ 'lakefs.status': 'current' });
    await announce(commit, 'main');
    expect(await lifeOf(run)).toEqual({
      'lakefs.status': 'superseded',
      'lakefs.because': by('main', later),
    });
  });
});

function pick(
  tags: readonly { readonly key: string; readonly value: string }[],
  keys: readonly string[],
): Record<string, string> {
  return Object.fromEntries(tags.flatMap(({ key, value }) => (keys.includes(key) ? [[key, value]] : [])));
}
