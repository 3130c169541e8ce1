import type { LakefsCommit } from '../../lakefs/types.js';
import type { CommitDifference } from './commit-difference.js';
import type { History, LineCommit } from './commit-line.js';
import { searchLine } from './line-search.js';

/** The data that is judged. */
export interface JudgedData {
  readonly repository: string;
  readonly commit: LakefsCommit;
  /** Objects, or directories with their slash; '' is everything. */
  readonly paths: readonly string[];
}

/** How the data came to a branch. */
export interface Arrival {
  /** So many steps back on the branch it was there certainly; what lies further back is no news. */
  readonly end: number;
}

/** Steps back on a branch that are taken at most. */
export const maxSteps = 10_000;
/** Commits that are searched for bytes which came without a merge: the newest of them, and then the marked ones. */
const newestLooks = 16;
const markedLooks = 16;
const maxContentSteps = 1_000;

export interface ArrivalSources {
  readonly history: History;
  readonly difference: CommitDifference;
}

/** True where no object under the paths differs. Trees with one id are equal without a request. */
export async function isEqualAt(
  { repository, commit, paths }: JudgedData,
  other: Pick<LineCommit, 'id'> & Partial<Pick<LineCommit, 'metaRange'>>,
  difference: CommitDifference,
): Promise<boolean> {
  if (other.metaRange === commit.meta_range_id) return true;
  return !(await difference.differs(repository, commit.id, other.id, paths));
}

/**
 * How a commit that the branch holds came there: as one of the branch's own, or by a merge. What a branch holds its
 * later commits hold too, so halving is exact. Costs nothing but the log for the former, and up to 2·log2(10,000)
 * requests for the latter.
 */
export async function ancestryArrival(
  data: JudgedData,
  head: string,
  { history }: Pick<ArrivalSources, 'history'>,
): Promise<Arrival> {
  const { repository, commit } = data;
  const line = history.line(repository, head);
  const floor = commit.generation ?? -1;
  let older = 0;
  for (; older < maxSteps; older += 1) {
    const step = await line.at(older);
    if (step === undefined || (step.generation ?? floor + 1) <= floor) {
      if (step?.id === commit.id) return { end: older };
      break;
    }
    if (step.id === commit.id) return { end: older };
  }
  // The branch is longer than what is looked at: all that is looked at came later.
  if (older === maxSteps) return { end: maxSteps + 1 };
  const { count } = await searchLine(
    older,
    async (index) => {
      const step = index < older ? await line.at(index) : undefined;
      return step !== undefined && history.contains(repository, step.id, commit.id);
    },
    0,
  );
  return { end: count };
}

/**
 * How the bytes of a commit that the branch does not hold came there all the same (a squash merge, a cherry-pick, an
 * import, or by hand): the newest commit since their common ancestor, this one included, that has them; undefined
 * where there is none. The branch's head is known not to have them. Looks at the newest 16 trees, then at 16 more
 * commits that lakeFS marks as bringing data from elsewhere, within 1,000 steps; where the path is at the head as it
 * was at the common ancestor, only at the marked ones.
 */
export async function contentArrival(
  data: JudgedData,
  head: string,
  { history, difference }: ArrivalSources,
): Promise<Arrival | undefined> {
  const { repository, commit, paths } = data;
  const line = history.line(repository, head);
  const base = await history.base(repository, commit.id, head);
  // Of a repository that was deleted and made again: the branch never had the data.
  if (base === undefined) return undefined;
  const floor = (await history.line(repository, base).at(0))?.generation ?? -1;
  const quiet = !(await difference.differs(repository, base, head, paths));
  let looks = quiet ? newestLooks : 0;
  let marked = 0;
  let tree: string | undefined;
  for (let index = 0; index < maxContentSteps; index += 1) {
    const step = await line.at(index);
    if (step === undefined || (step.id !== base && (step.generation ?? floor + 1) <= floor)) {
      // The common ancestor was merged in from elsewhere.
      return (await isEqualAt(data, { id: base }, difference)) ? { end: index } : undefined;
    }
    const isNew = step.metaRange !== tree && index > 0;
    tree = step.metaRange;
    const equalTree = step.metaRange === commit.meta_range_id;
    const wanted = isNew && (looks < newestLooks || (step.brought && marked < markedLooks));
    if (wanted && looks < newestLooks) looks += 1;
    else if (wanted) marked += 1;
    if (equalTree || ((wanted || step.id === base) && (await isEqualAt(data, step, difference)))) {
      return { end: index };
    }
    if (step.id === base) return undefined;
  }
  return undefined;
}
