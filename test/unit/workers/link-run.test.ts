import { afterAll, expect, test } from 'vitest';
import { createInstallations } from '../../../src/config/installations.js';
import type { CommitKey } from '../../../src/contract/words.js';
import { createServerFacts } from '../../../src/facts/links/server.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import type { Run } from '../../../src/mlflow/types.js';
import type { JobContext } from '../../../src/queue/types.js';
import { startSandbox } from '../../../src/sandbox/index.js';
import { linkRun } from '../../../workers/link-run.js';
import { commitObject, newRepository } from '../../support/lakefs/lakefs.js';
import { trainingMlflow } from '../../support/mlflow/training-mlflow.js';
import { installationFor } from '../../support/service/settings.js';

const sandbox = await startSandbox({ env: {} });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());

/** Links a run; answers with what was told of its commit, in order. */
async function tellingOf(tags: Run['data']['tags'] = []) {
  const repository = await newRepository(client);
  const commit = await commitObject(client, repository, 'main', 'gold/x.csv', '1');
  const source = JSON.stringify({ uri: `s3://${repository}/${commit}/gold/x.csv` });
  const run = {
    info: { run_id: 'run1', experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active' },
    data: { tags },
    inputs: {
      dataset_inputs: [{ dataset: { name: 'x', digest: 'e24a8c4a', source_type: 's3', source } }],
    },
  } as unknown as Run;
  const time = 1_700_000_000_000;
  const told: string[] = [];
  const mlflow = trainingMlflow({
    searchRuns: async () => ({ runs: [run] }),
    logBatch: async () => {
      told.push('written');
    },
  });
  const settings = installationFor(sandbox, mlflow.trackingUri);
  const access = {
    name: 'default',
    mlflow,
    installations: createInstallations([{ settings, lakefs: client }]),
  };
  const facts = createServerFacts(access, () => time);
  const consumed = async (commits: readonly CommitKey[]) => {
    told.push(...commits.map((one) => (one.commit === commit ? 'told' : one.commit)));
  };
  const context = {
    log: async () => undefined,
    signal: new AbortController().signal,
  } as unknown as JobContext;
  await linkRun({ v: 1, server: 'default', run: 'run1' }, context, {
    server: () => ({
      facts,
      reader: { read: async () => run },
      settled: { add: () => undefined },
      decisions: { take: () => undefined },
    }),
    events: { consumed },
    now: () => time,
  });
  return told;
}

test('an event for the commit is queued before the write, in case of a crash in between, and after it, as a check may have run before', async () => {
  expect(await tellingOf()).toEqual(['told', 'written', 'told']);
});

test('a list of links that was copied from another server makes no job for an installation of elsewhere', async () => {
  const copied = (installation: string, commit: string) => ({
    ...{ installation, repository: 'images', commit, ref: commit, path: 'a', where: 'tag', name: 'x' },
    ...{ kind: 'exact', certain: true, flags: [] },
  });
  const links = [copied('elsewhere', 'e'.repeat(64)), copied('default', 'd'.repeat(64))];
  const told = await tellingOf([{ key: 'lakefs.links', value: JSON.stringify({ links }) }]);
  const both = ['told', 'd'.repeat(64)];
  expect(told).toEqual([...both, 'written', ...both]);
});
