const repositoryName = /^[a-z0-9][a-z0-9-]{2,62}$/;
const branchName = /^\w[-\w]*$/;
const tagName = /^[^\s\p{Cc}^:?*[\\/]+$/u;

export function isRepositoryName(name: string): boolean {
  return repositoryName.test(name);
}

export function isBranchName(name: string): boolean {
  return branchName.test(name);
}

export function isTagName(name: string): boolean {
  return tagName.test(name) && name !== '@' && !/\.\.|@\{|\.$|\.lock$/.test(name);
}

/** Go's path.Match for names without a slash: `*`, `?` and `[…]`. */
export function matchesGlob(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's').test(name);
}
