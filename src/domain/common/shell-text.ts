/** One word for a POSIX shell, in single quotes where it needs any. */
export function shellText(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
