import { expect, test } from 'vitest';
import { usualRules } from '../../../../src/domain/references/reference-rules.js';
import type { ServerFacts } from '../../../../src/facts/links/server.js';
import { createAncestors } from '../../../../src/facts/runs/ancestors.js';
import { createSearchScope } from '../../../../src/mlflow/search-scope.js';
import type { Run } from '../../../../src/mlflow/types.js';
import { changedParents, nestedRuns } from '../../../../workers/sweep/nested-runs.js';
import { commitA, runView } from '../../../support/runs/run-views.js';

const declares = { lakefs_repo: 'repo', lakefs_commit: commitA };

function makeRun(id: string, tags: Readonly<Record<string, string>> = {}): Run {
  return {
    info: { run_id: id, experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active' },
    data: { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
  } as unknown as Run;
}

function childOf(parent: string, id: string): Run {
  return makeRun(id, { 'mlflow.parentRunId': parent });
}

/** Facts over runs that count the searches for children; every run that is asked for by its id says nothing. */
function factsOver(runs: readonly Run[]) {
  const searched: string[] = [];
  const reader = { read: async (id: string) => runs.find(({ info }) => info.run_id === id) };
  const ancestors = createAncestors(reader, usualRules, () => 0);
  const searchRuns = async (_ids: readonly string[], filter: string) => {
    const parent = /'(.*)'/.exec(filter)?.[1] ?? '';
    searched.push(parent);
    return { runs: runs.filter((run) => run.data.tags?.some(({ value }) => value === parent)) };
  };
  const facts = {
    access: { mlflow: { searchScope: createSearchScope(), runs: { searchRuns } } },
    sources: { ancestors },
  };
  return { facts: facts as unknown as ServerFacts, ancestors, searched };
}

async function nestedIn(parents: readonly string[], facts: ServerFacts): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of nestedRuns(parents, ['1'], facts))
    found.push(...page.map(({ info }) => info.run_id));
  return found;
}

test('a page without nested runs asks for none, however much its runs declare', () => {
  const { facts } = factsOver([]);
  expect(changedParents([makeRun('a', declares), makeRun('b')], facts)).toEqual([]);
});

test('a parent on the page of its child is remembered, and its child is not searched for', async () => {
  const { facts, ancestors, searched } = factsOver([]);
  expect(changedParents([makeRun('p', declares), childOf('p', 'c')], facts)).toEqual([]);
  const { ancestors: found } = await ancestors.of(runView({ tags: { 'mlflow.parentRunId': 'p' } }));
  expect(found).toMatchObject([{ id: 'p', declared: [{ name: 'lakefs_commit' }] }]);
  expect(searched).toEqual([]);
});

test('a parent that declares something new has its children searched for, and theirs', async () => {
  const runs = [makeRun('p'), childOf('p', 'c'), childOf('c', 'g'), childOf('p', 'alone')];
  const { facts, ancestors, searched } = factsOver(runs);
  await ancestors.of(runView({ id: 'g', tags: { 'mlflow.parentRunId': 'c' } }));
  expect(changedParents([makeRun('p', declares)], facts)).toEqual(['p']);
  expect(await nestedIn(['p'], facts)).toEqual(['c', 'alone', 'g']);
  expect(searched).toEqual(['p', 'c']);
});

test('runs that are nested in a circle are searched for once', async () => {
  const { facts, ancestors, searched } = factsOver([childOf('b', 'a'), childOf('a', 'b')]);
  await ancestors.of(runView({ id: 'x', tags: { 'mlflow.parentRunId': 'a' } }));
  expect(await nestedIn(['a'], facts)).toEqual(['b', 'a']);
  expect(searched).toEqual(['a', 'b']);
});
