import { expect, test } from 'vitest';
import { usualRules } from '../../../../src/domain/references/reference-rules.js';
import { createAncestors } from '../../../../src/facts/runs/ancestors.js';
import { createHeavyRuns } from '../../../../src/facts/runs/known-runs.js';
import { createRunReader } from '../../../../src/facts/runs/run-reader.js';
import { ApiError } from '../../../../src/mlflow/api-error.js';
import type { MlflowClients } from '../../../../src/mlflow/clients.js';
import { createSearchScope } from '../../../../src/mlflow/search-scope.js';
import type { Run } from '../../../../src/mlflow/types.js';
import { commitA, runView } from '../../../support/runs/run-views.js';

const declares = { lakefs_repo: 'repo', lakefs_commit: commitA };

function runOf(id: string, tags: Readonly<Record<string, string>>): Run {
  return {
    info: { run_id: id, experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active' },
    data: { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
  } as unknown as Run;
}

function failure(status: number, error_code: string): ApiError {
  return new ApiError({
    system: 'MLflow',
    method: 'GET',
    url: 'http://mlflow/x',
    status,
    json: { error_code, message: 'no' },
  } as unknown as ConstructorParameters<typeof ApiError>[0]);
}

/** Ancestors over runs of MLflow that count the requests. */
function ancestorsOver(runs: readonly Run[], trouble: Readonly<Record<string, Error>> = {}) {
  let requests = 0;
  let time = 0;
  const find = (id: string): Run | undefined => runs.find(({ info }) => info.run_id === id);
  const mlflow = {
    searchScope: createSearchScope(),
    whenFree: async () => undefined,
    runs: {
      getRun: async (id: string) => {
        requests += 1;
        const run = find(id);
        if (trouble[id] !== undefined) throw trouble[id];
        if (run === undefined) throw failure(404, 'RESOURCE_DOES_NOT_EXIST');
        return run;
      },
      searchRuns: async (_experiments: string[], filter: string) => {
        requests += 1;
        return { runs: [...filter.matchAll(/'([^']+)'/g)].flatMap(([, id = '']) => find(id) ?? []) };
      },
    },
  } as unknown as MlflowClients;
  const training = {
    ...{ id: '1', name: 'training', active: true, catalog: false, ignored: false },
    tags: new Map(),
  };
  const experiments = { all: async () => [training], fresh: async () => [], get: async () => undefined };
  const ancestors = createAncestors(
    createRunReader(
      mlflow,
      experiments,
      createHeavyRuns(() => time),
    ),
    usualRules,
    () => time,
  );
  return {
    ancestors,
    requests: () => requests,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

function childOf(parent: string, id = 'child') {
  return runView({ id, tags: { 'mlflow.parentRunId': parent } });
}

test('a run without a parent asks nobody', async () => {
  const { ancestors, requests } = ancestorsOver([]);
  expect(await ancestors.of(runView())).toEqual({ ancestors: [], unknown: undefined });
  expect(requests()).toBe(0);
});

test('1,000 children of one parent cost one request, again only when it may have declared more', async () => {
  const { ancestors, requests, pass } = ancestorsOver([runOf('p', declares)]);
  const children = Array.from({ length: 1_000 }, (_, n) => childOf('p', `child-${n}`));
  const found = await Promise.all(children.map((child) => ancestors.of(child)));
  expect(found.every(({ ancestors }) => ancestors[0]?.declared.length === 1)).toBe(true);
  expect(requests()).toBe(1);
  pass(60_000);
  await ancestors.of(childOf('p'));
  expect(requests()).toBe(2);
});

test('1,000 parents are read together', async () => {
  const parents = Array.from({ length: 1_000 }, (_, n) => runOf(`p${n}`, declares));
  const { ancestors, requests } = ancestorsOver(parents);
  await Promise.all(parents.map(({ info }) => ancestors.of(childOf(info.run_id))));
  expect(requests()).toBeLessThanOrEqual(11);
});

test('a parent that a sweep holds anyway is not asked for', async () => {
  const { ancestors, requests } = ancestorsOver([]);
  ancestors.remember(runView({ id: 'p', tags: declares }));
  expect((await ancestors.of(childOf('p'))).ancestors).toMatchObject([{ id: 'p', declared: [{}] }]);
  expect(requests()).toBe(0);
});

test('children are examined again when a parent declares something else, and once more after a restart', async () => {
  const { ancestors, pass } = ancestorsOver([runOf('p', {})]);
  const silent = runView({ id: 'p' });
  const speaking = runView({ id: 'p', tags: declares });
  expect(ancestors.remember(speaking)).toBe(false);
  pass(60_000);
  await ancestors.of(childOf('p'));
  expect(ancestors.isParent('p')).toBe(true);
  expect(ancestors.remember(silent)).toBe(false);
  expect(ancestors.remember(speaking)).toBe(true);
  expect((await ancestors.of(childOf('p'))).ancestors[0]?.declared).toHaveLength(1);
  pass(40_000);
  expect(ancestors.remember(speaking)).toBe(true);
  expect(ancestors.remember(speaking)).toBe(false);
});

test('the chain is followed, nearest first, and ends where it bites its tail', async () => {
  const { ancestors } = ancestorsOver([
    runOf('a', { 'mlflow.parentRunId': 'b' }),
    runOf('b', { 'mlflow.parentRunId': 'c' }),
    runOf('c', { 'mlflow.parentRunId': 'a' }),
  ]);
  expect((await ancestors.of(childOf('a'))).ancestors.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect((await ancestors.of(childOf('child'))).ancestors).toEqual([]);
});

test('a chain without end is followed for ten runs', async () => {
  const { ancestors } = ancestorsOver(
    Array.from({ length: 50 }, (_, n) => runOf(`p${n}`, { 'mlflow.parentRunId': `p${n + 1}` })),
  );
  expect((await ancestors.of(childOf('p0'))).ancestors).toHaveLength(10);
});

test.each([
  ['is gone', {}],
  ['may not be read', { p: failure(403, 'PERMISSION_DENIED') }],
])('a parent that %s is unknown, and what is nearer still counts', async (_what, trouble) => {
  const near = runOf('near', { ...declares, 'mlflow.parentRunId': 'p' });
  const { ancestors } = ancestorsOver([near], trouble);
  expect(await ancestors.of(childOf('near'))).toMatchObject({ ancestors: [{ id: 'near' }], unknown: 'p' });
});

test('where MLflow does not answer nothing is said, and it is asked again', async () => {
  const trouble: Record<string, Error> = { p: failure(503, 'TEMPORARILY_UNAVAILABLE') };
  const { ancestors } = ancestorsOver([runOf('p', declares)], trouble);
  await expect(ancestors.of(childOf('p'))).rejects.toThrow();
  delete trouble.p;
  expect((await ancestors.of(childOf('p'))).ancestors).toHaveLength(1);
});
