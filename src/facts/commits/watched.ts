import { matches } from '../../domain/common/globs.js';
import { isWatchedBranch } from '../../domain/status/watched-branch.js';
import type { InstallationAccess } from '../links/access.js';

/** Costs a request per 1,000 repositories. Throws what the lakeFS client throws. */
export async function watchedRepositories({
  settings,
  lakefs,
}: InstallationAccess): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { id } of lakefs.repositories()) if (matches(settings.repositories, id)) names.push(id);
  return names;
}

export interface WatchedHeads {
  /** The commit that each watched branch points to, by name. */
  readonly watched: ReadonlyMap<string, string>;
  /** False where the default branch is missing. Nobody can delete it, so lakeFS is deleting the repository. */
  readonly whole: boolean;
}

/** Costs a request per 1,000 branches. Hidden branches are not listed. Throws what the lakeFS client throws. */
export async function readWatchedHeads(
  { settings, lakefs }: InstallationAccess,
  repository: string,
  defaultBranch: string,
): Promise<WatchedHeads> {
  const watched = new Map<string, string>();
  let whole = false;
  for await (const { id, commit_id } of lakefs.branches(repository)) {
    whole ||= id === defaultBranch;
    if (isWatchedBranch(settings.branches, id)) watched.set(id, commit_id);
  }
  return { watched, whole };
}
