import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createInstallations } from '../../../../src/config/installations.js';
import { readLinksTag } from '../../../../src/contract/links-tag.js';
import { proposeTags } from '../../../../src/facts/links/propose.js';
import { createServerFacts } from '../../../../src/facts/links/server.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import { LakefsError } from '../../../../src/lakefs/errors.js';
import type { LakefsClient } from '../../../../src/lakefs/types.js';
import type { Run } from '../../../../src/mlflow/types.js';
import { explainEvidence } from '../../../../src/queries/shared/evidence.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { newRepository } from '../../../support/lakefs/lakefs.js';
import { trainingMlflow } from '../../../support/mlflow/training-mlflow.js';
import { installationFor } from '../../../support/service/settings.js';

const made = 1_700_000_000_000;
let seconds = 0;
const now = () => made + seconds * 1_000;
const sandbox = await startSandbox({ env: {}, now });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());

let repository = '';
let commits: string[] = [];

/** Commits a version of the table, as dated by the clock. */
async function commitVersion(version: number): Promise<void> {
  const log = `gold/t/_delta_log/${String(version).padStart(20, '0')}.json`;
  await client.uploadObject(repository, 'main', log, `{"commitInfo":{"version":${version}}}`);
  await client.uploadObject(repository, 'main', `gold/t/part-${version}.parquet`, String(version));
  commits.push((await client.commit(repository, 'main', { message: `v${version}`, date: now() / 1_000 })).id);
}

beforeEach(async () => {
  commits = [];
  seconds = 0;
  repository = await newRepository(client);
  for (const version of [0, 1, 2]) {
    seconds += 100;
    await commitVersion(version);
  }
  seconds = 10_000;
});

/** A run from second 500 to 600 that asked for version 1. */
function asking(version: string | undefined): Run {
  const path = `s3a://${repository}/main/gold/t`;
  const source = version === undefined ? { path } : { path, delta_table_version: version };
  return {
    info: {
      run_id: 'run1',
      experiment_id: '1',
      status: 'FINISHED',
      lifecycle_stage: 'active',
      start_time: made + 500_000,
      end_time: made + 600_000,
    },
    data: { tags: [], params: [] },
    inputs: {
      dataset_inputs: [
        {
          dataset: {
            name: 'rides',
            digest: 'e24a8c4a',
            source_type: 'delta_table',
            source: JSON.stringify(source),
          },
        },
      ],
    },
  } as unknown as Run;
}

/** What a process that has just started proposes for the run, and the run with it. */
async function link(run: Run, lakefs: LakefsClient = client) {
  const mlflow = trainingMlflow({ searchRuns: async () => ({ runs: [run] }) });
  const settings = installationFor(sandbox, mlflow.trackingUri);
  const facts = createServerFacts(
    { name: 'default', mlflow, installations: createInstallations([{ settings, lakefs }]) },
    now,
  );
  const proposal = await proposeTags(run, facts);
  if (proposal.kind !== 'tags') throw new Error(proposal.reason);
  const tags = new Map((run.data.tags ?? []).map(({ key, value }) => [key, value]));
  for (const [key, value] of proposal.plan.set) tags.set(key, value);
  for (const key of proposal.plan.remove) tags.delete(key);
  const linked = { ...run, data: { ...run.data, tags: [...tags].map(([key, value]) => ({ key, value })) } };
  return { run: linked, tags, links: readLinksTag(tags).links, none: proposal.examination.none };
}

function withInputsOf(run: Run, other: Run): Run {
  return { ...run, inputs: other.inputs } as Run;
}

describe('a run that read a version of a Delta table by a branch', () => {
  test('is linked with certainty to the first commit that holds it, and gets the tags of the guide', async () => {
    const { links, tags } = await link(asking('1'));
    expect(links).toMatchObject([
      { commit: commits[1], kind: 'resolved', certain: true, flags: ['delta version 1'], ref: 'main' },
    ]);
    expect(tags.get('lakefs_commit')).toBe(commits[1]);
    expect(links.map(explainEvidence).join()).toContain('delta version 1');
  });

  test('is linked so as well where an earlier release knew the branch only', async () => {
    const before = await link(asking(undefined));
    expect(before.links).toMatchObject([{ commit: commits[2], kind: 'inferred', certain: false }]);
    const after = await link(withInputsOf(before.run, asking('1')));
    expect(after.links).toMatchObject([{ commit: commits[1], kind: 'resolved', certain: true }]);
    expect([...after.tags.keys()].filter((key) => key.startsWith('lakefs.maybe.'))).toEqual([]);
  });

  test('keeps its commit when the branch is reset, deleted or no longer readable', async () => {
    const { run } = await link(asking('1'));
    await client.hardReset(repository, 'main', commits[0] ?? '');
    const { links } = await link(run);
    expect(links).toMatchObject([{ commit: commits[1], kind: 'resolved', certain: true }]);
  });

  test('asks nothing about the version once it is linked', async () => {
    const { run } = await link(asking('1'));
    const asked: string[] = [];
    const counting: LakefsClient = {
      ...client,
      log: (...args) => {
        if (args[2]?.objects?.some((key) => key.includes('_delta_log'))) asked.push('log');
        return client.log(...args);
      },
      statObject: (...args) => {
        asked.push('stat');
        return client.statObject(...args);
      },
    };
    await expect(link(run, counting)).rejects.toThrow('its tags are correct');
    expect(asked).toEqual([]);
  });

  test('is not judged while lakeFS does not say what the record of the version was', async () => {
    const refusing: LakefsClient = {
      ...client,
      statObject: () => Promise.reject(new LakefsError({ status: 401, message: 'no' } as never)),
    };
    await expect(link(asking('1'), refusing)).rejects.toThrow();
  });

  test('stays inferred where the version is in no commit, and says so', async () => {
    const { links, none } = await link(asking('7'));
    expect(links).toMatchObject([{ commit: commits[2], kind: 'inferred', certain: false }]);
    expect(none).toContainEqual({
      where: 'input',
      name: 'rides',
      text: 'delta version 7',
      reason: 'delta version 7 is in no commit of the branch',
    });
  });

  test('is found with few requests on a branch of three hundred commits', async () => {
    for (let version = 3; version < 303; version += 1) {
      seconds = 10_000 + version;
      await commitVersion(version);
    }
    seconds = 20_000;
    const asked = { log: 0, stat: 0, mergeBase: 0 };
    const counting: LakefsClient = {
      ...client,
      log: (...args) => {
        asked.log += 1;
        return client.log(...args);
      },
      statObject: (...args) => {
        asked.stat += 1;
        return client.statObject(...args);
      },
      mergeBase: (...args) => {
        asked.mergeBase += 1;
        return client.mergeBase(...args);
      },
    };
    const { links } = await link(asking('1'), counting);
    expect(links).toMatchObject([{ commit: commits[1], kind: 'resolved' }]);
    expect(asked.stat).toBe(1);
    expect(asked.log).toBeLessThanOrEqual(12);
    expect(asked.mergeBase).toBeLessThanOrEqual(12);
  });
});
