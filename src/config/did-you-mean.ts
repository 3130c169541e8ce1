import { closestMatch } from 'leven';

/** `; did you mean "x"?` for the candidate that is a few typing errors away, else nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const lower = candidates.map((candidate) => candidate.toLowerCase());
  const maxDistance = Math.max(2, Math.floor(word.length / 4));
  const best = closestMatch(word.toLowerCase(), lower, { maxDistance });
  return best === undefined ? '' : `; did you mean "${candidates[lower.indexOf(best)]}"?`;
}
