import { matches } from '../common/globs.js';

/**
 * Whether a name fits a pattern: `*` stands for any characters, `?` for one, `#` for one or more digits, everything else
 * for itself.
 */
export function fitsName(pattern: string, name: string): boolean {
  if (!pattern.includes('#')) return matches([pattern], name);
  return matches([pattern], name.replace(/\d+/g, '#'));
}

/** True for a pattern that only the one name fits. */
export function isPlainName(pattern: string): boolean {
  return !/[*?#]/.test(pattern);
}
