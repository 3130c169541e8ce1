/**
 * Names that lie directly in a directory of a commit, by directory; a folder's name ends in a slash. Only directories
 * that were listed are in it.
 */
export type DirectoryListings = ReadonlyMap<string, readonly string[]>;

/** What is known of a commit's tree: what it changed, removed objects too, and what lies around that. */
export interface KnownTree {
  /** Directories of which a name is known, parents before what is in them. */
  readonly directories: readonly string[];
  namesIn(directory: string): ReadonlySet<string>;
}

/** Deeper folders are their dataset's own affair. */
export const maxDepth = 30;

export function knownTree(
  changes: readonly { readonly path: string }[],
  around: DirectoryListings,
): KnownTree {
  const tree = new Map<string, Set<string>>();

  function namesOf(directory: string): { readonly names: Set<string>; readonly isNew: boolean } {
    const known = tree.get(directory);
    if (known !== undefined) return { names: known, isNew: false };
    const names = new Set<string>();
    tree.set(directory, names);
    return { names, isNew: true };
  }

  /** Goes up from an object only to the first folder that is known: what is above that was added with it. */
  function add(path: string): void {
    let rest = cutDepth(path);
    for (;;) {
      const from = rest.lastIndexOf('/', rest.length - 2) + 1;
      const { names, isNew } = namesOf(rest.slice(0, from));
      names.add(rest.slice(from));
      if (!isNew || from === 0) return;
      rest = rest.slice(0, from);
    }
  }

  for (const { path } of changes) if (path !== '') add(path);
  for (const [directory, names] of around) for (const name of names) add(directory + name);
  const directories = [...tree.keys()].sort((a, b) => a.length - b.length);
  return { directories, namesIn: (directory) => tree.get(directory) ?? nothing };
}

const nothing: ReadonlySet<string> = new Set();

/** The path of an object; of one that lies deeper than `maxDepth` that of the folder there. */
export function cutDepth(path: string): string {
  let at = -1;
  for (let depth = 0; depth < maxDepth; depth += 1) {
    const next = path.indexOf('/', at + 1);
    if (next < 0) return path;
    at = next;
  }
  return path.slice(0, at + 1);
}
