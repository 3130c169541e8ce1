import { didYouMean } from '../../config/did-you-mean.js';
import { type RequirementWord, requirementWords } from './schema.js';

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
