import { readLinksTag } from '../../contract/links-tag.js';
import type { RunView } from '../../contract/run.js';
import { guideTag, guideTags, isInputCount, ourTag, parseCommitKey } from '../../contract/tags.js';
import type { TagPlan } from './tag-plan.js';

/** Of its run's tags a model version gets these, and those that name single commits. */
const copied: readonly string[] = [guideTag.repo, guideTag.commit, ourTag.status, ourTag.because];

/**
 * Plans the tags of a model version from those that its run has after `runPlan`. A guide tag on a version is ours
 * where it equals what we wrote on the run; every other value is the user's, and stays.
 */
export function planModelTags(run: RunView, runPlan: TagPlan, version: ReadonlyMap<string, string>): TagPlan {
  const after = new Map([...run.tags, ...runPlan.set]);
  for (const key of runPlan.remove) after.delete(key);
  const before = readLinksTag(run.tags);
  const wrote = [before.wrote, readLinksTag(after).wrote];
  const linked = readLinksTag(after).ours;

  const isOurs = (key: string, value: string): boolean => {
    const guide = guideTags.find((tag) => tag === key);
    if (guide !== undefined) return wrote.some((entries) => entries[guide] === value);
    return before.ours || linked;
  };
  const wanted = new Map(linked ? [...after].filter(([key]) => isCopied(key)) : []);
  const set = [...wanted].filter(([key, value]) => {
    const there = version.get(key);
    return there === undefined || (there !== value && isOurs(key, there));
  });
  const remove = [...version].filter(
    ([key, value]) => !wanted.has(key) && isCopied(key) && isOurs(key, value),
  );
  return { set: new Map(set), remove: remove.map(([key]) => key).sort() };
}

function isCopied(key: string): boolean {
  return copied.includes(key) || isInputCount(key) || parseCommitKey(key)?.kind === 'input';
}
