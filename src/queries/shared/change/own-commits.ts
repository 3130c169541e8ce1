import type { CommitGraph, GraphCommit } from '../../../facts/commits/commit-graph.js';
import type { LakefsRepository } from '../../../lakefs/types.js';

export interface OwnCommits {
  readonly own: ReadonlySet<string>;
  /** The commit that they began from; undefined for the default branch. */
  readonly base: string | undefined;
  /** True where there may be older ones, or even none: they were not read back to where the two part. */
  readonly cut: boolean;
}

/**
 * The commits of a branch alone: those of its first-parent history that the default branch never pointed to. A merge
 * makes a commit on the branch that is merged into, so these stay its own ones after it was merged. The default
 * branch has all of its history, which is not read. Costs a request per 1,000 commits of each of the two, back to
 * where they part.
 *
 * @param limit own commits that are read at most
 */
export async function ownCommits(
  graph: CommitGraph,
  { id: repository, default_branch: defaultBranch }: LakefsRepository,
  branch: string,
  limit: number,
): Promise<OwnCommits> {
  if (branch === defaultBranch) return { own: new Set(), base: undefined, cut: false };
  const nextOwn = await walkBack(graph, repository, branch, limit);
  const nextOther = await walkBack(graph, repository, defaultBranch, maxOthers);
  const own: GraphCommit[] = [];
  let [left, right] = [await nextOwn(), await nextOther()];
  // A commit's generation is larger than that of every parent: the two meet where they part.
  while (left !== undefined && right !== undefined && left.id !== right.id) {
    if ((right.generation ?? 0) > (left.generation ?? 0)) right = await nextOther();
    else {
      own.push(left);
      left = await nextOwn();
    }
  }
  const met = left !== undefined && right !== undefined;
  const oldest = own.at(-1);
  return {
    own: new Set(own.map(({ id }) => id)),
    base: met ? left?.id : oldest?.parents[0],
    // Not to meet at all takes two histories with nothing in common, which end.
    cut: !met && !(left === undefined && oldest !== undefined && oldest.parents.length === 0),
  };
}

/** The default branch may have gone far since, which says nothing of how much this branch has. */
const maxOthers = 20_000;
const page = 1_000;

async function walkBack(graph: CommitGraph, repository: string, ref: string, limit: number) {
  const head = await graph.head(repository, ref, Math.min(limit, page));
  const line = head && graph.line(repository, head.id);
  let taken = 0;
  return async (): Promise<GraphCommit | undefined> => {
    if (taken === limit) return undefined;
    taken += 1;
    return line?.at(taken - 1);
  };
}
