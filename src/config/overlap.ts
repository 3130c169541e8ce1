import { matches } from '../domain/globs.js';

/** Whether a value may exist that both lists of patterns keep. Errs on the side of yes. */
export function mayOverlap(a: readonly string[], b: readonly string[]): boolean {
  return positives(a).some((one) =>
    positives(b).some((other) => intersect(one, other) && !excluded(one, a, b) && !excluded(other, a, b)),
  );
}

function positives(globs: readonly string[]): readonly string[] {
  const named = globs.filter((glob) => !glob.startsWith('!'));
  return named.length > 0 ? named : ['*'];
}

/** Whether everything that the pattern names is left out by a `!` pattern of either list. */
function excluded(pattern: string, ...lists: readonly (readonly string[])[]): boolean {
  return (
    lists
      .flat()
      .filter((glob) => glob.startsWith('!'))
      .map((glob) => glob.slice(1))
      // A `?` would take the pattern's own `*` for one character.
      .some((glob) => glob === pattern || (!glob.includes('?') && matches([glob], pattern)))
  );
}

/** Whether two patterns name a value in common. */
function intersect(a: string, b: string): boolean {
  if (a === '' && b === '') return true;
  if (a.startsWith('*')) return intersect(a.slice(1), b) || (b !== '' && intersect(a, b.slice(1)));
  if (b.startsWith('*')) return intersect(b, a);
  if (a === '' || b === '') return false;
  return (a[0] === '?' || b[0] === '?' || a[0] === b[0]) && intersect(a.slice(1), b.slice(1));
}
