import { afterAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../src/domain/common/failure.js';
import type { Run } from '../../src/mlflow/types.js';
import { createRuntime } from '../support/jobs/runtime.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../support/lakefs/lakefs.js';
import { realServers } from '../support/servers/real-servers.js';
import { catalogRuns, lakefsTags, patientClients, tagsOf } from '../support/service/bridge.js';

const mlflow = realServers().mlflow;
const clients = patientClients(mlflow.url);
const lakefsServers = await lakefsUnderTest();
afterAll(() => Promise.all(lakefsServers.map((server) => server.stop())));

// Cherry-picking a commit that has metadata changes that commit in the cache of a real lakeFS (seen on 1.84): for
// minutes its own id answers 404, or with a foreign `cherry-pick-origin`.
describe.each(lakefsServers)('a merge that was cherry-picked on $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);

  test('is registered as what it is, or not yet; a run that read it keeps its tags', async () => {
    const repository = await newRepository(client, 'trap');
    const base = await commitObject(client, repository, 'main', 'gold/train.csv', 'id\n1\n');
    await client.createBranch(repository, { name: 'dev', source: 'main' });
    await commitObject(client, repository, 'dev', 'silver/eval.csv', 'id\n2\n');
    const merge = await client.merge(repository, 'dev', 'main');
    const { parents } = await client.getCommit(repository, merge);
    const experiment = `trap-${repository}`;
    const id = await clients.experiments.createExperiment(experiment);
    const run = await clients.runs.createRun(id, 'run', Date.now());
    const source = JSON.stringify({ uri: `s3://${repository}/${merge}/silver/eval.csv` });
    await clients.runs.logInputs(run.info.run_id, [
      { dataset: { name: 'eval', digest: 'e24a8c4a', source_type: 's3', source } },
    ]);
    await clients.runs.updateRun(run.info.run_id, 'FINISHED', Date.now());
    const newRuntime = (catalog: string) =>
      createRuntime(lakefs, mlflow.url, {
        installation: { repositories: [repository], experiments: [experiment], catalog },
      });
    const register = (commit: string, branch: string) =>
      ({
        name: 'register-commit',
        payload: { v: 1, installation: 'default', repository, commit, branch },
        cause: 'hook',
      }) as const;
    const [known, fresh] = [`known-${repository}`, `fresh-${repository}`];
    await newRuntime(known).run(register(merge, 'main'));
    await newRuntime(known).sweep();
    const tagsBefore = await lakefsTags(clients, run.info.run_id);
    expect(tagsBefore).toMatchObject({ lakefs_commit: merge, lakefs_branch: 'main' });
    const entriesBefore = await catalogRuns(clients, known, repository);

    await client.createBranch(repository, { name: 'hotfix', source: base });
    const pick = await client.cherryPick(repository, 'hotfix', { ref: merge, parent_number: 1 });

    // A catalog that knows the merge, and one that hears of it only now.
    for (const catalog of [known, fresh]) {
      for (const job of [register(merge, 'main'), register(pick.id, 'hotfix')]) {
        const done = await newRuntime(catalog).run(job);
        if (done.error !== undefined) expect(failureOf(done.error)?.kind).toBe('transient');
        // Ignored would mean that it is never tried again.
        else expect(done.outcome?.summary).toMatch(/^registered /);
      }
      for (const entry of await catalogRuns(clients, catalog, repository)) expectTrue(entry);
    }
    const after = await catalogRuns(clients, known, repository);
    const entryOf = (runs: readonly Run[]) => runs.find((entry) => tagsOf(entry).lakefs_commit === merge);
    expect(entryOf(after)).toEqual(entryOf(entriesBefore));
    for (const catalog of [known, fresh]) {
      const job = { name: 'link-run', payload: { v: 1, server: 'default', run: run.info.run_id } } as const;
      await newRuntime(catalog).run({ ...job, cause: 'hook' });
      expect(await lakefsTags(clients, run.info.run_id)).toEqual(tagsBefore);
    }

    function expectTrue(entry: Run): void {
      const tags = tagsOf(entry);
      expect([merge, pick.id]).toContain(tags.lakefs_commit);
      expect(tags).toMatchObject(
        tags.lakefs_commit === merge
          ? { 'lakefs.operation': 'merge', 'lakefs.parents': parents.join(' ') }
          : { 'lakefs.operation': 'cherry-pick', 'lakefs.parents': base },
      );
      const inputs = entry.inputs?.dataset_inputs ?? [];
      expect(inputs.map(({ dataset }) => dataset.source)).toEqual([
        `{"uri":"s3://${repository}/${tags.lakefs_commit}/silver/"}`,
      ]);
    }
  });
});
