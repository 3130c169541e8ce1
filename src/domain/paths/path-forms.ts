/** UTF-16 units; lakeFS takes 1,024 bytes. */
const maxPath = 2_000;

/**
 * The keys that a path may mean, the one that it is literally first. boto3, s3fs and lakeFS take `//`, a leading slash
 * and `%2F` as parts of the key; Hadoop folds slashes before it asks, and lakectl decodes. The text does not tell
 * which program read it, so what lakeFS holds decides: an object or directory of the literal name wins.
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
