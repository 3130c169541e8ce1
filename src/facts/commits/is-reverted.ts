import { isUndone } from '../../domain/status/link-state.js';
import type { CommitDifference } from './commit-difference.js';

/** What one commit did: the step from `before` to `after`. */
export interface CommitStep {
  readonly before: string;
  readonly after: string;
}

/** So many objects are asked about one by one, where a difference is too long to read. */
const maxSingle = 20;

/**
 * True where at the commit `later` every object under the paths that the step changed is as it was before it. Costs
 * one request where the first of these objects tells that it is not, else the reading of one difference. Where the
 * step changed more than 1,000 objects, all that is under the paths has to be as before.
 */
export async function isStepUndone(
  difference: CommitDifference,
  {
    repository,
    paths,
    step,
    later,
  }: {
    readonly repository: string;
    readonly paths: readonly string[];
    readonly step: CommitStep;
    readonly later: string;
  },
): Promise<boolean> {
  const changed = await difference.objects(repository, step.before, step.after, paths);
  if (changed === undefined) return !(await difference.differs(repository, step.before, later, paths));
  const [first] = changed.keys();
  if (first === undefined) return false;
  if (await difference.differs(repository, step.before, later, [first])) return false;
  if (changed.size === 1) return true;
  const unlikeBefore = await difference.objects(repository, step.before, later, paths);
  if (unlikeBefore !== undefined) return isUndone(changed.keys(), new Set(unlikeBefore.keys()));
  if (changed.size > maxSingle) return false;
  return !(await difference.differs(repository, step.before, later, [...changed.keys()]));
}
