import type { NewJob } from './types.js';

/** The job that a hook asks for: a commit is new, and nothing is said about who has read it. */
export function registrationOf(event: {
  readonly installation: string;
  readonly repository: string;
  readonly commit: string;
  readonly branch: string;
}): NewJob<'register-commit'> {
  const { installation, repository, commit, branch } = event;
  const payload = { v: 1, installation, repository, commit, branch, news: 'commit' } as const;
  return { name: 'register-commit', payload, cause: 'hook' };
}
