/**
 * Paths inside a repository: without a leading slash. A path that is empty (the root) or ends in a slash is a directory;
 * all else may be an object or a directory.
 */

/** The path as the directory that it may be; the root stays empty. */
export function asDirectory(path: string): string {
  return path === '' || path.endsWith('/') ? path : `${path}/`;
}

/** The directory that an object lies in; a directory is in itself. */
export function folderOf(object: string): string {
  return object.slice(0, object.lastIndexOf('/') + 1);
}

/** The directory above a directory; of the root the root. */
export function parentDirectory(directory: string): string {
  return joined(directory.split('/').slice(0, -2));
}

/** Every directory above an object, the root first. */
export function directoriesOf(object: string): readonly string[] {
  const segments = object.split('/').slice(0, -1);
  return ['', ...segments.map((_, index) => joined(segments.slice(0, index + 1)))];
}

function joined(segments: readonly string[]): string {
  return segments.length === 0 ? '' : `${segments.join('/')}/`;
}

/** True for the object at `path` and all below it: `gold/train` does not hold `gold/train_v2/x`. The root holds everything. */
export function isUnder(object: string, path: string): boolean {
  return object === path || object.startsWith(asDirectory(path));
}

/** `isUnder` where a closing slash means nothing: `gold/train/` holds `gold/train` too. */
export function isAtOrUnder(path: string, directory: string): boolean {
  return isUnder(path, withoutEndSlashes(directory));
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

/** UTF-16 units; lakeFS takes 1,024 bytes. */
const maxPath = 2_000;

/**
 * The keys that a path may mean, the literal one first. boto3, s3fs and lakeFS take `//`, a leading slash and `%2F` as
 * parts of the key; Hadoop folds slashes before it asks, and lakectl decodes. The text does not tell which program read
 * it, so what lakeFS holds decides: an object or directory of the literal name wins.
 */
export function pathForms(path: string): readonly string[] {
  if (path.length > maxPath || !/%[0-9a-f]{2}|^\/|\/\//i.test(path)) return [path];
  const decoded = decode(path);
  const others = [fold(path), decoded, fold(decoded)].filter((form) => !/(?:^|\/)\.\.?(?:\/|$)/.test(form));
  return [...new Set([path, ...others])];
}

function fold(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/^\//, '');
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * Without the slashes at its end. The regular expression `/\/+$/` would search again from each slash of a long run of
 * them, which takes quadratic time.
 */
export function withoutEndSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/** Without the slashes at either end. */
export function withoutOuterSlashes(text: string): string {
  return withoutEndSlashes(text.replace(/^\/+/, ''));
}
