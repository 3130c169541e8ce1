import { matches } from '../common/globs.js';
import { isAtOrUnder, isPattern } from './path.js';

/** UTF-16 units; lakeFS takes paths of 1,024 bytes. */
const maxPattern = 2_000;

/** Whether an object is among what a path names that may be a pattern (`*.parquet`, `**`, `{a,b}`). */
export type Fit = 'yes' | 'maybe' | 'no';

/**
 * Tells of objects whether a path names them. Spark, DuckDB, fsspec and Hugging Face read patterns in different ways
 * (whether `*` goes beyond a slash, what lies in a directory that matches), so of some it can only be said that they may be
 * among them: never that one is which no program would read.
 */
export function fitOf(path: string): (object: string) => Fit {
  if (!isPattern(path) || path.length > maxPattern)
    return (object) => (isAtOrUnder(object, path) || isAtOrUnder(path, object) ? 'yes' : 'no');
  const pattern = path.replace(/\/$/, '').replace(/[{[][^{}[\]]*[}\]]/g, '*');
  // Where a bracket is in another one, or has no end, all behind it may be meant.
  const open = pattern.search(/[[{]/);
  const widest = open < 0 ? pattern : `${pattern.slice(0, open)}*`;
  // Two stars may stand for no directory at all.
  const patterns = [widest, widest.replaceAll('**/', '')].flatMap((one) => [one, `${one}/*`]);
  const plain = widest === path;
  const depth = path.split('/').length;
  return (object) => {
    if (!matches(patterns, object)) return 'no';
    return plain && (path.includes('**') || object.split('/').length === depth) ? 'yes' : 'maybe';
  };
}
