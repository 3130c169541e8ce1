import type { Change } from './dataset-places.js';
import type { DirectoryListings } from './known-tree.js';

/**
 * What lies in the directories of a commit, from what lay there at its first parent and what it changed. Directories of
 * which that is unknown are left out: where the last object of a folder may have gone.
 *
 * @param changes all that differ
 */
export function carryListings(before: DirectoryListings, changes: readonly Change[]): DirectoryListings {
  const known = [...before.keys()];
  const touched = new Map<string, Touched>();
  for (const { path, type } of changes) {
    for (const directory of known) {
      if (path.startsWith(directory))
        note(touched, directory, path.slice(directory.length), type === 'removed');
    }
  }
  const after = new Map(before);
  for (const [directory, { there, gone }] of touched) {
    const names = new Set(before.get(directory));
    const lost = [...gone].filter((name) => !there.has(name));
    if (lost.some((name) => name.endsWith('/'))) {
      after.delete(directory);
      continue;
    }
    for (const name of lost) names.delete(name);
    for (const name of there) names.add(name);
    after.set(directory, [...names]);
  }
  return after;
}

interface Touched {
  /** Names that hold an object of the commit. */
  readonly there: Set<string>;
  readonly gone: Set<string>;
}

function note(touched: Map<string, Touched>, directory: string, rest: string, removed: boolean): void {
  const end = rest.indexOf('/') + 1;
  const name = end === 0 ? rest : rest.slice(0, end);
  let entry = touched.get(directory);
  if (entry === undefined) {
    entry = { there: new Set(), gone: new Set() };
    touched.set(directory, entry);
  }
  (removed ? entry.gone : entry.there).add(name);
}
