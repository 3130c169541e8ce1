import type { KnownTree } from './known-tree.js';
import { isShelf } from './layout-roots.js';
import { continuesYear, isDatedName, isPartition, isYear } from './partition.js';

/**
 * The directory that a person would call the dataset of an object: cut at the first partition-like folder. A year alone
 * is one where a month follows, or where all that lies beside it are years; a word with a date where the folder above
 * may be a dataset.
 */
export function createDatasetDirectory(tree: KnownTree): (path: string) => string {
  const years = new Map<string, boolean>();

  /** Asked for thousands of objects of one directory. */
  function holdsYearsOnly(directory: string): boolean {
    const known = years.get(directory);
    if (known !== undefined) return known;
    const folders = [...tree.namesIn(directory)].filter((name) => name.endsWith('/'));
    const answer = folders.length > 1 && folders.every((name) => isYear(name.slice(0, -1)));
    years.set(directory, answer);
    return answer;
  }

  return (path) => {
    const segments = path.split('/');
    const file = segments.pop() ?? '';
    let above = '';
    for (const [index, segment] of segments.entries()) {
      if (isPartition(segment)) return above;
      if (isYear(segment)) {
        const next = segments[index + 1];
        if (continuesYear(segment, next === undefined ? file : `${next}/`) || holdsYearsOnly(above))
          return above;
      }
      if (above !== '' && isDatedName(segment) && !isShelf(above)) return above;
      above += `${segment}/`;
    }
    return above;
  };
}
