import { readLinksTag } from '../../contract/links-tag.js';
import type { RunView } from '../../contract/run.js';
import { ourTag } from '../../contract/tags.js';
import type { TagPlan } from '../../domain/links/tag-plan.js';
import type { DifferenceCause, TagDifference } from './types.js';

/** What carrying out a plan would change, by key. */
export function differencesOf({ tags }: RunView, { set, remove }: TagPlan): readonly TagDifference[] {
  return [
    ...[...set].map(([key, should]) => ({ key, there: tags.get(key), should })),
    ...remove.map((key) => ({ key, there: tags.get(key), should: undefined })),
  ].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What has most likely brought it about. */
export function causeOf({ tags }: RunView, differences: readonly TagDifference[]): DifferenceCause {
  if (!readLinksTag(tags).ours) return 'not-tagged';
  const ofLife: readonly string[] = [ourTag.status, ourTag.because];
  return differences.every(
    ({ key, there }) => ofLife.includes(key) && (key !== ourTag.status || there !== undefined),
  )
    ? 'data-moved-on'
    : 'changed';
}
