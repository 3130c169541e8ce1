import { expect, test } from 'vitest';
import { createConsumedCommits } from '../../../../src/facts/catalog/consumed-commits.js';
import { createMlflowClients, type MlflowClients } from '../../../../src/mlflow/clients.js';
import type { Run } from '../../../../src/mlflow/types.js';

function catalogRun(n: number, status: string | undefined, more: Readonly<Record<string, string>> = {}): Run {
  const tags = {
    lakefs_commit: `c${n}`,
    'lakefs.consumed': 'yes',
    'lakefs.status': 'current',
    ...(status === undefined ? {} : { 'lakefs.consumed_status': status }),
    ...more,
  };
  return {
    info: {
      run_id: `r${n}`,
      experiment_id: '7',
      status: 'FINISHED',
      start_time: n,
      lifecycle_stage: 'active',
    },
    data: { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
    inputs: {
      dataset_inputs: [
        {
          tags: [],
          dataset: { name: 'd', digest: 'x', source_type: 's3', source: '{"uri":"s3://repo/c/gold/train/"}' },
        },
        { tags: [], dataset: { name: 'e', digest: 'y', source_type: 'local', source: '/tmp/x' } },
      ],
    },
  };
}

/** An MLflow with these catalog runs; it notes what it is asked for. */
function setUp(runs: readonly Run[]) {
  const asked: string[] = [];
  const real = createMlflowClients('http://127.0.0.1:9');
  const tagOf = ({ data }: Run, name: string) => data.tags?.find(({ key }) => key === name)?.value;
  const searchRuns: MlflowClients['runs']['searchRuns'] = async (
    ids,
    filter = '',
    _view,
    limit = 1_000,
    order,
  ) => {
    const wanted = /consumed_status` (!?=) 'current'/.exec(filter)?.[1];
    asked.push(`${ids.join()} ${wanted ?? 'any'} ${limit}${order === undefined ? '' : ` ${order.join()}`}`);
    const found = runs.filter((run) => {
      const status = tagOf(run, 'lakefs.consumed_status');
      if (wanted === undefined) return true;
      return status !== undefined && (status === 'current') === (wanted === '=');
    });
    const page = found.slice(0, limit);
    return { runs: page, ...(found.length > limit ? { next_page_token: 'more' } : {}) };
  };
  const runsClient = Object.assign(Object.create(real.runs), { searchRuns });
  return { asked, consumed: createConsumedCommits({ ...real, runs: runsClient }) };
}

test('a few are read by one search, with what a decision needs', async () => {
  const more = { 'lakefs.read.1': 'gold/train/', 'lakefs.read.2': '/', 'lakefs.promoted_to': 'prod' };
  const { asked, consumed } = setUp([catalogRun(1, 'current', more), catalogRun(2, 'superseded')]);
  expect(await consumed.of('7', 100)).toEqual([
    {
      commit: 'c1',
      status: 'current',
      consumedStatus: 'current',
      promotedTo: 'prod',
      readPaths: ['gold/train/', ''],
      changedPaths: ['gold/train/'],
    },
    expect.objectContaining({
      commit: 'c2',
      consumedStatus: 'superseded',
      promotedTo: undefined,
      readPaths: [],
    }),
  ]);
  expect(asked).toEqual(['7 any 100']);
});

test('one of which no status is known yet is left out: whoever marked it judges it', async () => {
  const { consumed } = setUp([catalogRun(1, undefined), catalogRun(2, 'current')]);
  expect((await consumed.of('7', 100)).map(({ commit }) => commit)).toEqual(['c2']);
});

test('of many consumers the current ones and the newest others are read; later checks know that there are many', async () => {
  const runs = Array.from({ length: 150 }, (_, n) => catalogRun(n, n % 2 === 0 ? 'current' : 'reverted'));
  const { asked, consumed } = setUp(runs);
  const first = await consumed.of('7', 20);
  expect(first.filter(({ consumedStatus }) => consumedStatus === 'current')).toHaveLength(75);
  expect(first.filter(({ consumedStatus }) => consumedStatus === 'reverted')).toHaveLength(20);
  const both = ['7 = 500 attributes.start_time ASC', '7 != 20 attributes.start_time DESC'];
  expect(asked[0]).toBe('7 any 100');
  expect(asked.slice(1).sort()).toEqual([...both].sort());
  await consumed.of('7', 20);
  expect(asked.slice(3).sort()).toEqual([...both].sort());
});

test('who ask at the same time share the searches of their catalog, as deep as one of them wants', async () => {
  const runs = Array.from({ length: 150 }, (_, n) => catalogRun(n, 'superseded'));
  const { asked, consumed } = setUp(runs);
  const answers = await Promise.all([
    consumed.of('7', 10),
    consumed.of('7', 10),
    consumed.of('8', 10),
    consumed.of('7', 30),
  ]);
  expect(answers.map((found) => found.length)).toEqual([10, 30, 10, 30]);
  expect(asked.filter((one) => one.includes('!='))).toEqual([
    '7 != 10 attributes.start_time DESC',
    '7 != 30 attributes.start_time DESC',
    '8 != 10 attributes.start_time DESC',
  ]);
});
