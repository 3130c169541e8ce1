import { applyDiff, diffTags, type TagDiff } from '../../contract/diff-tags.js';
import type { RunView } from '../../contract/run.js';
import { guideTag, guideTags, isInputCount, ourTag, parseCommitKey } from '../../contract/tags.js';

/** Of its run's tags a model version gets these, and those that name single commits. */
const copied: readonly string[] = [guideTag.repo, guideTag.commit, ourTag.status, ourTag.because];

/**
 * Plans the tags of a model version from those that its run has after `runPlan`. A guide tag on a version is ours
 * where it equals what we wrote on the run; every other value is the user's, and stays.
 */
export function planModelTags(run: RunView, runPlan: TagDiff, version: ReadonlyMap<string, string>): TagDiff {
  const after = applyDiff(run.tags, runPlan);
  const before = run.tags.linksTag;
  const wrote = [before.wrote, after.linksTag.wrote];
  const linked = after.linksTag.ours;

  const isOurs = (key: string, value: string): boolean => {
    const guide = guideTags.find((tag) => tag === key);
    if (guide !== undefined) return wrote.some((entries) => entries[guide] === value);
    return before.ours || linked;
  };
  const wanted = new Map(linked ? [...after].filter(([key]) => isCopied(key)) : []);
  return diffTags(version, wanted, {
    keeps: (key, value) => !isOurs(key, value),
    mayRemove: (key, value) => isCopied(key) && isOurs(key, value),
  });
}

function isCopied(key: string): boolean {
  return copied.includes(key) || isInputCount(key) || parseCommitKey(key)?.kind === 'input';
}
