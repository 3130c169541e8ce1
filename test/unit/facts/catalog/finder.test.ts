import { expect, test } from 'vitest';
import { createCatalogFinder } from '../../../../src/facts/catalog/finder.js';
import { toFound } from '../../../../src/facts/runs/run-pages.js';
import { createMlflowClients, type MlflowClients } from '../../../../src/mlflow/clients.js';
import type { Run } from '../../../../src/mlflow/types.js';

interface Search {
  readonly experiments: readonly string[];
  readonly filter: string;
  readonly view: string | undefined;
}

function catalogRun(id: string, commit: string, start: number): Run {
  return {
    info: {
      run_id: id,
      experiment_id: '7',
      status: 'FINISHED',
      start_time: start,
      lifecycle_stage: 'active',
    },
    data: { tags: [{ key: 'lakefs_commit', value: commit }] },
  };
}

/** An MLflow that finds these runs, whatever is asked; the first answer waits until others have asked as well. */
function setUp(runs: readonly Run[], next_page_token?: string) {
  const searches: Search[] = [];
  const real = createMlflowClients('http://127.0.0.1:9');
  const searchRuns: MlflowClients['runs']['searchRuns'] = async (experiments, filter = '', view) => {
    searches.push({ experiments, filter, view });
    const one = /lakefs_commit = '(.*)'/.exec(filter)?.[1];
    const found = runs.filter(({ data }) => one === undefined || data.tags?.[0]?.value === one);
    return { runs: found, ...(one === undefined && next_page_token ? { next_page_token } : {}) };
  };
  const runsClient = Object.assign(Object.create(real.runs), { searchRuns });
  return { searches, finder: createCatalogFinder({ ...real, runs: runsClient }) };
}

const minute = 60_000;
const byTag = (commit: string) => `tags.lakefs_commit = '${commit}'`;

test('a commit that is asked for alone is searched by its id, deleted runs included', async () => {
  const { searches, finder } = setUp([catalogRun('r1', 'a', 5)]);
  const found = await finder.find('7', { id: 'a', time: 5 });
  expect(found.map(({ id }) => id)).toEqual(['r1']);
  expect(searches).toEqual([{ experiments: ['7'], filter: byTag('a'), view: 'ALL' }]);
});

test('commits that are asked for together share a search of their time, and each gets its own runs', async () => {
  const runs = [catalogRun('r1', 'a', 5), catalogRun('r2', 'b', 9), catalogRun('r3', 'b', 9)];
  const { searches, finder } = setUp(runs);
  const asked = ['z', 'a', 'b', 'c'].map((id, n) => finder.find('7', { id, time: 5 + 4 * n }));
  const found = await Promise.all(asked);
  expect(found.map((each) => each.map(({ id }) => id))).toEqual([[], ['r1'], ['r2', 'r3'], []]);
  const together = 'attributes.start_time >= 9 AND attributes.start_time <= 17';
  expect(searches.map(({ filter }) => filter)).toEqual([byTag('z'), together]);
  expect(searches[1]?.view).toBe('ALL');
});

test('commits that lie far apart, or in two catalogs, are searched by themselves', async () => {
  const { searches, finder } = setUp([]);
  await Promise.all([
    finder.find('7', { id: 'z', time: 0 }),
    finder.find('7', { id: 'a', time: 0 }),
    finder.find('7', { id: 'b', time: 11 * minute }),
    finder.find('8', { id: 'c', time: 0 }),
  ]);
  expect(searches.map(({ filter }) => filter)).toEqual(['z', 'a', 'b', 'c'].map(byTag));
});

test('where more runs lie in that time than are worth reading, each commit is searched by itself', async () => {
  const { searches, finder } = setUp([catalogRun('r1', 'a', 5)], 'more');
  const asked = ['z', 'a', 'b'].map((id) => finder.find('7', { id, time: 5 }));
  expect((await Promise.all(asked)).map((each) => each.length)).toEqual([0, 1, 0]);
  expect(searches.map(({ filter }) => filter).slice(2)).toEqual([byTag('a'), byTag('b')]);
});

test('runs of other commits that are known are not read again, those that are asked for are', async () => {
  const runs = [catalogRun('r1', 'a', 5), catalogRun('r2', 'b', 5)];
  const { searches, finder } = setUp(runs);
  finder.made(toFound(catalogRun('r3', 'c', 5)));
  finder.made(toFound(catalogRun('r4', 'd', 4_000)));
  finder.made(
    toFound({ ...catalogRun('r5', 'e', 5), info: { ...catalogRun('r5', 'e', 5).info, experiment_id: '8' } }),
  );
  finder.made(toFound(catalogRun('r1', 'a', 5)));
  const asked = ['z', 'a', 'b'].map((id) => finder.find('7', { id, time: 5 }));
  expect((await Promise.all(asked)).map((each) => each.map(({ id }) => id))).toEqual([[], ['r1'], ['r2']]);
  const window = 'attributes.start_time >= 5 AND attributes.start_time <= 5';
  expect(searches[1]?.filter).toBe(`${window} AND attributes.run_id NOT IN ('r3')`);
});

test('of the runs that it made known, the last thousand are remembered', async () => {
  const { searches, finder } = setUp([]);
  for (let n = 0; n < 1_001; n += 1) finder.made(toFound(catalogRun(`r${n}`, `c${n}`, 5)));
  await Promise.all(['z', 'a', 'b'].map((id) => finder.find('7', { id, time: 5 })));
  const left = searches[1]?.filter.split("','") ?? [];
  expect(left).toHaveLength(1_000);
  expect(searches[1]?.filter).not.toContain("'r0'");
});
