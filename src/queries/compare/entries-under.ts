import { asDirectory } from '../../domain/paths/path.js';

/** lakeFS's own action files are no data. */
const actionFiles = '_lakefs_actions/';

/**
 * What of a listing belongs to a path: the directory, or the object of that name; `gold/train_v2/x` is no part of
 * `gold/train`, and is not listed either. The root is everything but lakeFS's own action files.
 *
 * @param list lists what begins with a prefix, by name
 */
export async function* entriesUnder<T extends { readonly path: string }>(
  path: string,
  list: (prefix: string) => AsyncIterable<T>,
): AsyncGenerator<T> {
  if (path === '') {
    for await (const entry of list('')) if (!entry.path.startsWith(actionFiles)) yield entry;
    return;
  }
  yield* list(asDirectory(path));
  if (path.endsWith('/')) return;
  // The object itself sorts before everything that begins with its name.
  for await (const entry of list(path)) {
    if (entry.path === path) yield entry;
    return;
  }
}

/** The name of an object as seen from the path; empty for the object that the path names itself. */
export function nameUnder(object: string, path: string): string {
  const directory = asDirectory(path);
  return object.startsWith(directory) ? object.slice(directory.length) : '';
}
