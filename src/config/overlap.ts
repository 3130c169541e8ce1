import { matches } from '../domain/common/globs.js';

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

/** Longer patterns are taken to overlap: what is compared grows with the product of their lengths. */
const maxPattern = 1_000;

/** Whether two patterns name a value in common. */
function intersect(a: string, b: string): boolean {
  if (a.length > maxPattern || b.length > maxPattern) return true;
  // Whether what begins at each place of b has a value in common with the end of a that was looked at last.
  let after: readonly boolean[] = ends(b);
  for (let at = a.length - 1; at >= 0; at -= 1) {
    const here: boolean[] = new Array(b.length + 1).fill(false);
    here[b.length] = a[at] === '*' && after[b.length] === true;
    for (let other = b.length - 1; other >= 0; other -= 1) {
      const either = a[at] === '*' || b[other] === '*';
      here[other] = either
        ? after[other] === true || here[other + 1] === true
        : meet(a[at], b[other]) && after[other + 1] === true;
    }
    after = here;
  }
  return after[0] === true;
}

/** By place in a pattern, whether its rest names the empty text. */
function ends(pattern: string): readonly boolean[] {
  const places: boolean[] = new Array(pattern.length + 1).fill(true);
  for (let at = pattern.length - 1; at >= 0; at -= 1) {
    places[at] = pattern[at] === '*' && places[at + 1] === true;
  }
  return places;
}

function meet(a: string | undefined, b: string | undefined): boolean {
  return a === '?' || b === '?' || a === b;
}
