import { withoutEndSlashes } from './slashes.js';
/** Paths inside a repository: without a leading slash; with or without a closing one they name the same directory. */

/** `gold/train` holds itself and what is below `gold/train/`, never `gold/train_v2`; the empty path holds everything. */
export function isAtOrUnder(path: string, directory: string): boolean {
  const plain = withoutEndSlashes(directory);
  return plain === '' || path === plain || path.startsWith(`${plain}/`);
}

/** The narrower of two paths where one holds the other; undefined where they have nothing in common. */
export function narrower(a: string, b: string): string | undefined {
  const [left, right] = [withoutEndSlashes(literalPart(a)), withoutEndSlashes(literalPart(b))];
  if (isAtOrUnder(left, right)) return left;
  return isAtOrUnder(right, left) ? right : undefined;
}

const patternSign = /[*?[{]/;

/** True where Spark, DuckDB and fsspec would read the path as a pattern. An object's key may hold such a sign as well. */
export function isPattern(path: string): boolean {
  return patternSign.test(path);
}

/**
 * The part of a path that is no pattern: what `gold/part-*.csv` matches lies in `gold/`, and what `*.csv` matches in the
 * root, which is ''. A path without a pattern stays as it is.
 */
export function literalPart(path: string): string {
  const at = path.search(patternSign);
  return at < 0 ? path : path.slice(0, path.lastIndexOf('/', at) + 1);
}
