import { segment } from '../http/address.js';
import type { Calls } from './calls.js';
import { toActionRun, toHookRun } from './guards.js';
import { pages } from './pages.js';
import { repositoryPath } from './repositories.js';
import type { LakefsClient } from './types.js';

type ActionCalls = Pick<LakefsClient, 'actionRuns' | 'hookRuns' | 'hookOutput'>;

export function actionCalls(calls: Calls): ActionCalls {
  return {
    actionRuns: (repository, { branch, commit } = {}) =>
      pages(calls, { path: runsPath(repository), query: { branch, commit }, read: toActionRun }),
    hookRuns: (repository, runId) =>
      pages(calls, { path: `${runsPath(repository)}/${segment(runId)}/hooks`, read: toHookRun }),
    hookOutput: async (repository, runId, hookRunId) =>
      calls.text({
        method: 'GET',
        path: `${runsPath(repository)}/${segment(runId)}/hooks/${segment(hookRunId)}/output`,
      }),
  };
}

function runsPath(repository: string): string {
  return `${repositoryPath(repository)}/actions/runs`;
}
