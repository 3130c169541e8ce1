import type { KnownTree } from './known-tree.js';
import { isShelf } from './layout-roots.js';

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

/**
 * Folders that divide a dataset: `key=value`, dates, parts with a number. Each is recognised by its own name, but for a year
 * alone, which may as well be a class or a title.
 */

/** `key=value`; a date or a time, or a word and one; `day_01`; seconds or milliseconds since 1970; `shard-00001`. */
export function isPartition(segment: string): boolean {
  return /^[^=]+=/.test(segment) || partitions.some((pattern) => pattern.test(segment));
}

/** A year and nothing else. */
export function isYear(segment: string): boolean {
  return bareYear.test(segment);
}

/**
 * What stands below a year that is a date: `01/`, `2024-01/`, `2024-01.csv`. A file `01.txt` may be a chapter.
 *
 * @param next the name below, a folder's with its closing slash
 */
function continuesYear(yearSegment: string, next: string): boolean {
  return next.startsWith(yearSegment) ? /^\D?\d/.test(next.slice(4)) : monthFolder.test(next);
}

/** `train-2026-01-01`: a word and a date. The word may be the dataset's name, so what lies beside it counts. */
function isDatedName(segment: string): boolean {
  return datedName.test(segment);
}

const year = '(?:19|20)\\d\\d';
const month = '(?:0?[1-9]|1[0-2])';
const day = '(?:0?[1-9]|[12]\\d|3[01])';
const date = `${year}(?:[-_.]${month}[-_.]${day}|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01]))`;
const time = '(?:[-_.T ]?\\d{2}(?:[-_.:hH]?\\d{2}){0,2}(?:[.,]\\d{1,9})?(?:Z|[+-]\\d{2}:?\\d{2})?)';
/** Words that say no more than that a date or a number follows. */
const dateWord =
  '(?:dt|ds|d|date|day|ts|time|timestamp|snapshot|snap|batch|load|loaded|ingest|ingested|ingestion|export|dump|run|part|partition|p|y|year)';
const unit = '(?:year|month|week|day|hour|min|minute|quarter)';
const part = '(?:shard|part|chunk|block|batch|split|partition|bucket)';

const bareYear = new RegExp(`^${year}$`);
const monthFolder = new RegExp(`^(?:${month}|[Qq][1-4]|[Ww]\\d{1,2}|${unit}[-_]?\\d{1,2})/$`, 'i');
const datedName = new RegExp(`^.{1,200}?[-_=]${date}${time}?$`);

const partitions: readonly RegExp[] = [
  new RegExp(`^${year}[-_.]${month}$`),
  new RegExp(`^${year}[-_.]${month}[-_.]${day}(?:[-_.T ].*)?$`),
  new RegExp(`^${year}(?:0[1-9]|1[0-2])(?:(?:0[1-9]|[12]\\d|3[01])${time}?)?$`),
  new RegExp(`^${year}[-_.]?(?:[Qq][1-4]|[Ww][0-5]\\d)$`),
  new RegExp(`^${dateWord}[-_=]${date}${time}?$`, 'i'),
  new RegExp(`^${dateWord}[-_=]${year}[-_.]?${month}$`, 'i'),
  new RegExp(`^${unit}[-_]?\\d{1,4}$`, 'i'),
  // Seconds or milliseconds since 1970, from 2008 to 2033.
  /^1[2-9]\d{8}(?:\d{3})?$/,
  new RegExp(`^${part}[-_]\\d{1,9}(?:[-_]of[-_]\\d{1,9})?$`, 'i'),
  // Filled up with zeros: a number of a series, where a class or a title would be written without.
  /^0\d{2,11}$/,
];
