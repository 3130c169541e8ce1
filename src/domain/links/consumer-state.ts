import { flags } from '../../contract/flags.js';
import type { Tags } from '../../contract/links-tag.js';
import { guideTag, ourTag } from '../../contract/tags.js';
import { type CommitKey, linkStatuses } from '../../contract/words.js';
import { becauseText, type LinkState } from '../status/link-state.js';

/**
 * True where a run's tags say what became of its links to one commit. A run that read other commits too may owe its
 * status to those: it has to be decided as a whole, so it agrees only where the status is the same.
 *
 * @param states of the run's links to the commit
 */
export function agreesWith(tags: Tags, states: readonly LinkState[], key: CommitKey): boolean {
  const worst = linkStatuses.find((status) => states.some((state) => state.status === status));
  if (worst === undefined || states.some(({ status }) => status === 'unknown')) return true;
  if (tags.get(ourTag.status) !== worst) return false;
  const { links } = tags.linksTag;
  const own = links.filter((link) => link.commit === key.commit && link.repository === key.repository);
  const flagged = own.filter((link) => link.flags.includes(flags.rewritten)).length;
  if (flagged !== states.filter(({ rewritten }) => rewritten === true).length) return false;
  if (links.some((link) => link.commit !== key.commit || link.repository !== key.repository)) return true;
  const reasons = states.flatMap(({ status, because }) =>
    status === worst && because !== undefined ? [becauseText(because)] : [],
  );
  const said = tags.get(ourTag.because);
  return reasons.length === 0 || (said !== undefined && reasons.includes(said));
}

/**
 * True where a run's list of links was cut and names none of the links to this commit: what became of them cannot be
 * seen in its tags.
 *
 * @param states of the run's links to the commit
 */
export function isBeyondCut(tags: Tags, states: readonly LinkState[]): boolean {
  return states.length === 0 && tags.linksTag.more > 0;
}

/**
 * True where a commit's state is another one than its catalog run says: whoever reads it by a link that was cut is
 * decided anew. Once the catalog run says it, this rests.
 */
export function hasChanged(catalog: ReadonlyMap<string, string>, { status }: LinkState): boolean {
  const before = catalog.get(ourTag.status);
  return before !== undefined && status !== 'unknown' && status !== before;
}

/**
 * True where a run got its `lakefs_branch` from us, or none, before the catalog run of its commit had a label: the two
 * are to be the same.
 *
 * @param branch the label of the catalog run
 */
export function hasOtherLabel(
  tags: Tags,
  branch: string | undefined,
  { repository, commit }: CommitKey,
): boolean {
  const { wrote } = tags.linksTag;
  if (branch === undefined || wrote[guideTag.commit] !== commit || tags.get(guideTag.repo) !== repository)
    return false;
  const said = tags.get(guideTag.branch);
  return said !== branch && said === wrote[guideTag.branch];
}
