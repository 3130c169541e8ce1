import type { Installation } from '../../config/types.js';
import { isWatchedBranch } from '../../domain/status/watched-branch.js';
import type { LakefsFacts } from './lakefs-facts.js';

/** Branches that are asked whether they hold a commit. */
const maxAsked = 20;

/**
 * A watched branch that holds a commit, the default branch first; undefined where none does. It is a label for
 * people, so the search gives up after 20 branches. Throws what the lakeFS client throws.
 */
export async function branchHolding(
  { settings, facts }: { readonly settings: Installation; readonly facts: LakefsFacts },
  repository: string,
  commit: string,
): Promise<string | undefined> {
  const known = await facts.repository(repository);
  if (known === undefined) return undefined;
  const isDefault = (branch: string): boolean => branch === known.default_branch;
  const watched = (await facts.branches(repository)).filter((branch) =>
    isWatchedBranch(settings.branches, branch),
  );
  const ordered = [...watched.filter(isDefault), ...watched.filter((branch) => !isDefault(branch))];
  for (const branch of ordered.slice(0, maxAsked)) {
    if (await facts.contains(repository, branch, commit)) return branch;
  }
  return undefined;
}
