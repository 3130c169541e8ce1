import { segment } from '../http/address.js';
import type { Calls } from './calls.js';
import {
  toActionRun,
  toCommit,
  toConfiguration,
  toDiffEntry,
  toHookRun,
  toMerge,
  toMergeBase,
  toObject,
  toRef,
  toRepository,
  toVersion,
} from './entities.js';
import { isNoMergeBase } from './errors.js';
import { pages } from './pages.js';
import type { LakefsClient } from './types.js';

/** What lakeFS can be asked for, by its own names. */
export function createOperations(calls: Calls): Omit<LakefsClient, 'endpoint'> {
  return {
    ...repositoryOperations(calls),
    ...refOperations(calls),
    ...differenceOperations(calls),
    ...objectOperations(calls),
    ...committingOperations(calls),
    ...actionOperations(calls),
  };
}

function repositoryOperations(calls: Calls) {
  return {
    version: () =>
      calls.json(
        { method: 'GET', path: '/config' },
        (data) => toVersion(toConfiguration(data).version_config).version,
      ),
    repositories: (options) => pages(calls, { path: '/repositories', read: toRepository, ...options }),
    getRepository: async (repository) =>
      calls.json({ method: 'GET', path: repositoryPath(repository) }, toRepository),
    createRepository: (body) => calls.json({ method: 'POST', path: '/repositories', body }, toRepository),
    deleteRepository: async (repository) =>
      calls.none({ method: 'DELETE', path: repositoryPath(repository) }),
  } satisfies Partial<LakefsClient>;
}

function refOperations(calls: Calls) {
  return {
    getCommit: async (repository, ref) =>
      calls.json({ method: 'GET', path: `${repositoryPath(repository)}/commits/${segment(ref)}` }, toCommit),
    log: (repository, ref, { firstParent, limit, stopAt, objects, prefixes } = {}) =>
      pages(calls, {
        path: `${refPath(repository, ref)}/commits`,
        query: { first_parent: firstParent, stop_at: stopAt, objects, prefixes },
        read: toCommit,
        limit,
      }),
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
  } satisfies Partial<LakefsClient>;
}

function differenceOperations(calls: Calls) {
  return {
    diff: (repository, left, right, { type = 'two_dot', prefix, delimiter, limit } = {}) =>
      pages(calls, {
        path: `${refPath(repository, left)}/diff/${segment(right)}`,
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
        const path = mergePath(repository, source, destination);
        return (await calls.json({ method: 'GET', path }, toMergeBase)).base_commit_id;
      } catch (error) {
        if (isNoMergeBase(error)) return undefined;
        throw error;
      }
    },
  } satisfies Partial<LakefsClient>;
}

function objectOperations(calls: Calls) {
  return {
    objects: (repository, ref, { prefix, delimiter, limit } = {}) =>
      pages(calls, {
        path: `${refPath(repository, ref)}/objects/ls`,
        query: { prefix, delimiter },
        read: toObject,
        limit,
      }),
    statObject: async (repository, ref, path) =>
      calls.json(
        { method: 'GET', path: `${refPath(repository, ref)}/objects/stat`, query: { path } },
        toObject,
      ),
    readObject: async (repository, ref, path) =>
      calls.buffer({ method: 'GET', path: `${refPath(repository, ref)}/objects`, query: { path } }),
    uploadObject: async (repository, branch, path, content, options = {}) =>
      calls.json(
        {
          method: 'POST',
          path: `${branchPath(repository, branch)}/objects`,
          query: { path },
          body: typeof content === 'string' ? Buffer.from(content) : content,
          contentType: options.contentType ?? 'application/octet-stream',
          // A second upload of the same bytes changes nothing, unless the first must have been the only one.
          idempotent: options.ifAbsent !== true,
          ...(options.ifAbsent === true && { headers: { 'If-None-Match': '*' } }),
        },
        toObject,
      ),
    // lakeFS answers 204 for an object that is not there, too.
    deleteObject: async (repository, branch, path) =>
      calls.none({ method: 'DELETE', path: `${branchPath(repository, branch)}/objects`, query: { path } }),
  } satisfies Partial<LakefsClient>;
}

function committingOperations(calls: Calls) {
  return {
    commit: async (repository, branch, body) =>
      calls.committing({ method: 'POST', path: `${branchPath(repository, branch)}/commits`, body }, toCommit),
    merge: async (repository, source, destination, body = {}) => {
      const path = mergePath(repository, source, destination);
      return (await calls.committing({ method: 'POST', path, body }, toMerge)).reference;
    },
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
  } satisfies Partial<LakefsClient>;
}

function actionOperations(calls: Calls) {
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
  } satisfies Partial<LakefsClient>;
}

function repositoryPath(repository: string): string {
  return `/repositories/${segment(repository)}`;
}

function branchPath(repository: string, branch: string): string {
  return `${repositoryPath(repository)}/branches/${segment(branch)}`;
}

function refPath(repository: string, ref: string): string {
  return `${repositoryPath(repository)}/refs/${segment(ref)}`;
}

/** Of a merge, and of the base of one. */
function mergePath(repository: string, source: string, destination: string): string {
  return `${refPath(repository, source)}/merge/${segment(destination)}`;
}

function runsPath(repository: string): string {
  return `${repositoryPath(repository)}/actions/runs`;
}
