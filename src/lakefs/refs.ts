import { segment } from '../http/address.js';
import type { Calls } from './calls.js';
import { toRef } from './guards.js';
import { pages } from './pages.js';
import { repositoryPath } from './repositories.js';
import type { LakefsClient } from './types.js';

type RefCalls = Pick<
  LakefsClient,
  'branches' | 'getBranch' | 'createBranch' | 'deleteBranch' | 'tags' | 'getTag' | 'createTag'
>;

/** The path of a branch below `/api/v1`. */
export function branchPath(repository: string, branch: string): string {
  return `${repositoryPath(repository)}/branches/${segment(branch)}`;
}

export function refCalls(calls: Calls): RefCalls {
  return {
    branches: (repository, { prefix, hidden } = {}) =>
      pages(calls, {
        path: `${repositoryPath(repository)}/branches`,
        query: { prefix, show_hidden: hidden },
        read: toRef,
      }),
    getBranch: async (repository, branch) =>
      calls.json({ method: 'GET', path: branchPath(repository, branch) }, toRef),
    // The one answer of the API that is plain text.
    createBranch: async (repository, body) =>
      (await calls.text({ method: 'POST', path: `${repositoryPath(repository)}/branches`, body })).trim(),
    deleteBranch: async (repository, branch) =>
      calls.none({ method: 'DELETE', path: branchPath(repository, branch) }),
    tags: (repository, { prefix } = {}) =>
      pages(calls, { path: `${repositoryPath(repository)}/tags`, query: { prefix }, read: toRef }),
    getTag: async (repository, tag) =>
      calls.json({ method: 'GET', path: `${repositoryPath(repository)}/tags/${segment(tag)}` }, toRef),
    createTag: async (repository, body) =>
      calls.json({ method: 'POST', path: `${repositoryPath(repository)}/tags`, body }, toRef),
  };
}
