import type { LakefsClient, LakefsCommit, LakefsRepository } from '../../../lakefs/types.js';

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
  lakefs: LakefsClient,
  repository: LakefsRepository,
  branch: string,
  limit: number,
): Promise<OwnCommits> {
  if (branch === repository.default_branch) return { own: new Set(), base: undefined, cut: false };
  const mine = walk(lakefs, repository.id, branch, limit);
  const others = walk(lakefs, repository.id, repository.default_branch, maxOthers);
  const own: LakefsCommit[] = [];
  let [left, right] = [await mine.next(), await others.next()];
  // A commit's generation is larger than that of every parent: the two meet where they part.
  while (left !== undefined && right !== undefined && left.id !== right.id) {
    if (generation(right) > generation(left)) right = await others.next();
    else {
      own.push(left);
      left = await mine.next();
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

/** The default branch may have gone far since, which says nothing of how much this branch holds. */
const maxOthers = 20_000;

function generation(commit: LakefsCommit): number {
  return commit.generation ?? 0;
}

function walk(lakefs: LakefsClient, repository: string, ref: string, limit: number) {
  const log = lakefs.log(repository, ref, { firstParent: true, limit })[Symbol.asyncIterator]();
  return {
    next: async (): Promise<LakefsCommit | undefined> => {
      const { done, value } = await log.next();
      return done === true ? undefined : value;
    },
  };
}
