import type { Tree } from '../model/tree.js';

export interface ListOptions {
  readonly prefix: string;
  /** Empty lists every path. */
  readonly delimiter: string;
  readonly after: string;
  readonly amount: number;
}

export interface Listed<T> {
  readonly path: string;
  /** Undefined for a common prefix. */
  readonly item: T | undefined;
}

/** One page of sorted items by path, those that share a prefix up to the delimiter folded into one. */
export function listPage<T>(
  items: Iterable<readonly [path: string, item: T]>,
  { prefix, delimiter, after, amount }: ListOptions,
): { readonly page: Listed<T>[]; readonly more: boolean } {
  const page: Listed<T>[] = [];
  let folded: string | undefined;
  for (const [path, item] of items) {
    if (!path.startsWith(prefix)) continue;
    if (folded !== undefined && path.startsWith(folded)) continue;
    const cut = delimiter === '' ? -1 : path.indexOf(delimiter, prefix.length);
    const listed =
      cut < 0 ? { path, item } : { path: path.slice(0, cut + delimiter.length), item: undefined };
    if (cut >= 0) folded = listed.path;
    if (after !== '' && listed.path <= after) continue;
    if (page.length === amount) return { page, more: true };
    page.push(listed);
  }
  return { page, more: false };
}

/** The paths and objects of a tree that may be in the listing, in order; skips by search to the first of them. */
export function* treeItems(tree: Tree, prefix: string) {
  const paths = tree.sortedPaths();
  const entries = tree.entries();
  for (let index = firstAtOrAfter(paths, prefix); index < paths.length; index++) {
    const path = paths[index] ?? '';
    if (!path.startsWith(prefix)) return;
    const entry = entries.get(path);
    if (entry !== undefined) yield [path, entry] as const;
  }
}

function firstAtOrAfter(paths: readonly string[], wanted: string): number {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((paths[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
