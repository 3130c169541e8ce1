import { segment } from '../http/address.js';
import type { Calls } from './calls.js';
import { toCommit } from './guards.js';
import { pages } from './pages.js';
import { repositoryPath } from './repositories.js';
import type { LakefsClient } from './types.js';

type HistoryCalls = Pick<LakefsClient, 'getCommit' | 'log'>;

export function historyCalls(calls: Calls): HistoryCalls {
  return {
    getCommit: async (repository, ref) =>
      calls.json({ method: 'GET', path: `${repositoryPath(repository)}/commits/${segment(ref)}` }, toCommit),
    log: (repository, ref, { firstParent, limit, stopAt, objects, prefixes } = {}) =>
      pages(calls, {
        path: `${repositoryPath(repository)}/refs/${segment(ref)}/commits`,
        query: { first_parent: firstParent, stop_at: stopAt, objects, prefixes },
        read: toCommit,
        limit,
      }),
  };
}
