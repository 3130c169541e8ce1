import type { Calls } from './calls.js';
import { mergePath } from './commits.js';
import { fields, text, toCommit } from './guards.js';
import { branchPath } from './refs.js';
import type { LakefsClient } from './types.js';

type ChangeCalls = Pick<LakefsClient, 'commit' | 'merge' | 'revert' | 'cherryPick' | 'hardReset'>;

export function changeCalls(calls: Calls): ChangeCalls {
  return {
    commit: async (repository, branch, body) =>
      calls.committing({ method: 'POST', path: `${branchPath(repository, branch)}/commits`, body }, toCommit),
    merge: async (repository, source, destination, body = {}) =>
      calls.committing({ method: 'POST', path: mergePath(repository, source, destination), body }, (data) =>
        text(fields(data, 'a merge'), 'reference', 'a merge'),
      ),
    revert: async (repository, branch, body) =>
      calls.committing(
        { method: 'POST', path: `${branchPath(repository, branch)}/revert`, body },
        () => undefined,
      ),
    cherryPick: async (repository, branch, body) =>
      calls.committing(
        { method: 'POST', path: `${branchPath(repository, branch)}/cherry-pick`, body },
        toCommit,
      ),
    hardReset: async (repository, branch, ref) =>
      calls.none({ method: 'PUT', path: `${branchPath(repository, branch)}/hard_reset`, query: { ref } }),
  };
}
