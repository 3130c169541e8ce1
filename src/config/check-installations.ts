import { matches } from '../domain/common/globs.js';
import { byMlflowServer } from './installations.js';
import type { Installation } from './types.js';

/** What is wrong between installations that are right one by one. */
export function checkInstallations(installations: readonly Installation[]): string[] {
  const problems = pairs(installations).flatMap(([a, b]) => {
    const found: string[] = [];
    if (a.name === b.name) found.push(`CONFIG has two installations called "${a.name}"`);
    if (a.hookTokens.some((token) => b.hookTokens.includes(token))) {
      found.push(
        `installations "${a.name}" and "${b.name}" have a hook token in common: give each its own, as the token tells whose event it is`,
      );
    }
    return found;
  });
  const sharing = byMlflowServer(installations).flatMap((server) =>
    // Without an address (a command that does not need MLflow) nothing is shared.
    server.installations[0]?.mlflow.trackingUri === '' ? [] : pairs(server.installations),
  );
  for (const [a, b] of sharing) {
    if (mayOverlap(a.repositories, b.repositories) && mayOverlap(a.experiments, b.experiments)) {
      problems.push(
        `installations "${a.name}" and "${b.name}" share an MLflow server and may both watch repositories with the same name: give them "experiments" or "repositories" that do not overlap`,
      );
    }
  }
  return problems;
}

function pairs<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b) => [a, b] as const));
}

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
  // Whether what begins at each place of b has a value in common with the end of a compared before.
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
