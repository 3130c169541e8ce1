import type { Case, Labels, Step } from './vocabulary.js';

/** The steps up to a look, or to the end, and what must hold then. */
export interface Part {
  readonly steps: readonly Step[];
  readonly expect: Labels;
}

export function partsOf({ steps, expect }: Case): readonly Part[] {
  const parts: Part[] = [];
  let taken: Step[] = [];
  for (const step of steps) {
    if (step.do !== 'look') {
      taken.push(step);
      continue;
    }
    parts.push({ steps: taken, expect: step.expect });
    taken = [];
  }
  return [...parts, { steps: taken, expect }];
}
