import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import type { Run } from '../../../../src/mlflow/types.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { linksOf, makeRun, proposer, type Values } from '../../../support/runs/propose.js';

const hour = 3_600_000;
const made = 1_700_000_000_000;
let clock = made;
const sandbox = await startSandbox({ env: {}, now: () => clock });
const client = createLakefsClient(sandbox);
const propose = proposer(sandbox, client);
afterAll(() => sandbox.close());

let repo = '';
let then = '';
let now = '';

beforeAll(async () => {
  repo = await newRepository(client);
  clock = made + hour;
  then = await commitObject(client, repo, 'main', 'gold/x.csv', '1');
  clock = made + 48 * hour;
  now = await commitObject(client, repo, 'main', 'gold/x.csv', '2');
});

/** A run that is in this MLflow since long after the second commit. */
function imported(tags: Values): Run {
  const run = makeRun('run', { params: { data: `s3://${repo}/main/gold/x.csv` }, tags });
  const times = { start_time: made + 100 * hour, end_time: made + 100 * hour + 60_000 };
  return { ...run, info: { ...run.info, ...times } };
}

describe('a run that mlflow-export-import brought', () => {
  test('read its branch at the original times, where these are tags', async () => {
    const tags = {
      'mlflow_exim.run_info.start_time': String(made + 2 * hour),
      'mlflow_exim.run_info.end_time': String(made + 3 * hour),
    };
    expect(linksOf(await propose(imported(tags)))).toMatchObject([{ commit: then, kind: 'inferred' }]);
  });

  test.each<Values>([
    { 'mlflow_exim.run_info.run_id': 'r', 'mlflow_exim.run_info.start_time': 'yesterday' },
    { 'mlflow_exim.run_info.start_time': '0' },
    { 'mlflow_exim.mlflow_tag.user': 'jane' },
  ])('without them nothing is known of when it read: %j', async (tags) => {
    expect(linksOf(await propose(imported(tags)))).toMatchObject([
      { kind: 'ambiguous', flags: expect.arrayContaining(['no start time']) },
    ]);
  });

  test('is known by its tags only: any other run began when MLflow says', async () => {
    expect(linksOf(await propose(imported({ mlflow_exim: 'x' })))).toMatchObject([
      { commit: now, kind: 'inferred' },
    ]);
  });
});
