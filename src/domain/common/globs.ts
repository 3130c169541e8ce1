/**
 * Whether a list of patterns keeps a value: `*` stands for any characters (also `/`), `?` for one, everything
 * else for itself. A value is kept where at least one pattern names it and no `!` pattern does; where there are
 * only `!` patterns, or none at all, every other value is kept.
 */
export function matches(globs: readonly string[], value: string): boolean {
  let named = false;
  let anyPositive = false;
  for (const glob of globs) {
    if (glob.startsWith('!')) {
      if (matchesGlob(glob.slice(1), value)) return false;
    } else {
      anyPositive = true;
      named ||= matchesGlob(glob, value);
    }
  }
  return named || !anyPositive;
}

/**
 * One pattern without `!`. Walks both texts once and goes back to the last `*` only, so that no value, however
 * it was chosen, makes it slow (a regular expression with several `.*` would be).
 */
function matchesGlob(glob: string, value: string): boolean {
  let g = 0;
  let v = 0;
  let star = -1;
  let resume = 0;
  while (v < value.length) {
    if (glob[g] === '*') {
      star = g;
      g += 1;
      resume = v;
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === value[v])) {
      g += 1;
      v += 1;
    } else if (star >= 0) {
      g = star + 1;
      resume += 1;
      v = resume;
    } else {
      return false;
    }
  }
  while (glob[g] === '*') g += 1;
  return g === glob.length;
}

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
