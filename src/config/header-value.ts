/** Anything else does not survive an HTTP header. */
export function fitsHeader(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

export const headerRule =
  'may contain printable ASCII characters only, and no blanks: it is sent in an HTTP header';
