import { expect, test } from 'vitest';
import { createInstallations } from '../../../../src/config/installations.js';
import type { RunView } from '../../../../src/contract/run.js';
import type { LinkState } from '../../../../src/domain/status/link-state.js';
import type { ServerFacts } from '../../../../src/facts/links/server.js';
import { planLife } from '../../../../workers/register/commit-life.js';
import { runView } from '../../../support/runs/run-views.js';

const key = { installation: 'default', repository: 'images', commit: 'a'.repeat(64) };

/** Where every commit and link has become what `state` says. */
function factsWith(state: LinkState): ServerFacts {
  const states = {
    forgetHeads: () => undefined,
    ofCommit: async () => state,
    promotedTo: async () => undefined,
  };
  return {
    access: { name: 'default', installations: createInstallations([]) },
    statesIn: () => states,
    stateOf: async () => state,
  } as unknown as ServerFacts;
}

/** A run with links to other commits, and so many that did not fit. */
function cutRun(more: number): RunView {
  const link = {
    ...{ installation: 'default', repository: 'images', commit: 'b'.repeat(64), ref: 'b', path: 'gold/' },
    ...{ where: 'input', name: 'd', kind: 'exact', certain: true, flags: [] },
  };
  const tags = {
    'lakefs.status': 'current',
    'lakefs.links': JSON.stringify({ links: [link], wrote: {}, more }),
  };
  return runView({ id: 'reader', tags });
}

async function lookAt(consumer: RunView, catalog: Record<string, string>, state: LinkState) {
  const run = runView({ tags: catalog });
  return planLife(factsWith(state), key, { run, consumers: [consumer], changed: ['gold/'] });
}

const current = { 'lakefs.consumed': 'yes', 'lakefs.status': 'current', 'lakefs.consumed_status': 'current' };
const superseded: LinkState = { status: 'superseded', reason: 'r' };

test('Who read a commit by a link that was cut is decided again once, when the state of the commit changes', async () => {
  const { plan, jobs } = await lookAt(cutRun(7), current, superseded);
  expect(jobs.map(({ payload }) => payload.run)).toEqual(['reader']);
  expect(plan.set.get('lakefs.consumed_status')).toBe('superseded');
  const next = { ...current, ...Object.fromEntries(plan.set) };
  expect((await lookAt(cutRun(7), next, superseded)).jobs).toEqual([]);
});

test.each<readonly [string, RunView, LinkState]>([
  ['nothing changed', cutRun(7), { status: 'current', reason: 'r' }],
  ['the state is not known', cutRun(7), { status: 'unknown', reason: 'r' }],
  ['its list of links is whole', cutRun(0), superseded],
])('No job comes where %s', async (_when, consumer, state) => {
  expect((await lookAt(consumer, current, state)).jobs).toEqual([]);
});
