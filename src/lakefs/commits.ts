import { segment } from '../http/address.js';
import type { Calls } from './calls.js';
import { isNoMergeBase } from './errors.js';
import { fields, text, toCommit, toDiffEntry } from './guards.js';
import { pages } from './pages.js';
import { branchPath } from './refs.js';
import { repositoryPath } from './repositories.js';
import type { LakefsClient } from './types.js';

type CommitCalls = Pick<LakefsClient, 'getCommit' | 'log' | 'diff' | 'uncommitted' | 'mergeBase'>;

export function commitCalls(calls: Calls): CommitCalls {
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
    diff: (repository, left, right, { type = 'two_dot', prefix, delimiter, limit } = {}) =>
      pages(calls, {
        path: `${repositoryPath(repository)}/refs/${segment(left)}/diff/${segment(right)}`,
        query: { type, prefix, delimiter },
        read: toDiffEntry,
        limit,
      }),
    uncommitted: (repository, branch, { prefix, delimiter, limit } = {}) =>
      pages(calls, {
        path: `${branchPath(repository, branch)}/diff`,
        query: { prefix, delimiter },
        read: toDiffEntry,
        limit,
      }),
    // Only the base is read: lakeFS answers with the ids of source and destination swapped.
    mergeBase: async (repository, source, destination) => {
      try {
        return await calls.json({ method: 'GET', path: mergePath(repository, source, destination) }, (data) =>
          text(fields(data, 'a merge base'), 'base_commit_id', 'a merge base'),
        );
      } catch (error) {
        if (isNoMergeBase(error)) return undefined;
        throw error;
      }
    },
  };
}

/** The path of a merge, and of the base of one. */
export function mergePath(repository: string, source: string, destination: string): string {
  return `${repositoryPath(repository)}/refs/${segment(source)}/merge/${segment(destination)}`;
}
