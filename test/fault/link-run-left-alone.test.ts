import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import { createRuntime, type Done, type Runtime } from '../support/jobs/runtime.js';
import { watched } from '../support/jobs/watched.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { realServers } from '../support/servers/real-servers.js';
import { catalogRuns, lakefsTags, patientClients, tagsOf } from '../support/service/bridge.js';

const mlflow = realServers().mlflow;
const clients = patientClients(mlflow.url);
const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

describe.each(lakefsServers)('on $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  let repository: string;
  let commit: string;
  let name: string;
  let experiment: string;
  let catalog: string;

  beforeAll(async () => {
    repository = await newRepository(client);
    commit = await commitObject(client, repository, 'main', 'gold/train.csv', 'id\n1\n');
  });

  beforeEach(async () => {
    name = `alone-${randomBytes(6).toString('hex')}`;
    catalog = `catalog-${name}`;
    experiment = await clients.experiments.createExperiment(name);
  });

  /** A process that has just started. */
  function newRuntime(meddle: (plain: MlflowClients) => MlflowClients = (plain) => plain): Runtime {
    const installation = { repositories: [repository], experiments: [`${name}*`], catalog };
    return createRuntime(lakefs, mlflow.url, { installation, mlflow: meddle });
  }

  async function newRun(status: 'RUNNING' | 'FINISHED' = 'FINISHED', place = experiment): Promise<string> {
    const { info } = await clients.runs.createRun(place, 'run', Date.now());
    const source = JSON.stringify({ uri: `s3://${repository}/${commit}/gold/train.csv` });
    const digest = randomBytes(4).toString('hex');
    await clients.runs.logInputs(info.run_id, [
      { dataset: { name: 'train', digest, source_type: 's3', source } },
    ]);
    if (status === 'FINISHED') await clients.runs.updateRun(info.run_id, status, Date.now());
    return info.run_id;
  }

  const link = (run: string) =>
    ({ name: 'link-run', payload: { v: 1, server: 'default', run }, cause: 'hook' }) as const;
  const register = () =>
    ({
      name: 'register-commit',
      payload: { v: 1, installation: 'default', repository, commit },
      cause: 'hook',
    }) as const;

  test('a run that is tagged lakefs.ignore keeps the tags that it has, and gets no more', async () => {
    const linked = await newRun();
    await newRuntime().sweep();
    const before = await lakefsTags(clients, linked);
    expect(before.lakefs_commit).toBe(commit);
    const fresh = await newRun();
    for (const run of [linked, fresh]) await clients.runs.setTag(run, 'lakefs.ignore', 'true');
    // Something to mend, which is left as it is.
    await clients.runs.deleteTag(linked, 'lakefs.evidence');
    const done = [...(await newRuntime().sweep()), await newRuntime().run(link(linked))];
    expect(errorsOf(done)).toEqual([]);
    const { 'lakefs.evidence': _gone, ...rest } = before;
    expect(await lakefsTags(clients, linked)).toEqual({ ...rest, 'lakefs.ignore': 'true' });
    expect(await lakefsTags(clients, fresh)).toEqual({ 'lakefs.ignore': 'true' });
  });

  test('runs of an experiment that is tagged lakefs.ignore are left alone', async () => {
    const run = await newRun();
    await clients.experiments.setExperimentTag(experiment, 'lakefs.ignore', 'true');
    const done = [...(await newRuntime().sweep()), await newRuntime().run(link(run))];
    expect(errorsOf(done)).toEqual([]);
    expect(done.at(-1)?.outcome?.summary).toContain('lakefs.ignore');
    expect(await lakefsTags(clients, run)).toEqual({});
  });

  test('a catalog run that a person deleted is not recreated, and its consumers are still tagged', async () => {
    await newRuntime().run(register());
    const [entry] = await catalogRuns(clients, catalog, repository);
    await clients.runs.deleteRun(entry?.info.run_id ?? '');
    const run = await newRun();
    const done = await newRuntime().sweep();
    expect(errorsOf(done)).toEqual([]);
    const registered = done.filter(({ job }) => job.name === 'register-commit');
    expect(registered.map(({ outcome }) => outcome?.summary.split(':')[0])).toContain('hidden');
    await newRuntime().run(register());
    const after = await catalogRuns(clients, catalog, repository);
    expect(after.map(({ info }) => [info.run_id, info.lifecycle_stage])).toEqual([
      [entry?.info.run_id, 'deleted'],
    ]);
    expect(await lakefsTags(clients, run)).toMatchObject({ lakefs_commit: commit, lakefs_branch: 'main' });
  });

  test('a catalog experiment that a person deleted stays deleted, and consumers are tagged all the same', async () => {
    await newRuntime().run(register());
    const known = await clients.experiments.getExperimentByName(`${catalog}/${repository}`);
    await clients.experiments.deleteExperiment(known.experiment_id);
    const run = await newRun();
    const done = await newRuntime().sweep();
    const failed = done.filter(({ error }) => error !== undefined);
    expect(failed.map(({ job }) => job.name)).toEqual(['register-commit']);
    expect(String(failed[0]?.error)).toContain(`mlflow experiments restore -x ${known.experiment_id}`);
    expect(await lakefsTags(clients, run)).toMatchObject({ lakefs_commit: commit, lakefs_branch: 'main' });
    const after = await clients.experiments.getExperimentByName(`${catalog}/${repository}`);
    expect(after).toMatchObject({ experiment_id: known.experiment_id, lifecycle_stage: 'deleted' });
  });

  test('a run that is deleted between the search and the tag never stops the others', async () => {
    for (const moment of ['getRun', 'logBatch', 'deleteTag']) {
      const run = await newRun('RUNNING');
      await newRuntime().run(link(run));
      await clients.runs.updateRun(run, 'FINISHED', Date.now());
      const other = await newRun();
      let deleted = false;
      const runtime = newRuntime((plain) =>
        watched(plain, async (method) => {
          if (method !== moment || deleted) return;
          deleted = true;
          await plain.runs.deleteRun(run);
        }),
      );
      const done = [await runtime.run(link(run)), ...(await runtime.sweep())];
      expect([moment, deleted, errorsOf(done)]).toEqual([moment, true, []]);
      expect(await lakefsTags(clients, other)).toMatchObject({ lakefs_commit: commit });
    }
  });

  test('an experiment that is deleted between the search and the tag does not stop other runs', async () => {
    for (const moment of ['getRun', 'logBatch']) {
      const doomed = await clients.experiments.createExperiment(`${name}-${moment}`);
      const run = await newRun('FINISHED', doomed);
      const other = await newRun();
      let deleted = false;
      const runtime = newRuntime((plain) =>
        watched(plain, async (method) => {
          if (method !== moment || deleted) return;
          deleted = true;
          await plain.experiments.deleteExperiment(doomed);
        }),
      );
      const done = [await runtime.run(link(run)), ...(await runtime.sweep()), ...(await runtime.sweep())];
      expect([moment, deleted, errorsOf(done)]).toEqual([moment, true, []]);
      expect(tagsOf(await clients.runs.getRun(run))).not.toHaveProperty('lakefs_commit');
      expect(await lakefsTags(clients, other)).toMatchObject({ lakefs_commit: commit });
    }
  });
});

function errorsOf(done: readonly Done[]): unknown[] {
  return done.flatMap(({ job, error }) => (error === undefined ? [] : [[job.name, String(error)]]));
}
