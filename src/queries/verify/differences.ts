import type { TagDiff } from '../../contract/diff-tags.js';
import type { RunView } from '../../contract/run.js';
import { ourTag } from '../../contract/tags.js';
import type { DifferenceCause, TagDifference } from './schema.js';

/** What carrying out a plan would change, by key. */
export function differencesOf({ tags }: RunView, { set, remove }: TagDiff): readonly TagDifference[] {
  return [
    ...[...set].map(([key, should]) => ({ key, there: tags.get(key) ?? null, should })),
    ...remove.map((key) => ({ key, there: tags.get(key) ?? null, should: null })),
  ].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What has most likely brought it about. */
export function causeOf({ tags }: RunView, differences: readonly TagDifference[]): DifferenceCause {
  if (!tags.linksTag.ours) return 'not-tagged';
  const ofLife: readonly string[] = [ourTag.status, ourTag.because];
  return differences.every(
    ({ key, there }) => ofLife.includes(key) && (key !== ourTag.status || there !== null),
  )
    ? 'data-moved-on'
    : 'changed';
}

const corrections: Readonly<Record<DifferenceCause, string>> = {
  'not-tagged':
    'The service has not tagged it yet. Its next sweep will, or for an older run the next full resync (within a day).',
  'data-moved-on':
    'The data has changed since the run was tagged. The service updates the tags when lakeFS sends the event, at the latest with the next full resync (within a day).',
  changed:
    'A tag was edited by hand, or the run now names other data. The service corrects the tags with the next full resync (within a day).',
};

/** What brings a run's tags to what they should be. */
export function correction(cause: DifferenceCause, written: boolean): string {
  return written ? corrections[cause] : 'The installation is in observe mode: the service writes no tags.';
}
