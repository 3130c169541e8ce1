import { segment } from '../http/address.js';
import type { Calls } from './calls.js';
import { fields, text, toRepository } from './guards.js';
import { pages } from './pages.js';
import type { LakefsClient } from './types.js';

type RepositoryCalls = Pick<
  LakefsClient,
  'version' | 'repositories' | 'getRepository' | 'createRepository' | 'deleteRepository'
>;

/** The path of a repository below `/api/v1`. */
export function repositoryPath(repository: string): string {
  return `/repositories/${segment(repository)}`;
}

export function repositoryCalls(calls: Calls): RepositoryCalls {
  return {
    version: () => calls.json({ method: 'GET', path: '/config' }, toVersion),
    repositories: (options) => pages(calls, { path: '/repositories', read: toRepository, ...options }),
    getRepository: async (repository) =>
      calls.json({ method: 'GET', path: repositoryPath(repository) }, toRepository),
    createRepository: (body) => calls.json({ method: 'POST', path: '/repositories', body }, toRepository),
    deleteRepository: async (repository) =>
      calls.none({ method: 'DELETE', path: repositoryPath(repository) }),
  };
}

function toVersion(data: unknown): string {
  const { version_config } = fields(data, 'the configuration');
  return text(fields(version_config, 'the version'), 'version', 'the version');
}
