import { matches } from '../domain/globs.js';
import type { LakefsClient } from '../lakefs/types.js';

/** Branches that are asked whether they hold a commit. */
const maxAsked = 20;

/**
 * A watched branch that holds a commit: one whose head it is, else the default branch, else the first by name.
 * A label for people, so it gives up after 20 branches. Throws what the lakeFS client throws.
 */
export async function branchThatHolds(
  lakefs: LakefsClient,
  repository: string,
  commit: string,
  options: { defaultBranch: string; watched: readonly string[] },
): Promise<string | undefined> {
  const names: string[] = [];
  for await (const { id, commit_id } of lakefs.branches(repository)) {
    if (!matches(options.watched, id)) continue;
    if (commit_id === commit) return id;
    names.push(id);
    if (names.length === 1_000) break;
  }
  const first = names.filter((name) => name === options.defaultBranch);
  const others = names.filter((name) => name !== options.defaultBranch);
  for (const name of [...first, ...others].slice(0, maxAsked)) {
    if ((await lakefs.mergeBase(repository, commit, name)) === commit) return name;
  }
  return undefined;
}
