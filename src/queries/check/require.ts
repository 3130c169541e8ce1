import { didYouMean } from '../../config/did-you-mean.js';

/** What can be required of the data of a run. */
export const requirementWords = [
  'known',
  'complete',
  'certain',
  'likely',
  'resolved',
  'exact',
  'declared',
  'current',
  'not-reverted',
  'promoted',
] as const;

export type RequirementWord = (typeof requirementWords)[number];

/** Of what is required where nothing is said. */
export const usualRequirement = 'certain';

export type Requirements =
  | { readonly kind: 'words'; readonly words: readonly RequirementWord[] }
  | { readonly kind: 'none'; readonly problem: string };

/** Reads `exact,promoted,current`; each word counts once. */
export function readRequirements(given: string): Requirements {
  const words = given
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
  const list = requirementWords.join(', ');
  if (words.length === 0) return { kind: 'none', problem: `--require is empty: it takes ${list}` };
  const found: RequirementWord[] = [];
  for (const word of words) {
    const known = requirementWords.find((one) => one === word);
    if (known === undefined) {
      const guess = didYouMean(word, requirementWords);
      return {
        kind: 'none',
        problem: `"${word}" is not a requirement: it takes ${list}${guess}`,
      };
    }
    if (!found.includes(known)) found.push(known);
  }
  return { kind: 'words', words: found };
}
