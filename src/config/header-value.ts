/** Anything else does not survive an HTTP header. */
export function fitsHeader(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

export const headerRule =
  'must consist of printable ASCII characters without spaces: it is sent in an HTTP header';
