/** lakeFS's rule for the name of a repository, as the source of a regular expression. */
export const repositoryNamePattern = '^[a-z0-9][a-z0-9-]{2,62}$';

const repositoryName = new RegExp(repositoryNamePattern);

/** True where lakeFS could have a repository of this name. */
export function isRepositoryName(name: string): boolean {
  return repositoryName.test(name);
}
