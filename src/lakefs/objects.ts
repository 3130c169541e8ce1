import { segment } from '../http/address.js';
import type { Calls } from './calls.js';
import { toObject } from './guards.js';
import { pages } from './pages.js';
import { branchPath } from './refs.js';
import { repositoryPath } from './repositories.js';
import type { LakefsClient } from './types.js';

type ObjectCalls = Pick<
  LakefsClient,
  'objects' | 'statObject' | 'readObject' | 'uploadObject' | 'deleteObject'
>;

export function objectCalls(calls: Calls): ObjectCalls {
  return {
    objects: (repository, ref, { prefix, delimiter, limit } = {}) =>
      pages(calls, {
        path: `${refObjects(repository, ref)}/ls`,
        query: { prefix, delimiter },
        read: toObject,
        limit,
      }),
    statObject: async (repository, ref, path) =>
      calls.json({ method: 'GET', path: `${refObjects(repository, ref)}/stat`, query: { path } }, toObject),
    readObject: async (repository, ref, path) =>
      calls.buffer({ method: 'GET', path: refObjects(repository, ref), query: { path } }),
    uploadObject: async (repository, branch, path, content, options = {}) =>
      calls.json(
        {
          method: 'POST',
          path: branchObjects(repository, branch),
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
      calls.none({ method: 'DELETE', path: branchObjects(repository, branch), query: { path } }),
  };
}

function refObjects(repository: string, ref: string): string {
  return `${repositoryPath(repository)}/refs/${segment(ref)}/objects`;
}

function branchObjects(repository: string, branch: string): string {
  return `${branchPath(repository, branch)}/objects`;
}
