import type { KnownPlaces } from '../src/facts/commits/history.js';
import type { Head } from './reconcile-heads.js';
import type { Pass } from './reconcile-pass.js';

/**
 * The distinct heads, each with a branch that points there; the default branch first.
 *
 * @param also heads of the first look: no walk leads to one that lies below another of them
 */
export function distinctHeads({ heads, there }: Pass, also: Iterable<string> = []): readonly Head[] {
  const distinct = new Map<string, string>();
  const first = heads.get(there.default_branch);
  if (first !== undefined) distinct.set(first, there.default_branch);
  for (const [branch, head] of heads) if (!distinct.has(head)) distinct.set(head, branch);
  // Their branch may have moved on.
  for (const head of also) if (!distinct.has(head)) distinct.set(head, there.default_branch);
  return [...distinct].map(([head, branch]) => ({ branch, head }));
}

/** At most so many settled heads are asked whether a line of commits meets their history. */
export const maxAnchors = 8;

/**
 * Where a branch may have come from. Where there are more settled heads than are asked, a line that leaves one of the
 * others below the horizon is followed too far: that registers more than it had to, and never less.
 */
export function placesOf(
  { memory, heads, there }: Pass,
  edge: ReadonlySet<string>,
  isEnd: (commit: string) => boolean,
): (branch: string) => KnownPlaces {
  const isAnchor = (commit: string): boolean => isEnd(commit) || commit === memory.anchor;
  const some = [...new Set(heads.values())].filter(isAnchor).slice(0, maxAnchors);
  return (branch) => {
    const cameFrom = memory.places.get(branch);
    const likely = [heads.get(there.default_branch), memory.anchor, cameFrom, ...some];
    const anchors = likely.filter((commit) => commit !== undefined).filter(isAnchor);
    // After a start, with every branch moved on: where the default branch was at the first look.
    const distinct = anchors.length > 0 ? [...new Set(anchors)] : [...edge].slice(0, 1);
    return { anchors: distinct.slice(0, maxAnchors), cameFrom };
  };
}
