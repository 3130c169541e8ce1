import { expect, test } from 'vitest';
import { createInstallations } from '../../../../src/config/installations.js';
import type { Installation } from '../../../../src/config/types.js';
import type { ServerFacts } from '../../../../src/facts/links/server.js';
import { createSearchScope } from '../../../../src/mlflow/search-scope.js';
import type { Run } from '../../../../src/mlflow/types.js';
import { resyncSteps } from '../../../../workers/sweep/resync-steps.js';
import { commitA, link } from '../../../support/runs/run-views.js';

function runOf(id: string, experiment: string, tags: Readonly<Record<string, string>>): Run {
  return {
    info: { run_id: id, experiment_id: experiment, status: 'FINISHED', lifecycle_stage: 'active' },
    data: { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
  } as unknown as Run;
}

/** Two pages of one consumer each, and a commit that knows of so many. */
function factsWith(consumers: string): ServerFacts {
  const { installation, repository, commit } = link();
  const linked = { lakefs_repo: repository, lakefs_commit: commit };
  const entry = runOf('c', '2', {
    'lakefs.kind': 'commit',
    lakefs_repo: repository,
    lakefs_commit: commitA,
    'lakefs.consumed': 'yes',
    'lakefs.consumers': consumers,
  });
  const searchRuns = async (ids: readonly string[], ...rest: readonly unknown[]) => {
    if (ids.includes('2')) return { runs: [entry] };
    return rest[4] === undefined
      ? { runs: [runOf('a', '1', linked)], next_page_token: 't' }
      : { runs: [runOf('b', '1', linked)] };
  };
  const settings = {
    name: installation,
    catalog: 'lakefs',
    repositories: ['*'],
    experiments: ['*'],
    mode: 'write',
  };
  const training = { id: '1', name: 'training', active: true, catalog: false, ignored: false };
  const catalog = { id: '2', name: `lakefs/${repository}`, active: true, catalog: true, ignored: false };
  return {
    access: {
      mlflow: { searchScope: createSearchScope(), runs: { searchRuns } },
      installations: createInstallations([{ settings: settings as unknown as Installation }]),
    },
    experiments: { all: async () => [training, catalog] },
  } as unknown as ServerFacts;
}

/** Reads each page so many times before it goes on; answers with the doubts of all. */
async function doubtsOf(facts: ServerFacts, reads: number): Promise<number> {
  const steps = resyncSteps(facts);
  let doubts = 0;
  for (;;) {
    let page = await steps.read();
    for (let n = 1; n < reads; n += 1) page = await steps.read();
    if (page === undefined) return doubts;
    doubts += page.reduce((sum, step) => sum + step.doubts.length, 0);
    steps.advance();
  }
}

test.each([1, 2])('pages that are read %i times are counted once', async (reads) => {
  expect(await doubtsOf(factsWith('2'), reads)).toBe(0);
  expect(await doubtsOf(factsWith('3'), reads)).toBe(1);
});
