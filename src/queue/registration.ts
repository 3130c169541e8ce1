import type { JobPayloads, NewJob } from './types.js';

/**
 * The job that a hook asks for: a commit is new, and nothing is said about who has read it. The branch is a label and
 * may be left out.
 */
export function registrationOf({
  installation,
  repository,
  commit,
  branch,
}: {
  readonly installation: string;
  readonly repository: string;
  readonly commit: string;
  readonly branch: string | undefined;
}): NewJob<'register-commit'> {
  const payload: JobPayloads['register-commit'] = {
    ...{ v: 1, installation, repository, commit, news: 'commit' },
    ...(branch !== undefined && { branch }),
  };
  return { name: 'register-commit', payload, cause: 'hook' };
}
