import { withoutEndSlashes } from './slashes.js';
/** Paths inside a repository: without a leading slash; with or without a closing one they name the same directory. */

/** `gold/train` holds itself and what is below `gold/train/`, never `gold/train_v2`; the empty path holds everything. */
export function isAtOrUnder(path: string, directory: string): boolean {
  const plain = withoutEndSlashes(directory);
  return plain === '' || path === plain || path.startsWith(`${plain}/`);
}

/** The narrower of two paths where one holds the other; undefined where they have nothing in common. */
export function narrower(a: string, b: string): string | undefined {
  const [left, right] = [literalPart(a), literalPart(b)];
  if (isAtOrUnder(left, right)) return left;
  return isAtOrUnder(right, left) ? right : undefined;
}

/** Spark and others read patterns: what one matches lies in the directory before its first sign. Without a closing slash. */
export function literalPart(path: string): string {
  const at = path.search(/[*?[{]/);
  const literal = at < 0 ? path : path.slice(0, path.lastIndexOf('/', at) + 1);
  return withoutEndSlashes(literal);
}
