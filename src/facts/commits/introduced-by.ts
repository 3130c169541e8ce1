import type { LakefsCommit } from '../../lakefs/types.js';
import { bisect } from './bisect.js';
import type { CommitDifference } from './commit-difference.js';
import type { CommitGraph, GraphCommit } from './commit-graph.js';

/** The data that is judged. */
export interface JudgedData {
  readonly repository: string;
  readonly commit: LakefsCommit;
  /** Objects, or directories with their slash; '' is everything. */
  readonly paths: readonly string[];
}

/** Steps back on a branch that are taken at most. */
export const maxSteps = 10_000;
/** Commits that are checked for bytes which came without a merge: the newest, and then those that brought data. */
const maxNewest = 16;
const maxBrought = 16;
const maxContentSteps = 1_000;

/** True where no object under the paths differs. Trees with one id are equal without a request. */
export async function isEqualAt(
  { repository, commit, paths }: JudgedData,
  other: Pick<GraphCommit, 'id'> & Partial<Pick<GraphCommit, 'metaRange'>>,
  difference: CommitDifference,
): Promise<boolean> {
  if (other.metaRange === commit.meta_range_id) return true;
  return !(await difference.differs(repository, commit.id, other.id, paths));
}

/**
 * So many steps back on a branch a commit that it contains was certainly there: as one of the branch's own, or brought by
 * a merge. What lies further back came before it. What a branch contains its later commits contain too, so bisecting is
 * exact. Costs nothing but the log for the former, and up to 2·log2(10,000) requests for the latter.
 */
export async function introducedByAncestry(
  { repository, commit }: Pick<JudgedData, 'repository' | 'commit'>,
  head: string,
  graph: CommitGraph,
): Promise<number> {
  const line = graph.line(repository, head);
  const floor = commit.generation ?? -1;
  let older = 0;
  for (; older < maxSteps; older += 1) {
    const step = await line.at(older);
    if (step === undefined || (step.generation ?? floor + 1) <= floor) {
      if (step?.id === commit.id) return older;
      break;
    }
    if (step.id === commit.id) return older;
  }
  // The branch is longer than what is read: all that was read came later.
  if (older === maxSteps) return maxSteps + 1;
  const { count } = await bisect(
    older,
    async (index) => {
      const step = index < older ? await line.at(index) : undefined;
      return step !== undefined && graph.contains(repository, step.id, commit.id);
    },
    0,
  );
  return count;
}

/**
 * The same for the bytes of a commit that the branch does not contain, which came there all the same (by a squash merge,
 * a cherry-pick, an import, or by hand): the place of the newest commit since their common ancestor, this one included,
 * that has them; undefined where there is none. The branch's head is known not to have them. Checks the newest 16 trees,
 * then 16 more commits that brought data from elsewhere, within 1,000 steps; where the path is at the head as it was at
 * the common ancestor, only the latter.
 */
export async function introducedByContent(
  data: JudgedData,
  head: string,
  graph: CommitGraph,
): Promise<number | undefined> {
  const { difference } = graph;
  const { repository, commit, paths } = data;
  const line = graph.line(repository, head);
  const base = await graph.mergeBase(repository, commit.id, head);
  // Of a repository that was deleted and recreated: the branch never had the data.
  if (base === undefined) return undefined;
  const floor = (await graph.commit(repository, base)).generation ?? -1;
  const unchanged = !(await difference.differs(repository, base, head, paths));
  let newest = unchanged ? maxNewest : 0;
  let brought = 0;
  let tree: string | undefined;
  for (let index = 0; index < maxContentSteps; index += 1) {
    const step = await line.at(index);
    if (step === undefined || (step.id !== base && (step.generation ?? floor + 1) <= floor)) {
      // The common ancestor was merged in from elsewhere.
      return (await isEqualAt(data, { id: base }, difference)) ? index : undefined;
    }
    const isNew = step.metaRange !== tree && index > 0;
    tree = step.metaRange;
    const equalTree = step.metaRange === commit.meta_range_id;
    // lakeFS marks what brings data from elsewhere without a second parent: a squash merge, a cherry-pick, an import.
    const brings = step.parents.length === 1 && !step.plain;
    const checked = isNew && (newest < maxNewest || (brings && brought < maxBrought));
    if (checked && newest < maxNewest) newest += 1;
    else if (checked) brought += 1;
    if (equalTree || ((checked || step.id === base) && (await isEqualAt(data, step, difference)))) {
      return index;
    }
    if (step.id === base) return undefined;
  }
  return undefined;
}
