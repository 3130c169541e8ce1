/** The path as the directory that it may be; the root stays empty. */
export function asDirectory(path: string): string {
  return path === '' || path.endsWith('/') ? path : `${path}/`;
}

/** True for the object at `path` and all below it: `gold/train` is not about `gold/train_v2/`. */
export function isUnder(object: string, path: string): boolean {
  return object === path || object.startsWith(asDirectory(path));
}
