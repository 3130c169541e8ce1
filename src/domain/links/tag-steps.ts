import type { TagDiff } from '../../contract/diff-tags.js';
import { guideTags, ourTag } from '../../contract/tags.js';

/** A plan as the calls that carry it out, in this order. */
export interface TagSteps {
  readonly removeFirst: readonly string[];
  readonly set: readonly { readonly key: string; readonly value: string }[];
  readonly removeLast: readonly string[];
}

/**
 * The order in which a plan may be carried out. `lakefs.links` says which of the guide's tags are ours, and one that
 * it does not name is the user's declaration. So a guide tag goes before the list forgets it, the list is written
 * before what it names, and goes last of all: whatever a crash leaves behind, none of ours looks like the user's.
 */
export function tagSteps({ set, remove }: TagDiff): TagSteps {
  const isGuide = (key: string): boolean => guideTags.some((tag) => tag === key);
  const isList = (key: string): boolean => key === ourTag.links;
  const pairs = [...set].map(([key, value]) => ({ key, value }));
  return {
    removeFirst: remove.filter(isGuide),
    set: [...pairs.filter(({ key }) => isList(key)), ...pairs.filter(({ key }) => !isList(key))],
    removeLast: [
      ...remove.filter((key) => !isGuide(key) && !isList(key)),
      ...remove.filter((key) => isList(key)),
    ],
  };
}
