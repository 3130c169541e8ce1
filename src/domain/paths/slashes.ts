/**
 * Without the slashes at its end. The regular expression `/\/+$/` would look again from each slash of a long run of
 * them, which takes a time that grows with its square.
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
