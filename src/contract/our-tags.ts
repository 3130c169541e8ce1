import { readLinksTag } from './links-tag.js';
import { guideTags, ourTag } from './tags.js';

/**
 * Tells which of the guide's tags are ours and therefore no evidence: those that still have the value that we gave
 * them. Where somebody deleted the list that says so, our verdict beside it does: a run that had declared the commit
 * itself would not be called by these words.
 */
export function ourGuideTags(tags: ReadonlyMap<string, string>): (key: string) => boolean {
  const { wrote, ours } = readLinksTag(tags);
  const guide: readonly string[] = guideTags;
  if (ours) {
    const written = new Map(Object.entries(wrote));
    return (key) => written.has(key) && written.get(key) === tags.get(key);
  }
  const decided = ['exact', 'resolved', 'likely'].includes(tags.get(ourTag.evidence) ?? '');
  return (key) => decided && guide.includes(key);
}
