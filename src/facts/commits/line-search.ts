import { type Since, searchSince } from '../../domain/status/bisect.js';

/** Carries a search out: `holdsAt` tells whether the condition holds so many steps back. */
export async function searchLine(
  limit: number,
  holdsAt: (index: number) => Promise<boolean>,
  oneByOne?: number,
): Promise<Since> {
  const search = searchSince(limit, oneByOne);
  let step = search.next();
  while (step.done !== true) step = search.next(await holdsAt(step.value));
  return step.value;
}
